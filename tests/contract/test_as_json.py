"""News and deliveries survive the way to JSON and back."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from hub.contract import (
    Alarm,
    Answer,
    AttachmentRef,
    Counted,
    IdentityChanged,
    Ignored,
    Linked,
    Opening,
    OutcomeUnknown,
    PairThrottled,
    Person,
    Place,
    Receipt,
    ReceiptState,
    Reply,
    Report,
    Status,
    StatusNews,
    Unreadable,
    Verdict,
)
from tests.contract.as_json import as_json, delivery_of, error_of, news_of

AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
PERSON = Person(("user:ID.1", "phone:628110000001"), {"phone": "628110000001"}, "Warga Rekaan")
PHOTO = AttachmentRef("media:1", "image", "image/jpeg", sha256="00", size=10)


@pytest.mark.parametrize(
    "news",
    [
        Report(key="k", external_id="1", said_at=AT, text="Jalan rusak"),
        Report(
            key="k",
            external_id="1",
            said_at=AT,
            text="",
            person=PERSON,
            place=Place(-6.9, 109.7),
            attachments=(PHOTO, PHOTO),
            joins=True,
            status=Status.CLOSED,
            facts={"a": "b"},
        ),
        StatusNews(
            key="k",
            external_id="1",
            theirs="Selesai",
            status=None,
            at=AT,
            answers=(Answer("7", "Sudah", AT, attachments=(PHOTO,)),),
        ),
        Reply(key="k", external_id="1", said_at=AT, text="Ya", person=PERSON),
        Receipt(
            key="k",
            external_id="1",
            state=ReceiptState.FAILED,
            at=AT,
            error=PairThrottled(code="131056"),
        ),
        IdentityChanged(
            key="k", known_alias="a", new_alias="b", address={}, at=AT, replaces=False
        ),
        Ignored(key="k", reason="a reaction", said_at=AT),
        Unreadable(key="k", reason="no id"),
        Linked(key="k", marker="PKL-2026-000001", refused="di luar wewenang"),
        Counted(key="k", word="prank", day=date(2026, 3, 2), waited=7),
        Alarm(key="k", code="c", text="t", next_step="n"),
    ],
    ids=lambda news: type(news).__name__,
)
def test_news_comes_back_from_json_as_it_was(news: Any) -> None:
    written = json.loads(json.dumps(as_json(news)))
    again = news_of(written)
    assert type(again) is type(news)
    assert as_json(again) == written
    if getattr(news, "error", None) is None:
        assert again == news


def test_what_has_its_default_is_left_out_and_times_end_in_z() -> None:
    wib = timezone(timedelta(hours=7))
    report = Report(
        key="k", external_id="1", said_at=AT.astimezone(wib), text="x", place=Place(words="Pasar")
    )
    assert as_json(report) == {
        "news": "Report",
        "key": "k",
        "external_id": "1",
        "said_at": "2026-03-02T05:30:00Z",
        "text": "x",
        "place": {"words": "Pasar"},
    }


def test_a_default_that_is_written_down_makes_no_difference() -> None:
    written = {"news": "Ignored", "key": "k", "reason": "r", "notice": None, "person": None}
    assert as_json(news_of(written)) == {"news": "Ignored", "key": "k", "reason": "r"}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"news": "Rumour", "key": "k"}, "'Rumour' is none of Report, StatusNews"),
        ({"news": "Ignored", "key": "k", "reason": "r", "resaon": "r"}, "Ignored has no resaon"),
    ],
)
def test_a_slip_in_what_is_expected_is_named(written: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        news_of(written)


def test_a_delivery_finds_its_files_beside_it(tmp_path: Path) -> None:
    written = {
        "parcel_id": "0" * 32,
        "ticket": "PKL-2026-000001",
        "content": {
            "kind": "Opening",
            "title": "Jalan",
            "text": "Jalan rusak",
            "said_at": "2026-03-02T12:30:00+07:00",
            "files": [
                {"file_name": "a.jpg", "media_type": "image/jpeg", "size": 3, "path": "foto.jpg"}
            ],
        },
    }
    content = delivery_of(written, folder=tmp_path).content
    assert isinstance(content, Opening)
    assert content.said_at == AT
    assert content.files[0].path == tmp_path / "foto.jpg"
    assert as_json(content)["files"][0]["path"] == "foto.jpg"


def test_a_failure_has_the_code_of_its_class_unless_another_is_written() -> None:
    doubt = error_of({"class": "OutcomeUnknown", "verdict": "doubt"})
    assert type(doubt) is OutcomeUnknown
    assert (doubt.code, doubt.verdict) == ("outcome_unknown", Verdict.DOUBT)
    assert error_of({"class": "OutcomeUnknown", "code": "http_502"}).code == "http_502"
