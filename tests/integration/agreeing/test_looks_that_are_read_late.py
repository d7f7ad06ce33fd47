"""A look says how it is now, however late it is read; unless something came in since."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from hub.contract import News, Raw, Status, StatusNews
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.read import ReadInbox
from hub.rows import How
from tests.integration.agreeing.quarrel import NATION, RULES, Quarrel

AT_WORK, CLOSED = Status.IN_PROGRESS, Status.CLOSED


class Desk:
    """The hub's inbox, and what the nation shows."""

    def __init__(self, quarrel: Quarrel) -> None:
        self.quarrel = quarrel
        quarrel.portal.read = self.read  # type: ignore[method-assign]
        accept = Accept(upstreams=quarrel.upstreams, turns=TurnRules(), authorities=RULES)
        begin, clock = quarrel.books.database.begin, quarrel.books.clock
        self.inbox = ReadInbox(begin=begin, accept=accept, clock=clock)

    def read(self, raw: Raw) -> Iterator[News]:
        said = json.loads(raw.body)
        # List and look that say the same are the same news.
        yield StatusNews(
            key=f"{said['number']}:{said['status']}:{said['at']}", external_id=said["number"],
            theirs=said["status"], status=Status(said["status"]),
            at=datetime.fromisoformat(said["at"]),
        )  # fmt: skip

    async def comes(self, how: How, status: Status, *, since: datetime) -> None:
        """What they show is kept; nobody has read it yet."""
        number = (await self.quarrel.at(NATION)).external_id
        said = {"number": number, "status": status, "at": since.isoformat()}
        body = json.dumps(said).encode()
        raw = Raw(key=f"{how}:{sha256(body).hexdigest()}", body=body, external_id=number)
        async with self.quarrel.books.database.begin() as work:
            await work.inbox.keep(NATION, raw, how=how, at=self.quarrel.books.clock())

    async def reads(self) -> Status:
        while await self.inbox.step():
            pass
        return (await self.quarrel.it()).status


@pytest.fixture
async def desk(quarrel: Quarrel) -> Desk:
    """The nation is at work on it."""
    desk = Desk(quarrel)
    await desk.comes(How.INSPECT, AT_WORK, since=quarrel.books.clock())
    assert await desk.reads() is AT_WORK
    quarrel.books.clock.pass_time(hours=1)
    return desk


async def test_a_look_that_waited_in_the_inbox_is_believed_all_the_same(
    desk: Desk, quarrel: Quarrel
) -> None:
    clock = quarrel.books.clock
    await desk.comes(How.INSPECT, CLOSED, since=clock() - timedelta(hours=2))
    clock.pass_time(minutes=30)
    assert await desk.reads() is CLOSED


async def test_a_look_that_came_before_a_newer_word_does_not_undo_it(
    desk: Desk, quarrel: Quarrel
) -> None:
    clock = quarrel.books.clock
    await desk.comes(How.INSPECT, AT_WORK, since=clock() - timedelta(hours=2))
    clock.pass_time(seconds=5)
    await desk.comes(How.POLL, CLOSED, since=clock())
    assert await desk.reads() is CLOSED


async def test_what_a_list_brought_as_old_is_believed_when_a_look_shows_it(
    desk: Desk, quarrel: Quarrel
) -> None:
    clock = quarrel.books.clock
    dated_back = clock() - timedelta(hours=2)
    await desk.comes(How.POLL, CLOSED, since=dated_back)
    assert await desk.reads() is AT_WORK, "a list may be old"
    clock.pass_time(minutes=5)
    await desk.comes(How.INSPECT, CLOSED, since=dated_back)
    assert await desk.reads() is CLOSED


async def test_a_clock_that_was_put_back_makes_no_old_news_of_what_a_look_shows(
    desk: Desk, quarrel: Quarrel
) -> None:
    clock = quarrel.books.clock
    await desk.comes(How.INSPECT, Status.ANSWERED, since=clock() + timedelta(hours=1))
    assert await desk.reads() is Status.ANSWERED
    clock.pass_time(minutes=10)
    await quarrel.moves(AT_WORK)
    clock.pass_time(minutes=10)
    await desk.comes(How.INSPECT, CLOSED, since=clock() - timedelta(minutes=2))
    assert await desk.reads() is CLOSED
    clock.pass_time(minutes=10)
    await desk.comes(How.POLL, AT_WORK, since=clock())
    assert await desk.reads() is AT_WORK, "from now on their dates are right"
