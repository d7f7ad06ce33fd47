"""What citizens read."""

from dataclasses import replace
from itertools import product

import pytest

from connectors.whatsapp import Settings, build
from connectors.whatsapp.translate_out import LONGEST_TEXT, compose, cut, fill
from hub.contract import Mapping, Notice, Status
from tests.connectors.whatsapp.given import dictionary, update

EVERY = list(
    product(Status, (None, "Sudah dicek petugas."), (None, "Dinas Contoh"), (True, False))
)


@pytest.mark.parametrize(("status", "note", "agency", "is_first"), EVERY)
def test_every_text_names_the_ticket_and_has_no_gap(
    status: Status, note: str | None, agency: str | None, is_first: bool
) -> None:
    delivery = update(status, note=note, agency=agency, is_first=is_first)
    body = compose(delivery, dictionary())["text"]["body"]
    assert "PKL-2026-000123" in body
    assert "{" not in body
    assert all(line.strip() and not line.rstrip().endswith(":") for line in body.splitlines())
    assert body.startswith("Terima kasih, laporan Anda sudah kami terima") or not is_first
    assert note is None or note in body
    assert len(body) < 400


def test_a_note_too_long_is_cut_on_a_word_and_the_last_line_stays() -> None:
    note = "Petugas menjelaskan panjang lebar. " * 300
    body = compose(update(Status.ANSWERED, note=note), dictionary())["text"]["body"]
    assert LONGEST_TEXT - 40 < len(body) <= LONGEST_TEXT
    assert "…" in body
    assert body.endswith("Bila masih ada yang kurang, balas pesan ini.")


def test_braces_in_a_note_are_the_officers_own_words() -> None:
    body = compose(update(note="kode {ticket} {x} {0}"), dictionary())["text"]["body"]
    assert "Catatan: kode {ticket} {x} {0}" in body


def test_a_template_gets_one_line_per_value_and_none_empty() -> None:
    note = "baris satu\n\n\tbaris     dua " + "x" * 2000
    delivery = update(Status.CLOSED, note=note, conversation_open=False)
    (body,) = compose(delivery, dictionary())["template"]["components"]
    values = [each["text"] for each in body["parameters"]]
    assert values[:2] == ["PKL-2026-000123", "Selesai"]
    assert values[2].startswith("baris satu baris dua x")
    assert len(values[2]) <= 600


def test_the_number_wins_over_the_user_id() -> None:
    assert compose(update(), dictionary())["to"] == "628110001001"
    only = compose(update(recipient={"user_id": "ID.1"}), dictionary())
    assert only["recipient"] == "ID.1"
    assert "to" not in only


def test_the_parcel_is_its_own_marker() -> None:
    assert compose(update(), dictionary())["biz_opaque_callback_data"] == update().parcel_id


@pytest.mark.parametrize("name", sorted(dictionary().notices))
def test_a_notice_is_short_and_asks_for_nothing_private(name: str) -> None:
    delivery = replace(update(), content=Notice(name=name))
    body = compose(delivery, dictionary())["text"]["body"]
    assert 0 < len(body) < 300
    assert "NIK" not in body


def test_a_line_goes_with_its_missing_value() -> None:
    assert fill("a {x}\nb {y} {x}\nc", {"x": "1", "y": ""}) == "a 1\nc"


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [("satu dua", 8, "satu dua"), ("satu dua tiga", 10, "satu dua…"), ("a" * 20, 5, "aaaa…")],
)
def test_cutting_keeps_whole_words_where_it_can(text: str, longest: int, short: str) -> None:
    assert cut(text, longest) == short


def test_a_mapping_with_mistakes_is_refused_with_every_sentence_at_once() -> None:
    tables = {
        "status_out": {"received": {"text": "Halo {nama}", "params": ["umur"]}},
        "notices": {"greeting": {}},
    }
    settings = Settings(
        phone_number_id="1", access_token="contoh", app_secret="contoh", verify_token="contoh"
    )
    with pytest.raises(ValueError, match="needs template") as refused:
        build(settings, Mapping.from_tables("whatsapp", tables))
    said = str(refused.value)
    for mistake in ("'nama'", "'umur'", "needs language", "[first] needs", "[notices.greeting]"):
        assert mistake in said
