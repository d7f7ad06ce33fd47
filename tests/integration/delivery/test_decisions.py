"""What a person settles, what is refused, and that it is written down who did it."""

import pytest

from hub.contract import OutcomeUnknown, Raw, Rejected
from hub.delivery.decide import DecisionRefused, NoSuchThing
from hub.rows import Card, How, Kind, State
from hub.store.tables import attempts
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Answer, Pushing, upstreams_of

WHO = "Budi"


async def asked(
    shop: Shop, books: Books, upstream: Pushing, *, kind: Kind = Kind.OPENING
) -> tuple[Known, str]:
    """A parcel in doubt that only a person can settle."""
    about, parcel_id = await stopped(shop, books, upstream, OutcomeUnknown("timeout"), kind=kind)
    books.clock.pass_time(minutes=1)
    await shop.doubts(upstreams_of(upstream)).step()
    return about, parcel_id


async def stopped(
    shop: Shop, books: Books, upstream: Pushing, answer: Answer, *, kind: Kind = Kind.OPENING
) -> tuple[Known, str]:
    """A parcel that got this answer."""
    about = await books.complaint(external_id=None if kind is Kind.OPENING else "c-1")
    parcel_id = await books.promise(about, kind=kind, needed=kind is Kind.OPENING)
    upstream.answers.append(answer)
    await shop.relay(upstreams_of(upstream)).drain()
    return about, parcel_id


async def who_of(books: Books, parcel_id: str) -> tuple[str, str | None, str | None]:
    async with books.database.reading() as connection:
        found = attempts.select().where(attempts.c.parcel_id == parcel_id)
        row = (await connection.execute(found.order_by(attempts.c.id.desc()))).first()
    assert row is not None
    return row.phase, row.outcome, row.who


async def test_found_there_settles_links_and_puts_the_card_away(shop: Shop, books: Books) -> None:
    upstream = Pushing()
    about, parcel_id = await asked(shop, books, upstream)
    decide = shop.decide(upstreams_of(upstream))
    await decide.found(parcel_id, external_id=" 9200001 ", who=WHO)
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.open_cards() == []
    async with books.database.begin() as work:
        source = await work.complaints.source("anywhere", "9200001")
    assert source is not None
    assert source.id == about.source_id
    assert await who_of(books, parcel_id) == ("person", "settled", WHO)


@pytest.mark.parametrize("number", [None, "", "  "])
async def test_an_opening_found_there_needs_its_number(
    shop: Shop, books: Books, number: str | None
) -> None:
    upstream = Pushing()
    _, parcel_id = await asked(shop, books, upstream)
    with pytest.raises(DecisionRefused, match="nomor"):
        await shop.decide(upstreams_of(upstream)).found(parcel_id, external_id=number, who=WHO)
    assert await books.state(parcel_id) == State.DOUBT


async def test_a_status_found_there_needs_no_number(shop: Shop, books: Books) -> None:
    upstream = Pushing()
    _, parcel_id = await asked(shop, books, upstream, kind=Kind.STATUS)
    await shop.decide(upstreams_of(upstream)).found(parcel_id, external_id=None, who=WHO)
    assert await books.state(parcel_id) == State.SETTLED


async def test_a_number_that_is_linked_already_is_refused(shop: Shop, books: Books) -> None:
    await books.complaint(external_id="9200001")
    upstream = Pushing()
    _, parcel_id = await asked(shop, books, upstream)
    decide = shop.decide(upstreams_of(upstream))
    with pytest.raises(DecisionRefused, match="9200001"):
        await decide.found(parcel_id, external_id="9200001", who=WHO)
    assert await books.state(parcel_id) == State.DOUBT
    assert len(await books.open_cards()) == 1


async def test_not_there_sends_it_again_and_puts_the_card_away(shop: Shop, books: Books) -> None:
    upstream = Pushing()
    _, parcel_id = await asked(shop, books, upstream)
    await shop.decide(upstreams_of(upstream)).send_again(parcel_id, who=WHO)
    assert await books.open_cards() == []
    assert await who_of(books, parcel_id) == ("person", "not_there", WHO)
    await shop.relay(upstreams_of(upstream)).drain()
    assert await books.state(parcel_id) == State.SETTLED
    assert len(upstream.deliveries) == 2


async def test_a_parked_parcel_is_replayed_and_its_card_put_away(shop: Shop, books: Books) -> None:
    upstream = Pushing()
    _, parcel_id = await stopped(shop, books, upstream, Rejected("no"))
    await shop.decide(upstreams_of(upstream)).replay(parcel_id, who=WHO)
    assert await books.open_cards() == []
    assert await who_of(books, parcel_id) == ("person", "replayed", WHO)
    await shop.relay(upstreams_of(upstream)).drain()
    assert await books.state(parcel_id) == State.SETTLED


