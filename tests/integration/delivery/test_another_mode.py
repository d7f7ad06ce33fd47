"""The first hours in another mode: what the old one left behind is looked at, pushed or left in peace."""

from dataclasses import replace
from datetime import timedelta

from hub.contract import Delivery, Entry, Mode, Number, Raw, Slip, Unauthorized
from hub.intake.looks import LookRules, Looks
from hub.record.hold import hold
from hub.rows import State
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, Silent, upstreams_of
from tests.integration.delivery.carried import RINI, carried_by, opening, started


class Looking(Carried):
    """Can show a complaint by its number."""

    def __init__(self) -> None:
        super().__init__(mode=Mode.API)
        self.seen: list[str] = []

    async def inspect(self, external_id: str) -> Raw:
        self.seen.append(external_id)
        return Raw(key=f"inspect:{external_id}", body=b"{}", external_id=external_id)


class CallBackList(Silent):
    """A file of people to call: nothing is ever pushed there."""

    def __init__(self, mode: Mode) -> None:
        super().__init__()
        self.traits = replace(self.traits, mode=mode)

    def slip(self, delivery: Delivery) -> Slip:
        entries = (Entry("tiket", "Tiket", delivery.ticket),)
        return Slip(todo="Telepon pelapornya.", entries=entries)

    def number(self, typed: str) -> Number:
        return Number(typed.strip())


async def test_what_was_linked_by_hand_is_looked_at_as_soon_as_there_is_an_api(
    shop: Shop, books: Books
) -> None:
    by_hand = carried_by(Carried())
    _, parcel_id = await opening(shop, books, by_hand)
    await shop.handwork(by_hand).done(parcel_id, number="X-1", who=RINI)
    api = Looking()
    upstreams = carried_by(api)
    await started(shop, upstreams)
    looks = Looks(
        begin=shop.begin, upstream=upstreams["anywhere"], clock=books.clock, reach=shop.reach,
        rules=LookRules(),
    )  # fmt: skip
    await looks.step()
    assert api.seen == ["X-1"]


async def test_what_nobody_can_push_stays_with_those_who_carried_it(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="X-1")
    parcel_id = await books.promise(about)
    await shop.hand_over(upstreams_of(CallBackList(Mode.FILE))).drain()
    await started(shop, upstreams_of(CallBackList(Mode.API)))
    assert await books.state(parcel_id) == State.HANDED


async def test_a_pause_of_the_api_ends_when_people_carry_and_takes_its_card_with_it(
    shop: Shop, books: Books
) -> None:
    async with books.database.begin() as work:
        now = books.clock()
        await hold(
            work, "anywhere", Unauthorized("401"), title="Anywhere",
            until=now + timedelta(minutes=15), at=now,
        )  # fmt: skip
    upstreams = carried_by(Carried())
    books.clock.pass_time(hours=1)
    _, parcel_id = await opening(shop, books, upstreams)
    assert await books.state(parcel_id) == State.HANDED
    assert "paused" not in {card["kind"] for card in await books.open_cards()}
