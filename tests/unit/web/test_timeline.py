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
    row |= {"at": at(minutes), "known_at": at(minutes), "note": None, "typed_by": None}
    return HistoryRow(origin=origin, **row | given)


def an_attempt(minutes: int, phase: str, outcome: str | None, **given: Any) -> AttemptRow:
    row: dict[str, Any] = {"number": 1, "code": None, "detail": None, "who": None}
    row |= {"parcel_id": "p", "milliseconds": None}
    return AttemptRow(phase=phase, at=at(minutes), outcome=outcome, **row | given)


def a_parcel(state: str, **given: Any) -> ParcelRow:
    row: dict[str, Any] = {
        "kind": "status", "status": Status.CLOSED, "settled_at": None, "tries": (), "receipts": (),
        "handed_at": None,
    }  # fmt: skip
    return ParcelRow(
        parcel_id="p", marker="p", connector="sp4n", needed=False, state=state,
        promised_at=at(1), due_at=at(1), attempts=1, asks_person=False, doubt_since=None,
        code=None, detail=None, external_id=None, receipt=None, handed_to=None,
        batch_id=None, **row | given,
    )  # fmt: skip


def steps_of(**parts: Any) -> tuple[Step, ...]:
    return a_timeline(**parts).steps


def a_timeline(**parts: Any) -> Timeline:
    empty: dict[str, Any] = {"reports": (), "sources": (), "history": (), "parcels": ()}
    complaint = ComplaintRow(
        id=1, ticket="PKL-26-000001", title="", text="", category=None, latitude=None,
        longitude=None, place=None, anonymous=False, secret=False, said_at=NOW, opened_at=NOW,
        status=Status.RECEIVED, status_at=NOW, status_from="whatsapp", agency=None, routed_by=None,
        updated_at=NOW,
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


def test_a_channel_that_tells_the_second_only_does_not_answer_before_it_was_asked() -> None:
    opened = a_parcel("settled", kind="opening", settled_at=at(5) + timedelta(milliseconds=600))
    told = a_parcel("settled", settled_at=at(5) + timedelta(milliseconds=900))
    known_at = at(5) + timedelta(milliseconds=800)
    verified = a_move(5, "sp4n", before=Status.RECEIVED, known_at=known_at)

    found = steps_of(parcels=(told, opened), history=(verified,))

    assert [step.text for step in found] == [
        "Pembukaan aduan Selesai ke SP4N: sampai",
        "Status: Diterima, dari SP4N",
        "Kabar status Selesai ke SP4N: sampai",
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

    assert (first.text, first.mark) == ("Percobaan 1 di SP4N: gagal, dicoba lagi", "note")
    assert first.detail == "Kanal tidak dapat dihubungi; tidak ada yang terkirim."
    assert (second.text, second.mark) == ("Kabar status Selesai ke SP4N: sampai", "done")


def test_a_doubt_and_the_person_who_settles_it_are_told() -> None:
    tries = (
        an_attempt(3, "ended", "doubt", code="outcome_unknown"),
        an_attempt(8, "person", "not_there", who="rini"),
    )

    found = steps_of(parcels=(a_parcel("waiting", tries=tries),))

    assert [step.mark for step in found] == ["waiting", "doubt", "note"]
    assert found[-1].text == "Ditangani petugas di SP4N oleh rini: tidak ada di sana, dikirim lagi"


def test_news_that_could_not_move_the_complaint_says_why() -> None:
    late = a_move(3, "sp4n", before=Status.RECEIVED, outcome="late")

    [step] = steps_of(parcels=(a_parcel("dropped"),), history=(late,))[-1:]

    assert "lebih lama daripada kabar yang sudah kita tahu" in step.text
    assert step.mark == "note"


def test_an_operators_move_happens_at_the_hub_under_their_name() -> None:
    [step] = steps_of(history=(a_move(1, "operator:rini", before=Status.VERIFIED),))

    assert (step.lane, step.way) == ("Simpul", "at")
    assert step.text == "Status: Diterima, dari petugas rini"


def a_receipt(state: str, minutes: int, code: str | None = None) -> ReceiptRow:
    return ReceiptRow(parcel_id="p", state=state, at=at(minutes), code=code)


def test_merging_and_parting_are_steps_of_the_hub_with_the_other_ticket() -> None:
    by = "operator:rini"
    given = {"before": Status.RECEIVED, "note": "Digabung ke aduan PKL-26-000002."}
    merged = a_move(1, by, outcome="merged", **given)
    parted = a_move(2, by, outcome="parted", **given | {"status": Status.CLOSED})

    found = steps_of(history=(merged, parted))

    assert [(step.lane, step.way, step.text) for step in found] == [
        ("Simpul", "at", "Digabung oleh petugas rini"),
        ("Simpul", "at", "Dipisahkan oleh petugas rini; status menjadi Selesai"),
    ]
    assert found[0].detail == "Digabung ke aduan PKL-26-000002."


def test_receipts_stand_below_their_parcel_in_the_order_of_their_times() -> None:
    # The channel's clock is behind ours, and its receipts come in any order.
    receipts = (a_receipt("read", 9), a_receipt("delivered", 4), a_receipt("sent", 4))
    parcel = a_parcel("settled", settled_at=at(5), receipts=receipts)

    first, second = steps_of(
        parcels=(parcel,), history=(a_move(7, "sp4n", before=Status.RECEIVED),)
    )

    assert first.text == "Kabar status Selesai ke SP4N: sampai"
    assert [receipt.text for receipt in first.receipts] == [
        "Terkirim",
        "Diterima perangkat pelapor",
        "Dibaca pelapor",
    ]
    assert second.receipts == ()


def test_a_receipt_of_a_failure_says_why() -> None:
    failed = a_receipt("failed", 7, code="131026")

    [step] = steps_of(parcels=(a_parcel("abandoned", receipts=(failed,)),))

    [receipt] = step.receipts
    assert (receipt.text, receipt.mark, receipt.detail) == (
        "Gagal sampai",
        "failed",
        "Kode dari kanal: 131026.",
    )


def test_a_channel_without_a_lane_is_called_by_its_title() -> None:
    [step] = steps_of(history=(a_move(1, "laporgub"),))

    assert step.text == "Aduan dibuka: Diterima, dari LAPORGUB"


def test_a_very_long_journey_shows_its_latest_steps_and_counts_the_rest() -> None:
    many = tuple(a_move(minute, "operator:rini") for minute in range(LONGEST_TIMELINE + 5))

    found = a_timeline(history=many)

    assert (len(found.steps), found.hidden) == (LONGEST_TIMELINE, 5)
    assert found.steps[-1].at == at(LONGEST_TIMELINE + 4)


def test_a_parcel_to_be_copied_waits_since_it_was_laid_out() -> None:
    tries = (an_attempt(3, "handed", "laid_out"), an_attempt(7, "person", "taken", who="rini"))
    found = steps_of(parcels=(a_parcel("handed", handed_at=at(3), tries=tries),))

    assert [(step.at, step.mark, step.text) for step in found] == [
        (at(3), "waiting", "Kabar status Selesai ke SP4N: menunggu disalin"),
        (at(7), "note", "Ditangani petugas di SP4N oleh rini: mulai dikerjakan"),
    ]


def test_what_an_operator_read_at_a_channel_says_who_typed_it() -> None:
    found = steps_of(
        reports=(a_report(0),),
        history=(a_move(1, "whatsapp", before=Status.RECEIVED, typed_by="rini"),),
    )

    assert found[1].text == "Status: Diterima, dari WHATSAPP, dicatat oleh rini"
