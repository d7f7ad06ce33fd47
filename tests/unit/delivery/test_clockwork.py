"""The clockwork: no nudge is lost, nothing spins, one failing step ends nobody else's, and it stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from hub.clockwork import LONGEST_SLEEP, SHORTEST_SLEEP, Clockwork, Loop
from hub.rows import Topic
from tests.fakes.clock import SteppedClock

NEVER = timedelta(days=1)
SOON = 10
GRACE = timedelta(seconds=SOON)


class Steps:
    """A step that counts; `more` says how often there is more at once."""

    def __init__(self, *, more: int = 0) -> None:
        self.more = more
        self.taken = 0
        self.changed = asyncio.Condition()

    async def __call__(self) -> bool:
        async with self.changed:
            self.taken += 1
            self.changed.notify_all()
        self.more -= 1
        return self.more >= 0

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(SOON), self.changed:
            await self.changed.wait_for(lambda: self.taken >= count)


@pytest.fixture
async def works() -> AsyncIterator[Clockwork]:
    works = Clockwork(clock=SteppedClock())
    yield works
    await works.stop(grace=GRACE)


async def asleep() -> None:
    """Give every loop the chance to go on; those that sleep do not."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_loop_looks_as_soon_as_it_starts_and_goes_on_while_there_is_more(
    works: Clockwork,
) -> None:
    step = Steps(more=3)
    works.add(Loop(name="work", step=step, every=NEVER))
    works.start()
    await step.reach(4)
    await asleep()
    assert step.taken == 4


async def test_a_nudge_wakes_the_loops_of_its_topic_and_connector_only(works: Clockwork) -> None:
    steps = {name: Steps() for name in ("sp4n", "whatsapp", "inbox")}
    works.add(
        Loop(name="1", step=steps["sp4n"], every=NEVER, topic=Topic.OUTBOX, connector="sp4n"),
        Loop(name="2", step=steps["whatsapp"], every=NEVER, topic=Topic.OUTBOX, connector="wa"),
        Loop(name="3", step=steps["inbox"], every=NEVER, topic=Topic.INBOX),
    )
    works.start()
    await asleep()
    works.nudge(Topic.OUTBOX, "sp4n")
    await steps["sp4n"].reach(2)
    await asleep()
    assert [step.taken for step in steps.values()] == [2, 1, 1]


async def test_a_nudge_without_a_connector_wakes_every_loop_of_the_topic(
    works: Clockwork,
) -> None:
    steps = [Steps(), Steps()]
    works.add(
        Loop(name="1", step=steps[0], every=NEVER, topic=Topic.OUTBOX, connector="sp4n"),
        Loop(name="2", step=steps[1], every=NEVER, topic=Topic.OUTBOX, connector="wa"),
    )
    works.start()
    await asleep()
    works.nudge(Topic.OUTBOX)
    for step in steps:
        await step.reach(2)


async def test_a_nudge_during_a_step_is_not_lost(works: Clockwork) -> None:
    after = Steps()

    async def step() -> bool:
        more = await after()
        if after.taken == 1:
            # Somebody commits after this step has looked and before it is over.
            works.nudge(Topic.OUTBOX, "sp4n")
        return more

    works.add(Loop(name="1", step=step, every=NEVER, topic=Topic.OUTBOX, connector="sp4n"))
    works.start()
    await after.reach(2)


async def test_a_nudge_while_the_next_due_time_is_asked_is_not_lost(works: Clockwork) -> None:
    step = Steps()

    async def due() -> datetime | None:
        if step.taken == 1:
            works.nudge(Topic.OUTBOX, "sp4n")
        return None

    works.add(
        Loop(
            name="1", step=step, due=due, every=NEVER, topic=Topic.OUTBOX, connector="sp4n"
        )
    )  # fmt: skip
    works.start()
    await step.reach(2)


async def test_a_step_that_fails_is_tried_again_and_ends_no_other(
    works: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.clockwork.AFTER_FAILURE", timedelta(milliseconds=1))
    tried, other = Steps(), Steps()

    async def fail() -> bool:
        await tried()
        raise RuntimeError("628110000001")

    works.add(
        Loop(name="bad", step=fail, every=NEVER),
        Loop(name="good", step=other, every=NEVER, topic=Topic.INBOX),
    )
    with capture_logs() as logs:
        works.start()
        await tried.reach(3)
        works.nudge(Topic.INBOX)
        await other.reach(2)
    assert {"event": "clockwork.step_failed", "loop": "bad", "error": "RuntimeError", "times": 1,
            "log_level": "warning"} in logs  # fmt: skip
    assert "628110000001" not in repr(logs)


async def test_a_stop_lets_the_step_under_way_finish_and_starts_no_other(
    works: Clockwork,
) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), Steps()

    async def step() -> bool:
        begun.set()
        await may_end.wait()
        await ended()
        return True

    works.add(Loop(name="work", step=step, every=NEVER))
    works.start()
    await begun.wait()
    stopping = asyncio.create_task(works.stop(grace=GRACE))
    await asleep()
    assert not stopping.done()
    may_end.set()
    await stopping
    await asleep()
    assert ended.taken == 1


async def test_a_step_that_outlasts_the_grace_is_cut_off(works: Clockwork) -> None:
    begun, cut_off = asyncio.Event(), asyncio.Event()

    async def step() -> bool:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut_off.set()
        return False

    works.add(Loop(name="endless", step=step))
    works.start()
    await begun.wait()
    with capture_logs() as logs:
        await works.stop(grace=timedelta(milliseconds=1))
    assert cut_off.is_set()
    assert [log["loop"] for log in logs] == ["endless"]


async def test_a_stop_wakes_whoever_sleeps(works: Clockwork) -> None:
    step = Steps()
    works.add(Loop(name="work", step=step, every=NEVER))
    works.start()
    await step.reach(1)
    await asyncio.wait_for(works.stop(grace=NEVER), SOON)


@pytest.mark.parametrize(
    ("due_in", "sleep"),
    [
        (None, LONGEST_SLEEP),
        (timedelta(seconds=3), timedelta(seconds=3)),
        (timedelta(hours=3), LONGEST_SLEEP),
        (timedelta(seconds=-3), SHORTEST_SLEEP),
    ],
)
async def test_a_loop_sleeps_until_something_is_due_but_never_spins_nor_oversleeps(
    due_in: timedelta | None, sleep: timedelta
) -> None:
    clock = SteppedClock()
    loop = Loop(
        name="work", step=Steps(), due=constant(None if due_in is None else clock() + due_in)
    )
    assert await Clockwork(clock=clock)._sleep_of(loop) == sleep


def constant(due: datetime | None) -> Callable[[], Awaitable[datetime | None]]:
    async def answer() -> datetime | None:
        return due

    return answer
