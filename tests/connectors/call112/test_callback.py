from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.call112 import Call112, build
from connectors.call112.settings import Settings
from hub.contract import (
    Addition,
    Content,
    Delivery,
    HandsOver,
    Mapping,
    Mode,
    Notice,
    Opening,
    Polls,
    Pushes,
    Status,
    StatusUpdate,
    Unmapped,
    Unsendable,
)

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PHONE = "628110003001"


def delivery(content: Content, **around: Any) -> Delivery:
    given: dict[str, Any] = {
        "parcel_id": "0123456789abcdef0123456789abcdef",
        "ticket": "PKL-2026-000123",
        "external_id": "112-261121-00004",
        "recipient": {"phone": PHONE},
    }
    return Delivery(**(given | around), content=content)


@pytest.fixture
def words(mapping: Mapping) -> Mapping:
    """The words of the repository, with short ones for the telephone."""
    text = "{ticket}: {status}.\nOleh {agency}.\n{note}"
    said = {status.value: {"text": text} for status in Status}
    return Mapping.from_tables("call112", {**mapping.tables, "status_out": said})


@pytest.fixture
def connector(words: Mapping, new_settings: Callable[..., Settings]) -> Call112:
    return build(new_settings(callback=True), words)


def told(connector: Call112, content: Content) -> dict[str, str]:
    return {entry.name: entry.text for entry in connector.slip(delivery(content)).entries}


def test_without_the_list_nothing_goes_to_112(
    mapping: Mapping, new_settings: Callable[..., Settings]
) -> None:
    connector = build(new_settings(), mapping)
    assert connector.traits.mode is Mode.API
    assert not connector.traits.takes_complaints
    assert not isinstance(connector, Pushes)
    assert isinstance(connector, Polls)


def test_with_the_list_a_row_in_a_file_is_all_there_is_to_do(connector: Call112) -> None:
    assert connector.traits.mode is Mode.FILE
    assert connector.traits.done_when_exported
    assert isinstance(connector, HandsOver)


@pytest.mark.parametrize("status", Status)
def test_for_every_status_the_repository_has_something_to_say(
    mapping: Mapping, new_settings: Callable[..., Settings], status: Status
) -> None:
    connector = build(new_settings(callback=True), mapping)
    row = told(connector, StatusUpdate(status=status, at=AT, note="", agency=None))
    assert (row["telepon"], row["status"]) == (PHONE, status.label)
    assert "PKL-2026-000123" in row["sampaikan"]
    assert "{" not in row["sampaikan"]


def test_what_is_said_names_the_agency_and_its_words(connector: Call112) -> None:
    update = StatusUpdate(
        status=Status.VERIFIED, at=AT, note="Lampu diganti.", agency="Dinas Perhubungan"
    )
    row = told(connector, update)
    wanted = "PKL-2026-000123: Terverifikasi. Oleh Dinas Perhubungan. Lampu diganti."
    assert row["sampaikan"] == wanted
    assert row["instansi"] == "Dinas Perhubungan"


def test_a_number_in_an_officers_note_is_not_read_out(connector: Call112) -> None:
    update = StatusUpdate(status=Status.VERIFIED, at=AT, note="Hubungi 081100001234.")
    assert "081100001234" not in told(connector, update)["sampaikan"]


def test_of_what_is_not_known_nothing_is_said(connector: Call112) -> None:
    row = told(connector, StatusUpdate(status=Status.VERIFIED, at=AT, note=" "))
    assert row["sampaikan"] == "PKL-2026-000123: Terverifikasi."


def test_the_slip_names_both_numbers(connector: Call112) -> None:
    slip = connector.slip(delivery(StatusUpdate(status=Status.CLOSED, at=AT)))
    assert "112-261121-00004" in slip.todo
    assert "PKL-2026-000123" in slip.todo
    assert not slip.wants_number


@pytest.mark.parametrize("recipient", [None, {}, {"phone": ""}])
def test_nobody_is_called_back_without_a_number(connector: Call112, recipient: Any) -> None:
    update = StatusUpdate(status=Status.CLOSED, at=AT)
    with pytest.raises(Unsendable, match="tidak ada nomor"):
        connector.slip(delivery(update, recipient=recipient))


@pytest.mark.parametrize(
    "content",
    [
        Opening(title="Lampu", text="Lampu padam", said_at=AT),
        Addition(text="masih padam", said_at=AT),
    ],
)
def test_complaints_and_what_is_added_do_not_go_to_112(
    connector: Call112, content: Content
) -> None:
    with pytest.raises(Unsendable):
        connector.slip(delivery(content))


def test_what_the_mapping_lacks_is_told_before_the_start(
    words: Mapping, new_settings: Callable[..., Settings]
) -> None:
    said = words.tables["status_out"] | {"closed": {}, "received": {"text": "Halo {nama}"}}
    lacking = Mapping.from_tables("call112", {**words.tables, "status_out": said})
    with pytest.raises(ValueError, match="status_out") as caught:
        build(new_settings(callback=True), lacking)
    first, second = str(caught.value).splitlines()
    assert "[status_out.received] menyebut {nama}" in first
    assert "[status_out.closed] belum punya text" in second
    build(new_settings(), lacking)


def test_a_notice_the_mapping_does_not_know_is_no_silent_default(connector: Call112) -> None:
    with pytest.raises(Unmapped):
        connector.slip(delivery(Notice(name="tidak-ada")))


@pytest.mark.parametrize(
    ("typed", "number", "is_odd"),
    [
        (" 112-261121-00004 ", "112-261121-00004", False),
        ("112 - 261121 - 00004", "112-261121-00004", False),
        ("tiket 4", "TIKET4", True),
    ],
)
def test_a_typed_number_is_put_right_and_never_refused(
    connector: Call112, typed: str, number: str, is_odd: bool
) -> None:
    seen = connector.number(typed)
    assert (seen.text, bool(seen.odd)) == (number, is_odd)