async def test_only_a_doubt_is_sent_again_and_only_what_is_parked_is_replayed(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    _, doubtful = await asked(shop, books, upstream)
    _, parked = await stopped(shop, books, upstream, Rejected("no"), kind=Kind.STATUS)
    waiting = await books.promise(await books.complaint())
    decide = shop.decide(upstreams_of(upstream))
    for parcel_id in (parked, waiting):
        with pytest.raises(DecisionRefused):
            await decide.send_again(parcel_id, who=WHO)
    for parcel_id in (doubtful, waiting):
        with pytest.raises(DecisionRefused):
            await decide.replay(parcel_id, who=WHO)


async def test_what_a_person_drops_is_never_sent_and_lets_later_news_go(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    about, parcel_id = await asked(shop, books, upstream, kind=Kind.STATUS)
    later = await books.promise(about)
    decide = shop.decide(upstreams_of(upstream))
    await decide.drop(parcel_id, who=WHO, why="told by phone")
    assert await who_of(books, parcel_id) == ("person", "dropped", WHO)
    assert await books.open_cards() == []
    await shop.relay(upstreams_of(upstream)).drain()
    assert await books.state(parcel_id) == State.DROPPED
    assert await books.state(later) == State.SETTLED


async def test_what_is_under_way_is_not_dropped(shop: Shop, books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.lease_one()
    with pytest.raises(DecisionRefused):
        await shop.decide(upstreams_of(Pushing())).drop(parcel_id, who=WHO, why="no")
    assert await books.state(parcel_id) == State.LEASED


@pytest.mark.parametrize("decision", ["found", "send_again", "replay", "drop"])
async def test_what_has_ended_or_never_was_is_refused(
    shop: Shop, books: Books, decision: str
) -> None:
    parcel_id = await books.promise(await books.complaint())
    upstreams = upstreams_of(Pushing())
    await shop.relay(upstreams).drain()
    decide = shop.decide(upstreams)

    async def decided(which: str) -> None:
        match decision:
            case "found":
                await decide.found(which, external_id="1", who=WHO)
            case "send_again":
                await decide.send_again(which, who=WHO)
            case "replay":
                await decide.replay(which, who=WHO)
            case _:
                await decide.drop(which, who=WHO, why="no")

    with pytest.raises(DecisionRefused):
        await decided(parcel_id)
    with pytest.raises(NoSuchThing):
        await decided("0" * 32)
    assert await books.state(parcel_id) == State.SETTLED


async def test_what_a_person_pauses_waits_until_a_person_resumes(shop: Shop, books: Books) -> None:
    upstream = Pushing()
    upstreams = upstreams_of(upstream)
    decide, relay = shop.decide(upstreams), shop.relay(upstreams)
    await decide.pause("anywhere", who=WHO)
    parcel_id = await books.promise(await books.complaint())
    books.clock.pass_time(days=30)
    await relay.drain()
    assert upstream.deliveries == []
    await decide.resume("anywhere", who=WHO)
    await relay.drain()
    assert await books.state(parcel_id) == State.SETTLED


async def test_a_connector_nobody_knows_is_neither_paused_nor_resumed(shop: Shop) -> None:
    decide = shop.decide(upstreams_of(Pushing()))
    with pytest.raises(NoSuchThing):
        await decide.pause("nowhere", who=WHO)
    with pytest.raises(NoSuchThing):
        await decide.resume("nowhere", who=WHO)


async def test_a_raw_thing_is_read_again_as_long_as_it_is_kept(shop: Shop, books: Books) -> None:
    decide, now = shop.decide({}), books.clock()
    async with books.database.begin() as work:
        await work.inbox.keep("anywhere", Raw("k-1", b"{}"), how=How.WEBHOOK, at=now)
        item = await work.inbox.next_unread(now=now)
        assert item is not None
        await work.inbox.conclude(item.id, state="unreadable", at=now, summary="broken")
        card = Card(key=f"unreadable:{item.id}", kind="unreadable", text="t", next_step="n")
        await work.cards.open(card, at=now)
    await decide.read_again(item.id, who=WHO)
    assert await books.open_cards() == []
    async with books.database.begin() as work:
        again = await work.inbox.next_unread(now=now)
    assert again is not None
    assert again.id == item.id
    with pytest.raises(NoSuchThing):
        await decide.read_again(item.id + 1, who=WHO)


async def test_a_card_is_put_away_once(shop: Shop, books: Books) -> None:
    decide = shop.decide({})
    async with books.database.begin() as work:
        card = Card(key="lost:anywhere", kind="lost", text="t", next_step="n")
        await work.cards.open(card, at=books.clock())
    (row,) = await books.open_cards()
    await decide.close_card(row["id"], who=WHO)
    assert await books.open_cards() == []
    with pytest.raises(NoSuchThing):
        await decide.close_card(row["id"], who=WHO)
