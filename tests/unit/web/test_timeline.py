"""The picture of a journey."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hub.domain.status import Status
from hub.store.desk import (
    AttemptRow,
    ComplaintRow,
    HistoryRow,
    Journey,
    ParcelRow,
    ReceiptRow,
    ReportRow,
)
from hub.web.timeline import LONGEST_TIMELINE, Step, Timeline, timeline

NOW = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def a_report(minutes: int = 0) -> ReportRow:
    return ReportRow(
        id=1, connector="whatsapp", external_id="w", person_id=None, said_at=at(minutes),
        received_at=at(minutes), title=None, text="Lampu padam.", category=None, latitude=None,
        longitude=None, place=None, anonymous=False, secret=False, attachments=(),
    )  # fmt: skip


def a_move(minutes: int, origin: str, **given: Any) -> HistoryRow:
    row: dict[str, Any] = {"before": None, "status": Status.RECEIVED, "outcome": "moved"}
    return HistoryRow(
        at=at(minutes), known_at=at(minutes), origin=origin, note=None, **row | given
    )


def an_attempt(minutes: int, phase: str, outcome: str | None, **given: Any) -> AttemptRow:
    row: dict[str, Any] = {"number": 1, "code": None, "detail": None, "who": None}
    row |= {"parcel_id": "p", "milliseconds": None}
    return AttemptRow(phase=phase, at=at(minutes), outcome=outcome, **row | given)


def a_parcel(state: str, **given: Any) -> ParcelRow:
    row: dict[str, Any] = {
        "kind": "status", "status": Status.CLOSED, "settled_at": None, "tries": (), "receipts": (),
    }  # fmt: skip
    return ParcelRow(
        parcel_id="p", marker="p", connector="sp4n", needed=False, state=state,
        promised_at=at(1), due_at=at(1), attempts=1, asks_person=False, doubt_since=None,
        code=None, detail=None, external_id=None, receipt=None, **row | given,
    )  # fmt: skip


def steps_of(**parts: Any) -> tuple[Step, ...]:
    return a_timeline(**parts).steps


def a_timeline(**parts: Any) -> Timeline:
    empty: dict[str, Any] = {"reports": (), "sources": (), "history": (), "parcels": ()}
    complaint = ComplaintRow(
        id=1, ticket="PKL-26-000001", title="", text="", category=None, latitude=None,
        longitude=None, place=None, anonymous=False, secret=False, said_at=NOW, opened_at=NOW,
        status=Status.RECEIVED, status_at=NOW, status_from="whatsapp", agency=None, updated_at=NOW,
    )  # fmt: skip
    return timeline(Journey(complaint=complaint, **empty | parts), str.upper)


def test_steps_stand_in_the_order_they_happened_whatever_brought_them() -> None:
    found = steps_of(
        reports=(a_report(0),),
        history=(a_move(1, "whatsapp"), a_move(9, "sp4n", before=Status.RECEIVED)),
        parcels=(a_parcel("settled", settled_at=at(5)),),
    )

    assert [(step.lane, step.way) for step in found] == [
        ("whatsapp", "in"),
        ("Simpul", "at"),
        ("sp4n", "out"),
        ("sp4n", "in"),
    ]


def test_the_hub_has_the_first_lane_and_every_channel_one_more() -> None:
    found = a_timeline(reports=(a_report(),), parcels=(a_parcel("waiting"), a_parcel("doubt")))

    assert found.lanes == ("Simpul", "whatsapp", "sp4n")
    assert [found.x(lane) for lane in found.lanes] == ["16.67%", "50.00%", "83.33%"]


def test_a_settled_parcel_tells_its_failed_attempts_and_not_its_beginnings() -> None:
    tries = (
        an_attempt(2, "began", None),
        an_attempt(3, "ended", "retry", code="unreachable"),
        an_attempt(4, "began", None, number=2),
        an_attempt(5, "ended", "settled", number=2),
    )

    first, second = steps_of(parcels=(a_parcel("settled", settled_at=at(5), tries=tries),))

    assert first.text == "Percobaan 1 di SP4N: gagal, dicoba lagi"
    assert first.detail == "Kanal tidak dapat dihubungi; tidak ada yang terkirim."
    assert (second.text, second.mark) == ("Kabar status Selesai ke SP4N: sampai", "done")


def test_a_doubt_and_the_person_who_settles_it_are_told() -> None:
    tries = (
        an_attempt(3, "ended", "doubt", code="outcome_unknown"),
        an_attempt(8, "person", "not_there", who="rini"),
    )

    found = steps_of(parcels=(a_parcel("waiting", tries=tries),))

    assert [step.mark for step in found] == ["waiting", "doubt", "note"]
    assert (
        found[-1].text == "Diputuskan petugas di SP4N oleh rini: tidak ada di sana, dikirim lagi"
    )


def test_news_that_could_not_move_the_complaint_says_why() -> None:
    late = a_move(3, "sp4n", before=Status.RECEIVED, outcome="late")

    [step] = steps_of(parcels=(a_parcel("dropped"),), history=(late,))[-1:]

    assert "lebih lama daripada kabar yang sudah kita tahu" in step.text
    assert step.mark == "note"


def test_an_operators_move_happens_at_the_hub_under_their_name() -> None:
    [step] = steps_of(history=(a_move(1, "operator:rini", before=Status.VERIFIED),))

    assert (step.lane, step.way) == ("Simpul", "at")
    assert step.text == "Status: Diterima, dari petugas rini"


def test_receipts_are_told_in_the_channels_lane() -> None:
    receipt = ReceiptRow(parcel_id="p", state="failed", at=at(7), code="131026")

    [_, step] = steps_of(parcels=(a_parcel("settled", settled_at=at(5), receipts=(receipt,)),))

    assert (step.text, step.mark, step.detail) == (
        "Gagal sampai",
        "failed",
        "Kode dari kanal: 131026.",
    )


def test_a_very_long_journey_shows_its_latest_steps_and_counts_the_rest() -> None:
    many = tuple(a_move(minute, "operator:rini") for minute in range(LONGEST_TIMELINE + 5))

    found = a_timeline(history=many)

    assert (len(found.steps), found.hidden) == (LONGEST_TIMELINE, 5)
    assert found.steps[-1].at == at(LONGEST_TIMELINE + 4)
