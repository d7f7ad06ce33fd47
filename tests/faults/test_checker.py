"""Each promise, broken on an invented day: the checker says which, and is silent where nothing is wrong."""

from datetime import UTC, datetime, timedelta

from tests.faults.day_book import (
    ANSWER,
    ANSWERED,
    CLOSED,
    END,
    NUMBER,
    OPENING,
    RECEIVED,
    TICKET,
    WORKING,
    DayBook,
    a_good_day,
    decided,
    parcel,
    source,
)
from tests.faults.simulated.checker import check
from tests.faults.simulated.rules import holds
from tests.faults.simulated.ties import Change, Ties
from tests.faults.simulated.verdict import Kind

AT = datetime(2026, 1, 19, 1, tzinfo=UTC)


def kinds(book: DayBook) -> set[Kind]:
    return set(check(book.seen()).kinds)


def complains(book: DayBook) -> str:
    return "\n".join(map(str, check(book.seen()).verdicts))


def test_a_day_without_a_mistake_has_no_verdict() -> None:
    assert complains(a_good_day()) == ""


def test_what_a_citizen_said_and_no_complaint_holds_is_lost() -> None:
    book = a_good_day()
    book.happened(
        70, "whatsapp", "said", conversation="6281100001002", message="wamid.x99", complaint="got"
    )
    assert kinds(book) == {Kind.LOST}


def test_what_the_counter_was_told_is_kept_and_is_not_is_lost() -> None:
    book = a_good_day()
    book.happened(5, "operator", "open", text="Got mampet", answered=201)
    assert kinds(book) == {Kind.LOST}


def test_a_complaint_that_was_never_filed_where_its_route_says_is_lost() -> None:
    book = a_good_day()
    book.complaints[0]["parcels"][0]["state"] = "dropped"
    book.forget("filed")
    assert "never filed at sp4n" in complains(book)


def test_an_opening_that_is_settled_but_not_there_is_lost() -> None:
    book = a_good_day()
    book.forget("filed")
    assert "is settled for sp4n, but is not there" in complains(book)


def test_an_opening_in_doubt_that_a_card_shows_is_held_and_not_lost() -> None:
    book = a_good_day()
    opening = book.parcel(OPENING)
    opening["state"] = "doubt"
    opening["tries"].append({"phase": "readback", "outcome": "unclear", "detail": "no list"})
    for kind in ("filed", "moved", "wrote"):
        book.forget(kind)
    book.forget("told", marker=ANSWER)
    book.forget("told", marker=END)
    complaint = book.complaints[0]
    complaint |= {"status": "received", "in_step": False}
    complaint["sources"][1] |= {"external_id": None, "in_step": False, "their_status": None}
    complaint["parcels"] = complaint["parcels"][:2]
    book.card(parcel_id=OPENING, ticket=TICKET)
    checked = check(book.seen())
    assert not checked.verdicts
    assert checked.counts["doubts held for a person"] == 1


def test_a_doubt_without_a_card_is_stuck() -> None:
    book = a_good_day()
    book.parcel(OPENING)["state"] = "doubt"
    assert Kind.STUCK in kinds(book)


def test_a_parcel_that_still_waits_is_stuck() -> None:
    book = a_good_day()
    book.parcel(END)["state"] = "leased"
    assert Kind.STUCK in kinds(book)


def test_a_complaint_out_of_step_without_a_card_is_stuck() -> None:
    book = a_good_day()
    book.complaints[0]["in_step"] = False
    assert kinds(book) == {Kind.STUCK}
    book.card(ticket=TICKET, kind="conflict")
    assert kinds(book) == set()


def test_words_of_an_officer_that_no_citizen_read_are_lost() -> None:
    book = a_good_day()
    book.forget("told", marker=ANSWER)
    book.told(33, ANSWERED, ANSWER)
    assert "«catatan sp-1», written at sp4n 9200000, never reached" in complains(book)


def test_a_citizen_whose_last_news_is_not_the_last_decision_has_lost_it() -> None:
    book = a_good_day()
    book.forget("told", marker=END)
    assert "read «answered» last, decided last was «closed»" in complains(book)


def test_the_same_report_filed_twice_is_doubled() -> None:
    book = a_good_day()
    book.again("filed")
    assert kinds(book) == {Kind.DOUBLED}


