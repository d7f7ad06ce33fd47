"""Two that were one part again: each stands where its own channels have lawfully brought it."""

import pytest

from hub.contract import Status, StatusNews
from hub.domain.authority import Authorities, May, Say
from hub.domain.complaint import Complaint, Source
from hub.intake.statuses import take_status
from tests.integration.agreeing.quarrel import RULES, Quarrel
from tests.integration.matching.town import PROVINCE

AT_WORK, CLOSED, RECEIVED = Status.IN_PROGRESS, Status.CLOSED, Status.RECEIVED


async def merged(quarrel: Quarrel) -> tuple[int, list[Source]]:
    other = await quarrel.says(who=2)
    await quarrel.delivers()
    merge = await quarrel.merges(quarrel.said.complaint_id, other.complaint_id)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=10)
    return merge, await quarrel.sources(quarrel.said.complaint_id, PROVINCE)


async def says(
    quarrel: Quarrel, source: Source, status: Status, *, rules: Authorities = RULES
) -> str:
    now = quarrel.books.clock()
    news = StatusNews(
        key=f"{source.id}:{now}", external_id=source.external_id or "", theirs=status.label,
        status=status, at=now,
    )  # fmt: skip
    async with quarrel.books.database.begin() as work:
        heard = await take_status(
            work, PROVINCE, news, upstreams=quarrel.upstreams, at=now, authorities=rules
        )
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=10)
    return heard.word


async def part(quarrel: Quarrel, merge: int) -> tuple[Complaint, Complaint]:
    back = await quarrel.parts(merge)
    return await quarrel.it(), back


@pytest.mark.parametrize("is_the_lost_ones", [False, True])
async def test_a_re_opening_stays_with_the_channel_that_re_opened(
    quarrel: Quarrel, is_the_lost_ones: bool
) -> None:
    merge, sources = await merged(quarrel)
    office = sources[int(is_the_lost_ones)]
    assert await says(quarrel, office, CLOSED) == "moved"
    assert await says(quarrel, office, AT_WORK) == "moved"
    stood, back = await part(quarrel, merge)
    own, others = (back, stood) if is_the_lost_ones else (stood, back)
    assert (own.status, others.status) == (AT_WORK, RECEIVED)


async def test_an_end_that_the_rules_refused_does_not_come_true_by_parting(
    quarrel: Quarrel,
) -> None:
    merge, sources = await merged(quarrel)
    refusing = Authorities(channels={PROVINCE: Say(closes=May.NEVER)})
    assert await says(quarrel, sources[1], CLOSED, rules=refusing) == "conflict"
    stood, back = await part(quarrel, merge)
    assert (stood.status, back.status) == (RECEIVED, RECEIVED)
