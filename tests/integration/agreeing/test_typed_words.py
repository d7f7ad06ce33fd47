"""What an operator has read at a channel, and typed in, while it does not count."""

from datetime import datetime, timedelta

from hub.contract import Mapping, Status
from hub.intake.typed import Typed
from tests.fakes.upstream import Holder
from tests.integration.agreeing.quarrel import NATION, RULES, Quarrel
from tests.integration.matching.town import PROVINCE, RINI

AT_WORK, ANSWERED = Status.IN_PROGRESS, Status.ANSWERED
WORDS = {"selesai": Status.CLOSED, "terverifikasi": Status.VERIFIED}


async def types(quarrel: Quarrel, word: str, *, at: datetime | None = None) -> str:
    words = Mapping(name=PROVINCE, status_in=WORDS)
    upstreams = {**quarrel.upstreams, PROVINCE: Holder(quarrel.province, words)}
    typed = Typed(
        begin=quarrel.books.database.begin, upstreams=upstreams, clock=quarrel.books.clock,
        authorities=RULES,
    )  # fmt: skip
    ticket = (await quarrel.it()).ticket
    return await typed.status(ticket, PROVINCE, word=word, note=None, at=at, who=RINI)


async def test_a_word_typed_while_the_complaint_is_held_says_that_it_is_held(
    quarrel: Quarrel,
) -> None:
    for by, status in ((NATION, AT_WORK), (PROVINCE, ANSWERED), (NATION, AT_WORK)):
        await quarrel.hears(by, status)
        await quarrel.delivers()
        quarrel.books.clock.pass_time(minutes=20)
    why = (await quarrel.it()).held_why
    said = await types(quarrel, "Selesai")
    assert why is not None
    assert said.startswith("Dicatat, tetapi tidak diterapkan: aduan ini ditahan sampai petugas")
    assert said.endswith(why)


async def test_a_late_word_that_is_typed_says_that_it_is_late(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, AT_WORK)
    late = quarrel.books.clock() - timedelta(seconds=200)
    said = await types(quarrel, "Terverifikasi", at=late)
    assert "kabar itu lebih lama daripada yang berlaku" in said
