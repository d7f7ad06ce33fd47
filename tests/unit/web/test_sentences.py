"""Where to look for a parcel in doubt, and where a report says something is."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.store.desk import ParcelLine, ReportRow
from hub.web.sentences import location, where_to_look
from hub.web.times import Times

NOW = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)
TIMES = Times(ZoneInfo("Asia/Jakarta"), NOW)


def looked_for(**given: Any) -> str:
    row: dict[str, Any] = {"kind": "status", "their_id": None, "in_conversation": False}
    row |= {"said": None}
    parcel = ParcelLine(
        id=1, parcel_id="0123456789abcdef" * 2, marker="0123456789ab", connector="sp4n",
        status=None, state="doubt", asks_person=True, promised_at=NOW, doubt_since=NOW,
        attempts=1, code=None, detail=None, handed_at=None, handed_to=None,
        ticket="PKL-26-000001", title=None, **row | given,
    )  # fmt: skip
    return where_to_look(parcel, "Kanal Contoh", TIMES)


def test_an_opening_is_looked_for_by_the_ticket_that_stands_in_it() -> None:
    assert looked_for(kind="opening") == "Cari nomor tiket PKL-26-000001 di Kanal Contoh"


@pytest.mark.parametrize("kind", ["status", "addition"])
def test_a_follow_up_is_looked_for_by_the_reference_that_ends_it(kind: str) -> None:
    assert looked_for(kind=kind, their_id="9200001") == (
        "Buka laporan 9200001 di Kanal Contoh dan cari tindak lanjut bertanda "
        "“(ref. PKL-26-000001/0123456789ab)”"
    )


def test_a_message_is_looked_for_by_its_time_and_what_the_citizen_wrote_before_it() -> None:
    said = looked_for(in_conversation=True, their_id="wamid.HBgN", said="Lampu\npadam " * 9)

    assert said.startswith(
        "Cari pesan kita sekitar 21 Nov 2026 19.40 WIB dalam percakapan pelapor di Kanal Contoh, "
        "sesudah tulisannya “Lampu padam Lampu"
    )
    assert said.endswith(" Lampu…”")
    assert "wamid" not in said
    assert "0123456789ab" not in said


def test_a_message_to_somebody_who_wrote_nothing_is_looked_for_by_its_time() -> None:
    assert looked_for(kind="notice", in_conversation=True).endswith("pelapor di Kanal Contoh")


@pytest.mark.parametrize(
    ("point", "place", "says"),
    [
        ((None, None), None, None),
        ((None, None), "Alun-alun", "Alun-alun"),
        ((-6.89, 109.67), None, "-6.89, 109.67"),
        ((-6.88861234567, 109.0), "Alun-alun", "Alun-alun (-6.888612, 109)"),
        ((0.0, 0.0), None, None),
    ],
)
def test_a_location_is_told_by_its_words_its_point_or_both(
    point: tuple[float | None, float | None], place: str | None, *, says: str | None
) -> None:
    report = ReportRow(
        id=1, connector="whatsapp", external_id="w", person_id=None, said_at=NOW,
        received_at=NOW, title=None, text="", category=None, latitude=point[0],
        longitude=point[1], place=place, anonymous=False, secret=False, attachments=(),
    )  # fmt: skip

    assert location(report) == says
