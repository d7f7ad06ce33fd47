"""What was carried and then let go, put back or corrected: nothing is opened twice, nothing left untold."""

from pathlib import Path

import pytest

from hub.contract import Mode, Report
from hub.delivery.decide import DecisionRefused
from hub.domain.complaint import Source
from hub.domain.status import Status
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.moves import Operator
from hub.intake.outcome import Outcome
from hub.rows import State
from hub.store.desk import agreement
from hub.store.replay import parked
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried
from tests.integration.delivery.carried import (
    BUDI,
    RINI,
    Upstreams,
    answered,
    carried_by,
    opening,
    started,
)


async def let_go_after_it_left(
    shop: Shop, books: Books, upstreams: Upstreams, folder: Path
) -> tuple[Known, str]:
    """It left in a file that was uploaded; then somebody thought that it need not be opened."""
    about, parcel_id = await opening(shop, books, upstreams)
    await shop.export(upstreams).run("anywhere", folder / "a.csv", who=RINI)
    await shop.decide(upstreams).drop(parcel_id, who=BUDI, why="tidak perlu")
    return about, parcel_id


async def moved(
    shop: Shop, upstreams: Upstreams, about: Known, *, note: str | None = None
) -> None:
    """An operator moves the complaint."""
    shop.clock.pass_time(minutes=1)
    operator = Operator(begin=shop.begin, upstreams=upstreams, clock=shop.clock)
    await operator.move(
        about.ticket, Status.IN_PROGRESS, note=note, reason=None, agency=None, who=RINI
    )


async def reported_there(books: Books, upstreams: Upstreams, about: Known) -> Outcome:
    """Their own list shows a report that bears our ticket."""
    news = Report(
        key="list:X-1", external_id="X-1", said_at=books.clock(), text="Lampu mati.",
        marker=about.ticket,
    )  # fmt: skip
    accept = Accept(upstreams=upstreams, turns=TurnRules())
    async with books.database.begin() as work:
        return await accept.take(work, "anywhere", news, at=books.clock())


async def source_of(books: Books, number: str) -> Source | None:
    async with books.database.begin() as work:
        return await work.complaints.source("anywhere", number)


