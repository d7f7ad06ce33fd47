"""Two transactions on PostgreSQL at the same moment: a merge, and news of what is merged."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hub.contract import Status, StatusNews
from hub.intake.moves import MoveRefused
from hub.intake.statuses import take_status
from hub.record.write import write_down
from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.integration.matching.town import PORTAL, PROVINCE, Said, Town


@pytest.fixture
async def town(postgres_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    database = open_database(postgres_url)
    yield Town(Books(database, SteppedClock()), tmp_path)
    await database.aclose()


@pytest.fixture
async def another(postgres_url: str) -> AsyncIterator[Database]:
    """Another process, as far as the database can tell."""
    database = open_database(postgres_url)
    yield database
    await database.aclose()


async def two(town: Town) -> tuple[Said, Said]:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    return first, second


async def once_begun(begun: asyncio.Event, act: Callable[[], Awaitable[Any]]) -> Any:
    await begun.wait()
    return await act()


async def test_a_merge_waits_for_news_that_is_being_written_and_tells_it_on(
    town: Town, another: Database
) -> None:
    first, second = await two(town)
    source = await town.source(second.complaint_id, PORTAL)
    news = StatusNews(
        key="s", external_id=str(source.external_id), theirs="Diproses",
        status=Status.IN_PROGRESS, at=town.books.clock(),
    )  # fmt: skip
    begun = asyncio.Event()
    merging = asyncio.create_task(
        once_begun(begun, lambda: town.merges(first.complaint_id, second.complaint_id))
    )
    async with another.begin() as work:
        await take_status(work, PORTAL, news, upstreams=town.upstreams, at=town.books.clock())
        begun.set()
        done, _ = await asyncio.wait([merging], timeout=0.5)
        assert not done, "the complaint is locked until the news is committed"
    await merging
    await town.works()
    stays = await town.complaint(first.complaint_id)
    assert stays.status is Status.RECEIVED, "what was said before it was one is the lost one's"
    for each in await town.sources(stays.id):
        if told := await town.told(each):
            assert told[-1][0] == "received"


async def test_news_that_waits_for_a_merge_is_news_of_the_one_that_stays(
    town: Town, another: Database
) -> None:
    first, second = await two(town)
    source = await town.source(second.complaint_id, PORTAL)
    now = town.books.clock()
    news = StatusNews(
        key="s", external_id=str(source.external_id), theirs="Diproses",
        status=Status.IN_PROGRESS, at=now,
    )  # fmt: skip

    async def heard() -> None:
        await write_down(
            another.begin,
            lambda work: take_status(work, PORTAL, news, upstreams=town.upstreams, at=now),
        )

    await asyncio.gather(town.merges(first.complaint_id, second.complaint_id), heard())
    await town.works()
    owners, stays = await town.owners(), await town.complaint(first.complaint_id)
    assert set(owners.values()) == {first.complaint_id}
    province = (await town.sources(stays.id, PROVINCE))[0]
    shown = [status for status, _ in await town.told(province)]
    assert (shown or ["received"])[-1] == stays.status


async def test_of_two_merges_the_other_way_round_one_wins_and_nothing_is_lost(town: Town) -> None:
    first, second = await two(town)
    done = await asyncio.gather(
        town.merges(first.complaint_id, second.complaint_id),
        town.merges(second.complaint_id, first.complaint_id),
        return_exceptions=True,
    )
    assert sum(isinstance(each, MoveRefused) for each in done) == 1
    assert len(set((await town.owners()).values())) == 1


async def test_a_report_that_joins_while_its_complaint_is_merged_belongs_to_the_one_that_stays(
    town: Town,
) -> None:
    first, second = await two(town)
    lost = await town.complaint(second.complaint_id)
    said, _ = await asyncio.gather(
        town.says(who=3, joins=lost), town.merges(first.complaint_id, second.complaint_id)
    )
    assert (await town.owners())[said.report_id] == first.complaint_id
