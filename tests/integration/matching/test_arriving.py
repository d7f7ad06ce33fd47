"""A report arrives, and the hub itself says which complaint it speaks of."""

from pathlib import Path

import pytest

from hub.bootstrap import open_hub
from hub.contract import Status
from hub.domain.matching.gist import VERSION
from hub.settings import Settings
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.integration.matching.arrivals import Arrivals
from tests.integration.matching.town import CHAT, PORTAL

LAMP = "Lampu jalan mati di Jl. Merdeka RT 3 RW 7 Bendan Kergon"
PADAM = "PJU padam, gelap. Jalan Merdeka rt 03/07 kel Bendan Kergon"
OTHER_RT = "PJU padam, gelap. Jalan Merdeka rt 04/07 kel Bendan Kergon"
SOMEWHERE = "Lampu jalan mati di Bendan Kergon, gelap"


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database, SteppedClock())


@pytest.fixture
def town(books: Books, tmp_path: Path) -> Arrivals:
    return Arrivals(books, tmp_path)


async def ended(town: Arrivals, complaint_id: int) -> None:
    await town.shows(await town.source(complaint_id, PORTAL), Status.CLOSED)
    await town.works()


async def test_the_second_citizen_with_the_same_lamp_joins_and_hears_the_ticket_and_how_many(
    town: Arrivals,
) -> None:
    first = await town.arrives(LAMP, who=1)
    second = await town.arrives(PADAM, who=2)
    assert second.complaint_id == first.complaint_id
    complaint = await town.complaint(first.complaint_id)
    assert complaint.voices == 2
    heard = town.chat.deliveries[-1]
    assert heard.ticket == complaint.ticket
    theirs = (await town.sources(complaint.id, CHAT))[-1]
    assert await town.told(theirs) == [("received", "Masalah ini sudah kami terima dari 2 warga.")]


async def test_why_it_joined_is_kept_for_whoever_asks(town: Arrivals) -> None:
    first = await town.arrives(LAMP, who=1)
    second = await town.arrives(PADAM, who=2)
    [judged] = await town.judged(second)
    assert (judged.complaint_id, judged.verdict, judged.state) == (
        first.complaint_id, "same", "done",
    )  # fmt: skip
    assert "RT/RW sama (3/7)" in {one["words"] for one in judged.evidence}
    [row] = await town.ledger()
    assert row["kind"] == "join"


async def test_another_rt_of_the_street_opens_its_own(town: Arrivals) -> None:
    first = await town.arrives(LAMP, who=1)
    second = await town.arrives(OTHER_RT, who=2)
    assert second.complaint_id != first.complaint_id
    [judged] = await town.judged(second)
    assert judged.verdict != "same"
    assert "RT lain (4 / 3)" in {one["words"] for one in judged.evidence}


async def test_what_is_perhaps_the_same_opens_its_own_and_waits_for_a_person(
    town: Arrivals,
) -> None:
    first = await town.arrives(LAMP, who=1)
    second = await town.arrives(SOMEWHERE, who=2)
    assert second.complaint_id != first.complaint_id
    assert await town.asked(second) == [first.complaint_id]


async def test_a_repeat_after_closing_opens_a_new_complaint_that_continues_the_old(
    town: Arrivals,
) -> None:
    first = await town.arrives(LAMP, who=1)
    await ended(town, first.complaint_id)
    second = await town.arrives(PADAM, who=2)
    assert second.complaint_id != first.complaint_id
    assert (await town.complaint(second.complaint_id)).continues == first.complaint_id
    assert await town.asked(second) == []
    assert (await town.judged(second))[0].verdict == "same"


async def test_the_same_lamp_mended_and_out_again_continues_the_old_complaint_while_it_is_open(
    town: Arrivals,
) -> None:
    first = await town.arrives(LAMP, who=1)
    town.books.clock.pass_time(days=25)
    again = f"Bulan lalu sudah diperbaiki, sekarang mati lagi. {LAMP}"
    second = await town.arrives(again, who=2)
    assert second.complaint_id != first.complaint_id
    assert (await town.judged(second))[0].returns