def test_a_report_filed_twice_because_a_person_said_so_is_counted_apart() -> None:
    book = a_good_day()
    book.again("filed")
    book.parcel(OPENING)["tries"].append({"phase": "person", "outcome": "not_there"})
    checked = check(book.seen())
    assert not checked.verdicts
    assert checked.counts["doubled on a person's order"] == 1


def test_a_third_time_was_not_ordered() -> None:
    book = a_good_day()
    book.again("filed")
    book.again("filed")
    book.parcel(OPENING)["tries"].append({"phase": "person", "outcome": "not_there"})
    assert kinds(book) == {Kind.DOUBLED}


def test_a_message_under_the_same_mark_is_doubled() -> None:
    book = a_good_day()
    book.again("told", marker=END)
    assert kinds(book) == {Kind.DOUBLED}


def test_the_same_words_under_another_mark_are_told_twice() -> None:
    book = a_good_day()
    book.complaints[0]["parcels"].append(
        parcel("e" * 32, "whatsapp", "status", minute=64, status="closed")
    )
    book.told(64, CLOSED, "e" * 32)
    assert kinds(book) == {Kind.TOLD_TWICE}


def test_the_same_act_told_under_two_statuses_is_told_twice() -> None:
    book = a_good_day()
    book.forget("told", marker=END)
    book.told(63, f"{CLOSED}\nCatatan: catatan sp-1", END)
    assert kinds(book) == {Kind.TOLD_TWICE}


def test_parcels_that_overtook_each_other_are_out_of_order() -> None:
    book = a_good_day()
    book.parcel(ANSWER)["promised_at"] = book.parcel(END)["promised_at"].replace("T02", "T03")
    assert kinds(book) == {Kind.OUT_OF_ORDER}


def test_an_older_decision_told_after_a_newer_one_is_out_of_order() -> None:
    book = a_good_day()
    book.complaints[0]["history"].append(decided(20, "in_progress", "catatan op-1"))
    book.complaints[0]["parcels"].append(
        parcel("e" * 32, "whatsapp", "status", minute=50, status="in_progress")
    )
    book.journal.insert(7, book.journal.pop())
    told = next(each for each in book.journal if each.facts.get("marker") == END)
    book.journal.remove(told)
    book.told(50, f"{WORKING}\nCatatan: catatan op-1", "e" * 32)
    book.told(63, CLOSED, END)
    assert Kind.OUT_OF_ORDER in kinds(book)


def test_old_words_sent_again_by_a_person_may_come_late_under_what_an_officer_has_said_anew() -> (
    None
):
    book = a_good_day()
    book.complaints[0]["history"].append(decided(40, "in_progress", "catatan op-1"))
    book.happened(50, "sp4n", "wrote", external_id=NUMBER, text="catatan sp-2")
    book.happened(50, "sp4n", "moved", external_id=NUMBER, status="Ditindaklanjuti oleh Instansi")
    book.complaints[0]["parcels"].append(
        parcel("e" * 32, "whatsapp", "status", minute=50, status="answered")
    )
    book.told(50, f"{ANSWERED}catatan sp-2", "e" * 32)
    book.forget("told", marker=ANSWER)
    book.told(55, f"{ANSWERED}catatan sp-1", ANSWER)
    book.journal.sort(key=lambda each: each.at)
    assert "(catatan sp-1) after «answered»" in complains(book)

    book.parcel(ANSWER)["tries"].append({"phase": "person", "outcome": "replayed"})
    assert "(catatan sp-1) after «answered»" not in complains(book)


def test_a_hub_that_shows_something_else_than_was_decided_last_is_wrong() -> None:
    book = a_good_day()
    book.complaints[0]["status"] = "answered"
    assert kinds(book) == {Kind.WRONG_STATUS}


def test_the_last_decision_counts_by_its_own_time_and_not_by_who_made_it() -> None:
    book = a_good_day()
    book.complaints[0]["history"].append(decided(90, "in_progress", "catatan op-1"))
    assert "decided last was «in_progress» by operator" in complains(book)


