"""What comes in: nothing lost in a batch, nothing raised by nonsense."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import (
    Alarm,
    Ignored,
    Place,
    Raw,
    Receipt,
    Report,
    Unreadable,
    UnreadableError,
)
from tests.connectors.whatsapp.given import (
    CITIZEN,
    INBOUND,
    connector,
    message,
    read,
    recorded,
    webhook,
)

BODIES = [json.loads(file.read_bytes()) for file in sorted(INBOUND.glob("*/body.json"))]
NONSENSE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(),
    st.sampled_from(["\x00", "\ud83d", "ID.1", "9" * 400, "1e999"]),
    st.lists(st.just({})),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, below in inner:
        found.append((*path, key))
        if isinstance(below, dict | list):
            found += spots(below, (*path, key))
    return found


def changed(body: Any, spot: tuple[Any, ...], value: Any) -> Any:
    """The body with something else at that place; without it where `value` is DELETED."""
    fresh = json.loads(json.dumps(body))
    holder = fresh
    for key in spot[:-1]:
        holder = holder[key]
    if value is DELETED:
        del holder[spot[-1]]
    else:
        holder[spot[-1]] = value
    return fresh


DELETED = object()


@given(data=st.data())
def test_whatever_stands_where_nothing_is_lost_and_nothing_raises(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(BODIES))
    spot = data.draw(st.sampled_from(spots(body)))
    value = data.draw(st.one_of(st.just(DELETED), NONSENSE))
    news = read(changed(body, spot, value))
    assert news
    assert all(each.key for each in news)
    assert [each.key for each in news] == [each.key for each in read(changed(body, spot, value))]


def test_two_entries_with_three_messages_each_are_six_reports_for_two_numbers() -> None:
    news = read(recorded("batch_two_entries_three_messages"))
    assert [type(each) for each in news] == [Report] * 6
    assert [each.route[-3:] for each in news] == ["112"] * 3 + ["275"] * 3
    assert len({each.key for each in news}) == 6


def test_a_bad_neighbour_costs_the_others_nothing() -> None:
    first, bad, last = read(recorded("bad_neighbour_in_batch"))
    assert isinstance(bad, Unreadable)
    assert (first.text, last.text) == ("jalan bolong depan pos kamling", "rt 3 rw 8 Klego")


def test_the_same_message_has_the_same_key_however_it_comes() -> None:
    keys = {
        read(recorded(f"duplicate_delivery_{which}"))[0].key for which in ("1", "2", "3_in_batch")
    }
    assert len(keys) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"teks"', b"null", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_object_is_told_as_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(connector().read(Raw(key="body", body=body)))


@pytest.mark.parametrize("body", [{}, {"entry": []}, {"entry": "x"}, {"entry": [{"id": "1"}]}])
def test_an_envelope_without_content_is_kept_as_unreadable(body: dict[str, Any]) -> None:
    assert [type(each) for each in read(body)] == [Unreadable]


def test_characters_no_database_takes_are_replaced() -> None:
    (report,) = read(message(type="text", text={"body": "got\x00 mampet \ud83d"}))
    assert report.text == "got\ufffd mampet \ufffd"


def test_the_contact_is_found_by_user_id_before_number_and_never_by_position() -> None:
    contacts = [
        {"wa_id": CITIZEN["phone"], "user_id": "ID.999", "profile": {"name": "Pemilik Lama"}},
        {"wa_id": "628110001777", "user_id": CITIZEN["user_id"], "profile": {"name": "Benar"}},
    ]
    body = message(type="text", text={"body": "a"}, from_user_id=CITIZEN["user_id"])
    body["entry"][0]["changes"][0]["value"]["contacts"] = contacts
    (report,) = read(body)
    assert report.person.name == "Benar"
    assert report.person.aliases == (f"user:{CITIZEN['user_id']}", f"phone:{CITIZEN['phone']}")


def test_a_name_cannot_bring_control_or_direction_characters() -> None:
    body = message(type="text", text={"body": "a"})
    contact = {"wa_id": CITIZEN["phone"], "profile": {"name": "Budi\u202e\n\x07 ../Susanto" * 20}}
    body["entry"][0]["changes"][0]["value"]["contacts"] = [contact]
    (report,) = read(body)
    assert report.person.name.isprintable()
    assert len(report.person.name) <= 80


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("NaN", 1), (91, 0), (0, -181), (10**400, 0), (None, 1)]
)
def test_a_point_outside_the_earth_is_no_place(latitude: Any, longitude: Any) -> None:
    pin = {"latitude": latitude, "longitude": longitude}
    assert isinstance(read(message(type="location", location=pin))[0], Unreadable)


def test_words_of_a_place_stay_where_its_point_is_nonsense() -> None:
    pin = {"latitude": 500, "longitude": 1, "name": "Pasar Pagi"}
    assert read(message(type="location", location=pin))[0].place == Place(words="Pasar Pagi")


def test_zero_zero_is_kept_as_given_and_is_no_point() -> None:
    (report,) = read(recorded("location_zero"))
    assert (report.place.latitude, report.place.longitude) == (0, 0)
    assert not report.place.has_point


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../surat.pdf", "surat.pdf"),
        ("C:\\Users\\x\\surat.pdf", "surat.pdf"),
        ("laporan\u202efdp.exe", "laporanfdp.exe"),
        ("\x1b[2J.pdf", "[2J.pdf"),
        ("...", None),
        ("a" * 500 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_file_name_is_only_ever_a_harmless_label(given_name: str, shown: str | None) -> None:
    document = {"id": "1", "filename": given_name}
    (report,) = read(message(type="document", document=document))
    assert report.attachments[0].file_name == shown


def test_a_hash_is_taken_as_base64_or_hex_and_nonsense_is_none() -> None:
    def hash_of(given_hash: str) -> str | None:
        (report,) = read(message(type="image", image={"id": "1", "sha256": given_hash}))
        digest: str | None = report.attachments[0].sha256
        return digest

    assert hash_of("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") == hash_of(
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
    )
    assert hash_of("4654+8g=") is None
    assert hash_of("bukan hash") is None


def test_an_opaque_word_that_is_no_parcel_of_ours_is_not_taken_for_one() -> None:
    status = {"id": "wamid.1", "status": "sent", "timestamp": "1768744000"}
    words = ["some data", "0123456789ABCDEF0123456789ABCDEF", "0" * 31, 5]
    news = read(webhook(statuses=[status | {"biz_opaque_callback_data": word} for word in words]))
    assert [each.parcel_id for each in news if isinstance(each, Receipt)] == [None] * 4


def test_an_endless_id_is_no_id_and_its_key_stays_short() -> None:
    endless = "x" * 5000
    bodies = [
        message(type="text", text={"body": "a"}, id=endless),
        message(type=endless, id=endless),
        webhook(statuses=[{"id": endless, "status": "sent", "timestamp": "1"}]),
        webhook(statuses=[{"id": "wamid.1", "status": endless, "timestamp": "1"}]),
    ]
    news = [each for body in bodies for each in read(body)]
    assert [type(each) for each in news] == [Unreadable, Ignored, Unreadable, Ignored]
    assert all(len(each.key) <= 300 and len(each.reason) <= 300 for each in news)


def test_errors_beside_a_message_are_about_the_message_and_raise_no_alarm() -> None:
    news = read(recorded("pywa__in__interactive_message_with_err"))
    assert [type(each) for each in news] == [Ignored, Ignored]
    assert isinstance(read(recorded("value_errors_only"))[0], Alarm)


def test_every_notice_that_is_asked_for_stands_in_the_mapping() -> None:
    asked = {
        each.notice for body in BODIES for each in read(body) if isinstance(each, Ignored)
    } - {None}
    notices = connector()._mapping.notices
    assert asked == {"unsupported", "edited", "media_failed"}
    assert asked | {"greeting", "thanks"} <= set(notices)
