"""Whose is it: what quotes our ticket or our marker is ours only if we sent it."""

from collections.abc import Sequence
from typing import Any

import pytest

from hub.contract import Answer, News, Report, Status, StatusNews
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.sandbox import Fault, FaultKind
from tests.journey.city import City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
CREATE = r"POST /complaints/complaint$"
FOLLOW_UP = r"POST .*followup"


async def take(city: City, news: News) -> str:
    accept = Accept(upstreams=city.hub.registry.upstreams, turns=TurnRules())
    async with city.hub.database.begin() as work:
        outcome = await accept.take(work, "sp4n", news, at=city.clock())
    return outcome.word


def quoting(ticket: str, *, at: Any, number: str = "9777777") -> Report:
    """Somebody at SP4N writes our ticket into a report."""
    return Report(
        key=f"report:{number}", external_id=number, said_at=at, marker=ticket,
        text=f"Mengapa {ticket} belum ditangani? Lampu di gang kami juga mati.",
    )  # fmt: skip


async def parcels_of_kind(city: City, kind: str) -> Sequence[Any]:
    [complaint, *_] = await city.complaints()
    return [parcel for parcel in complaint["parcels"] if parcel["kind"] == kind]


async def test_a_strangers_report_that_quotes_our_ticket_is_a_new_report(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    [ours] = await city.complaints()
    assert await take(city, quoting(ours["ticket"], at=city.clock())) == "opened"
    first, second = await city.complaints()
    numbers = {each["connector"]: each["external_id"] for each in first["sources"]}
    assert numbers["sp4n"] == city.happened("filed")[0]["external_id"]
    assert [each["external_id"] for each in second["sources"]] == ["9777777"]


async def test_before_our_complaint_has_left_nobody_there_can_know_it_as_ours(city: City) -> None:
    await city.post("/connectors/sp4n/pause")
    await city.says(HOLE)
    await city.falls_silent()
    [ours] = await city.complaints()
    assert await take(city, quoting(ours["ticket"], at=city.clock())) == "opened"
    await city.post("/connectors/sp4n/resume")
    [filed] = city.happened("filed")
    assert filed["marker"] == ours["ticket"], "ours is opened there all the same"
    assert len(await city.complaints()) == 2


async def test_a_ticket_that_we_never_gave_out_makes_a_report_no_echo(city: City) -> None:
    assert await take(city, quoting("PKL-2026-999999", at=city.clock())) == "opened"
    assert len(await city.complaints()) == 1


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.STATUS_AFTER])
async def test_our_complaint_whose_answer_was_lost_is_recognised_by_its_ticket(
    city: City, kind: FaultKind
) -> None:
    city.world.faults["sp4n"].faults.append(Fault(kind=kind, route=CREATE, times=1))
    await city.says(HOLE)
    await city.falls_silent()
    [filed] = city.happened("filed")
    number = filed["external_id"]
    assert await take(city, quoting(filed["marker"], at=city.clock(), number=number)) == "echo"
    await city.work()
    [complaint] = await city.complaints()
    assert complaint["in_step"]
    assert len(city.happened("filed")) == 1


async def test_our_own_follow_up_that_comes_back_moves_nothing_though_its_answer_was_lost(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    number = city.happened("filed")[0]["external_id"]
    fault = Fault(kind=FaultKind.DROP_AFTER, route=FOLLOW_UP, times=1)
    city.world.faults["sp4n"].faults.append(fault)
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="in_progress", note="Petugas berangkat.")
    [followed] = city.happened("followed_up")
    assert [each["ticket"] for each in await city.get("/parcels", state="doubt")]
    told = city.heard()
    city.clock.pass_time(seconds=5)
    ours = Answer(id="77", text="Petugas berangkat.", at=city.clock(), marker=followed["marker"])
    # A follow-up makes them show "answered"; that is what the mapping tells to expect.
    news = StatusNews(
        key="s", external_id=number, theirs="Ditindaklanjuti oleh Instansi",
        status=Status.ANSWERED, at=city.clock(), answers=(ours,),
    )  # fmt: skip
    assert await take(city, news) == "echo"
    await city.work()
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("in_progress", True)
    assert city.heard() == told
    assert await city.get("/parcels", state="doubt") == []
    assert len(city.happened("followed_up")) == 1


async def test_what_an_officer_wrote_beside_our_own_words_is_news_all_the_same(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    number = city.happened("filed")[0]["external_id"]
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="in_progress", note="Petugas berangkat.")
    [followed] = city.happened("followed_up")
    city.clock.pass_time(seconds=5)
    at = city.clock()
    answers = (
        Answer(id="77", text="Petugas berangkat.", at=at, marker=followed["marker"]),
        Answer(id="78", text="Aspal sudah dipesan.", at=at),
    )
    news = StatusNews(
        key="s", external_id=number, theirs="Ditindaklanjuti oleh Instansi",
        status=Status.ANSWERED, at=at, answers=answers,
    )  # fmt: skip
    assert await take(city, news) == "answered"
    await city.work()
    assert "Aspal sudah dipesan." in city.heard()[-1]
    assert "Petugas berangkat." not in city.heard()[-1]
