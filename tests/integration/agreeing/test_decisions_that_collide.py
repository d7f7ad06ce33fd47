"""A decision that meets another transaction goes again; the operator sees no failure."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from hub.contract import Mapping, Status
from hub.intake.contradictions import Contradictions
from hub.intake.moves import Operator
from hub.intake.typed import Typed
from hub.ports import Begin, Work
from tests.fakes.upstream import Holder
from tests.integration.agreeing.quarrel import NATION, RULES, Quarrel
from tests.integration.matching.town import PROVINCE, RINI

AT_WORK, ANSWERED, CLOSED = Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED


class Collided(Exception):
    """As the store tells it: the loser may go again."""

    go_again = True


def colliding(begin: Begin) -> Begin:
    """The first transaction is lost at its end."""
    lost: list[Work] = []

    @asynccontextmanager
    async def once() -> AsyncIterator[Work]:
        async with begin() as work:
            yield work
            if not lost:
                lost.append(work)
                raise Collided

    return once


async def decide(quarrel: Quarrel, begin: Begin) -> None:
    await quarrel.hears(NATION, CLOSED)
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.hears(PROVINCE, AT_WORK)
    [row] = await quarrel.conflicts()
    decides = Contradictions(begin=begin, upstreams=quarrel.upstreams, clock=quarrel.books.clock)
    await decides.decide(row.id, status=AT_WORK, who=RINI)


async def release(quarrel: Quarrel, begin: Begin) -> None:
    for by, status in ((NATION, AT_WORK), (PROVINCE, ANSWERED), (NATION, AT_WORK)):
        await quarrel.hears(by, status)
        await quarrel.delivers()
        quarrel.books.clock.pass_time(minutes=20)
    decides = Contradictions(begin=begin, upstreams=quarrel.upstreams, clock=quarrel.books.clock)
    await decides.release((await quarrel.it()).ticket, status=AT_WORK, who=RINI)


async def move(quarrel: Quarrel, begin: Begin) -> None:
    moves = Operator(begin=begin, upstreams=quarrel.upstreams, clock=quarrel.books.clock)
    ticket = (await quarrel.it()).ticket
    await moves.move(ticket, AT_WORK, note=None, reason=None, agency=None, who=RINI)


async def type_in(quarrel: Quarrel, begin: Begin) -> None:
    words = Mapping(name=PROVINCE, status_in={"diproses": AT_WORK})
    upstreams = {**quarrel.upstreams, PROVINCE: Holder(quarrel.province, words)}
    typed = Typed(begin=begin, upstreams=upstreams, clock=quarrel.books.clock, authorities=RULES)
    ticket = (await quarrel.it()).ticket
    await typed.status(ticket, PROVINCE, word="Diproses", note=None, at=None, who=RINI)


@pytest.mark.parametrize("doing", [decide, release, move, type_in])
async def test_what_an_operator_decides_goes_again_and_counts_once(
    quarrel: Quarrel, doing: Callable[[Quarrel, Begin], Awaitable[None]]
) -> None:
    await doing(quarrel, colliding(quarrel.books.database.begin))
    assert (await quarrel.it()).status is AT_WORK
    assert (await quarrel.outcomes())[-1][1:] == ("in_progress", "moved")