def test_a_channel_that_shows_something_else_while_the_hub_says_in_step_is_wrong() -> None:
    book = a_good_day()
    complaint = book.complaints[0]
    complaint["sources"].append(source("laporgub", "LGWP10000001"))
    book.happened(2, "laporgub", "filed", external_id="LGWP10000001", marker=None)
    assert "laporgub LGWP10000001 shows «Belum Dijawab»" in complains(book)


def test_what_our_own_follow_up_moved_there_was_decided_by_nobody() -> None:
    book = a_good_day()
    book.complaints[0]["history"].append(decided(40, "in_progress"))
    book.complaints[0]["status"] = "in_progress"
    book.forget("moved", status="Ditutup oleh Admin")
    book.forget("told", marker=END)
    book.complaints[0]["parcels"].append(
        parcel("e" * 32, "sp4n", "status", minute=40, status="in_progress")
    )
    book.told(41, WORKING, END)
    book.happened(41, "sp4n", "followed_up", external_id=NUMBER, marker="e" * 12)
    book.happened(41, "sp4n", "moved", external_id=NUMBER, status="Ditindaklanjuti oleh Instansi")
    assert complains(book) == ""


def test_a_status_that_nobody_decided_must_not_be_read() -> None:
    book = a_good_day()
    book.complaints[0]["parcels"].insert(
        2, parcel("e" * 32, "whatsapp", "status", minute=10, status="in_progress")
    )
    end = book.journal[-3:]
    book.journal = book.journal[:-3]
    book.told(10, WORKING, "e" * 32)
    book.journal += end
    assert "read «in_progress» at 01:10:00, which nobody had decided" in complains(book)


def test_a_citizen_who_never_hears_of_the_ticket_is_lost() -> None:
    book = a_good_day()
    book.forget("told")
    assert "never heard of PKL-26-000001" in complains(book)


def test_a_parked_message_that_a_person_sends_again_must_not_say_what_is_over() -> None:
    book = a_good_day()
    book.parcel(ANSWER)["tries"].append({"phase": "person", "outcome": "replayed"})
    late = next(each for each in book.journal if each.facts.get("marker") == ANSWER)
    book.journal.remove(late)
    book.told(64, f"{ANSWERED}catatan sp-1", ANSWER)
    assert "read «answered» last, decided last was «closed»" in complains(book)


def test_an_officer_who_moves_right_after_our_follow_up_has_decided() -> None:
    book = a_good_day()
    book.happened(70, "sp4n", "followed_up", external_id=NUMBER, marker=OPENING[:12])
    book.happened(71, "sp4n", "moved", external_id=NUMBER, status="Ditutup oleh Admin")
    assert len(list(book.seen().officers_moves())) == 3


def test_who_says_the_same_with_more_weight_is_whose_end_it_is() -> None:
    said = [
        Change(AT, "closed", "laporgub"),
        Change(AT + timedelta(minutes=5), "closed", "sp4n"),
        Change(AT + timedelta(minutes=9), "in_progress", "laporgub"),
    ]
    assert holds(said) == "closed"
    assert holds([said[0], said[2]]) == "in_progress"
    assert holds([said[1], said[0], said[2]]) == "closed"


def test_that_it_came_in_may_be_told_again_only_where_somebody_went_back_to_it() -> None:
    book = a_good_day()
    book.complaints[0]["parcels"].append(
        parcel("e" * 32, "whatsapp", "status", minute=20, status="received")
    )
    book.told(20, RECEIVED, "e" * 32)
    book.journal.sort(key=lambda each: each.at)
    assert Kind.TOLD_TWICE in kinds(book)
    book.happened(10, "sp4n", "moved", external_id=NUMBER, status="Menunggu Kelengkapan Informasi")
    book.happened(19, "sp4n", "moved", external_id=NUMBER, status="Belum Terverifikasi")
    book.journal.sort(key=lambda each: each.at)
    assert Kind.TOLD_TWICE not in kinds(book)


def test_what_an_operator_says_of_what_holds_is_a_decision_too() -> None:
    book = a_good_day()
    complaint = book.complaints[0]
    complaint["history"].append(decided(70, "closed") | {"outcome": "answered"})
    ties = Ties(book.seen())
    assert [each.by for each in ties.decisions(complaint)][-1] == "operator"
    assert "operator" not in [each.by for each in ties.changes(complaint)]