async def test_what_was_let_go_and_is_answered_all_the_same_is_linked_and_told_how_things_stand(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    about, parcel_id = await let_go_after_it_left(shop, books, upstreams, tmp_path)
    await moved(shop, upstreams, about)
    assert (await answered(books, upstreams, about.ticket, "X-1")).word == "linked"
    source = await source_of(books, "X-1")
    assert source is not None
    assert (source.id, source.listens) == (about.source_id, True)
    assert await books.state(parcel_id) == State.SETTLED
    await shop.hand_over(upstreams).drain()
    async with books.database.begin() as work:
        (status,) = await work.hands.of_source(about.source_id)
    assert status.content["status"] == Status.IN_PROGRESS


async def test_what_was_let_go_and_stands_in_their_list_is_not_opened_a_second_time(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    about, _ = await let_go_after_it_left(shop, books, upstreams, tmp_path)
    outcome = await reported_there(books, upstreams, about)
    assert outcome.word != "opened"
    source = await source_of(books, "X-1")
    assert source is not None
    assert source.complaint_id == about.complaint_id


@pytest.mark.parametrize("told_by", ["answer", "list"])
async def test_what_was_carried_and_put_back_by_mistake_is_not_pushed_once_it_is_known(
    shop: Shop, books: Books, tmp_path: Path, told_by: str
) -> None:
    by_hand = carried_by(Carried(mode=Mode.FILE))
    about, parcel_id = await opening(shop, books, by_hand)
    await shop.export(by_hand).run("anywhere", tmp_path / "a.csv", who=RINI)
    await shop.handwork(by_hand).put_back(parcel_id, who=RINI, why="salah tekan")
    upstream = Carried(mode=Mode.API)
    upstreams = carried_by(upstream)
    await started(shop, upstreams)
    if told_by == "answer":
        assert (await answered(books, upstreams, about.ticket, "X-1")).word == "linked"
    else:
        assert (await reported_there(books, upstreams, about)).word != "opened"
    await shop.relay(upstreams).drain()
    assert upstream.deliveries == []
    assert await books.state(parcel_id) == State.SETTLED


async def test_anybody_may_put_back_what_a_colleague_took_and_it_says_who_did(
    shop: Shop, books: Books
) -> None:
    upstreams = carried_by(Carried())
    _, parcel_id = await opening(shop, books, upstreams)
    handwork = shop.handwork(upstreams)
    await handwork.take(parcel_id, who=RINI)
    books.clock.pass_time(days=30)
    await handwork.put_back(parcel_id, who=BUDI, why="Rini cuti")
    assert (await books.attempts(parcel_id))[-1] == ("person", "put_back")
    await handwork.take(parcel_id, who=BUDI)
    assert (await books.row(parcel_id))["handed_to"] == BUDI


async def test_what_a_colleague_is_just_copying_is_not_let_go(shop: Shop, books: Books) -> None:
    upstreams = carried_by(Carried())
    _, parcel_id = await opening(shop, books, upstreams)
    await shop.handwork(upstreams).take(parcel_id, who=RINI)
    with pytest.raises(DecisionRefused, match=RINI):
        await shop.decide(upstreams).drop(parcel_id, who=BUDI, why="tidak perlu")
    await shop.handwork(upstreams).done(parcel_id, number="X-1", who=RINI)
    assert await books.state(parcel_id) == State.SETTLED


async def test_an_old_status_that_is_tried_again_is_not_laid_out_after_a_newer_one_was_carried(
    shop: Shop, books: Books
) -> None:
    upstreams = carried_by(Carried())
    about = await books.complaint(external_id="X-1")
    old = await books.promise(about, status=Status.VERIFIED)
    hand_over, handwork = shop.hand_over(upstreams), shop.handwork(upstreams)
    await hand_over.drain()
    await handwork.refused(old, why="belum bisa", who=RINI)
    new = await books.promise(about, status=Status.CLOSED)
    await hand_over.drain()
    await handwork.done(new, number=None, who=RINI)
    await shop.decide(upstreams).replay(old, who=RINI)
    await hand_over.drain()
    assert await books.state(old) == State.DROPPED
    assert (await books.attempts(old))[-1] == ("handed", "superseded")


async def test_what_they_refused_is_not_among_what_a_mended_mapping_replays(
    shop: Shop, books: Books
) -> None:
    upstreams = carried_by(Carried())
    _, refused = await opening(shop, books, upstreams)
    await shop.handwork(upstreams).refused(refused, why="Bukan wewenang provinsi.", who=RINI)
    async with books.database.reading() as connection:
        assert await parked(connection, connector=None, since=None) == []
    await shop.decide(upstreams).replay(refused, who=RINI)
    assert await books.state(refused) == State.WAITING


async def test_under_a_corrected_number_they_are_told_anew_how_things_stand(
    shop: Shop, books: Books
) -> None:
    upstream = Carried(mode=Mode.API)
    upstreams = carried_by(upstream)
    about = await books.complaint(external_id="X-1")
    await moved(shop, upstreams, about)
    await shop.relay(upstreams).drain()
    await shop.handwork(upstreams).correct(
        about.ticket, "anywhere", number="X-2", why="salah ketik", who=RINI
    )
    async with books.database.reading() as connection:
        assert (await agreement(connection)).agreeing == 0
    await shop.relay(upstreams).drain()
    assert [delivery.external_id for delivery in upstream.deliveries] == ["X-1", "X-2"]
    async with books.database.reading() as connection:
        assert (await agreement(connection)).agreeing == 1


async def test_a_number_is_not_corrected_while_something_is_being_sent_to_the_old_one(
    shop: Shop, books: Books
) -> None:
    upstreams = carried_by(Carried(mode=Mode.API))
    about = await books.complaint(external_id="X-1")
    await books.promise(about)
    await books.begin(await books.lease_one())
    with pytest.raises(DecisionRefused, match="nomor yang lama"):
        await shop.handwork(upstreams).correct(
            about.ticket, "anywhere", number="X-2", why="salah ketik", who=RINI
        )
    assert await source_of(books, "X-1") is not None
