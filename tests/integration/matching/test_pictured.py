"""A photo comes after its report was compared; the same photo elsewhere is shown to a person."""

from hub.contract import AttachmentRef, Status
from hub.intake.pictured import Pictured
from tests.integration.matching.arrivals import MATCHING, Arrivals
from tests.integration.matching.town import PORTAL, Said

HOLE = "Ada lubang besar, tolong ditambal"
BROKEN = "Jalan rusak parah"
PICTURE = "ab" * 32


async def fetched(arrivals: Arrivals, said: Said, *, sha256: str = PICTURE) -> None:
    """The photo of a report has been stored, and is looked at as the hub does."""
    now = arrivals.books.clock()
    ref = AttachmentRef(ref=f"photo of {said.report_id}", kind="image")
    async with arrivals.books.database.begin() as work:
        await work.files.expect("anywhere", said.report_id, [ref], route=None, at=now)
        [due] = await work.files.take_due(now=now, until=now, limit=10)
        await work.files.stored(
            due.id, path="x", media_type="image/jpeg", size=10, sha256=sha256
        )  # fmt: skip
        await Pictured(MATCHING).look(work, said.report_id, complaint_id=said.complaint_id, at=now)


async def test_two_reports_with_the_same_photo_are_put_before_a_person(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(HOLE, who=1)
    second = await arrivals.arrives(BROKEN, who=2)
    assert second.complaint_id != first.complaint_id
    await fetched(arrivals, first)
    await fetched(arrivals, second)
    assert await arrivals.asked(second) == [first.complaint_id]


async def test_another_photo_asks_nobody(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(HOLE, who=1)
    second = await arrivals.arrives(BROKEN, who=2)
    await fetched(arrivals, first)
    await fetched(arrivals, second, sha256="cd" * 32)
    assert await arrivals.asked(second) == []


async def test_a_photo_of_an_ended_complaint_asks_nobody(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(HOLE, who=1)
    await arrivals.shows(await arrivals.source(first.complaint_id, PORTAL), Status.CLOSED)
    await arrivals.works()
    second = await arrivals.arrives(BROKEN, who=2)
    await fetched(arrivals, first)
    await fetched(arrivals, second)
    assert await arrivals.asked(second) == []


async def test_a_photo_is_found_though_its_report_was_read_by_an_older_version(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(HOLE, who=1)
    second = await arrivals.arrives(BROKEN, who=2)
    await fetched(arrivals, first)
    await arrivals.grow_old(second)
    await fetched(arrivals, second)
    assert await arrivals.asked(second) == [first.complaint_id]