async def test_what_was_told_in_confidence_never_joins_unasked(town: Arrivals) -> None:
    first = await town.arrives(LAMP, who=1)
    second = await town.arrives(PADAM, who=2, secret=True)
    assert second.complaint_id != first.complaint_id
    assert await town.asked(second) == [first.complaint_id]
    assert await town.ledger() == []


async def test_without_matching_everybody_has_a_complaint_of_their_own(
    books: Books, tmp_path: Path
) -> None:
    town = Arrivals(books, tmp_path, matching=None)
    first = await town.arrives(LAMP, who=1)
    second = await town.arrives(LAMP, who=2)
    assert second.complaint_id != first.complaint_id
    assert await town.judged(second) == []


@pytest.mark.parametrize("wanted", [True, False])
async def test_matching_is_switched_off_by_a_setting(
    database_url: str, tmp_path: Path, *, wanted: bool
) -> None:
    settings = Settings(
        secret_key="0" * 32, api_keys="rini:kunci", database_url=database_url, files_dir=tmp_path,
        matching=wanted,
    )  # fmt: skip
    async with open_hub(settings) as hub:
        assert (hub.registry.matching is not None) is wanted


async def test_a_gist_of_an_older_reading_is_read_anew(town: Arrivals) -> None:
    first = await town.arrives(LAMP, who=1)
    await town.grow_old(first)
    second = await town.arrives(PADAM, who=2)
    assert second.complaint_id == first.complaint_id
    assert await town.version(first) == VERSION


async def test_a_gist_that_is_read_anew_keeps_the_ticket_that_citizens_quote(
    town: Arrivals,
) -> None:
    first = await town.arrives(LAMP, who=1)
    ticket = (await town.complaint(first.complaint_id)).ticket
    await town.grow_old(first, tickets=[ticket])
    await town.arrives(PADAM, who=2)
    quoting = await town.arrives(f"Menyambung laporan {ticket}, lampu masih mati", who=3)
    assert quoting.complaint_id == first.complaint_id


async def test_the_same_person_again_joins_and_is_no_second_voice(town: Arrivals) -> None:
    first = await town.arrives(LAMP, who=1)
    town.books.clock.pass_time(days=2)
    again = await town.arrives("Lampu Jalan Merdeka belum nyala juga", who=1)
    assert again.complaint_id == first.complaint_id
    assert (await town.complaint(first.complaint_id)).voices == 1


async def test_what_a_person_was_asked_is_merged_when_a_third_citizen_makes_it_clear(
    town: Arrivals,
) -> None:
    alley = await town.arrives("Lampu mati gang 2 Bendan Kergon", who=1)
    unit = await town.arrives("PJU padam RT 3 RW 7 Bendan Kergon", who=2)
    assert await town.asked(unit) == [alley.complaint_id]
    both = await town.arrives(
        "Lampu jalan mati di Jl. Merdeka gang 2 RT 3 RW 7 Bendan Kergon depan masjid Al Hidayah",
        who=3,
    )
    [stays] = await town.speaking()
    assert set((await town.owners()).values()) == {stays}
    assert (await town.complaint(stays)).voices == 3
    assert [row["kind"] for row in await town.ledger()] == ["join", "merge"]
    assert await town.asked(unit) == [], "nobody need be asked any more"
    assert await town.judged(both)


async def test_whoever_was_asked_about_and_tells_more_is_put_together_with_the_other(
    town: Arrivals,
) -> None:
    first = await town.arrives(LAMP, who=1)
    doubtful = await town.arrives(SOMEWHERE, who=2)
    await town.arrives(f"{SOMEWHERE}. Jl. Merdeka RT 3 RW 7", who=2)
    assert await town.speaking() == [first.complaint_id]
    assert await town.asked(doubtful) == []
    assert set((await town.owners()).values()) == {first.complaint_id}


async def test_every_report_that_met_a_complaint_has_rows_to_explain_it(town: Arrivals) -> None:
    await town.arrives(LAMP, who=1)
    later = [
        await town.arrives(text, who=n) for n, text in enumerate((PADAM, OTHER_RT, SOMEWHERE), 2)
    ]
    for said in later:
        rows = await town.judged(said)
        assert rows
        assert all(row.evidence for row in rows)
