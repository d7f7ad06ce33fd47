"""A report arrives, and the hub itself says which complaint it speaks of."""

from pathlib import Path

import pytest

from hub.bootstrap import open_hub
from hub.contract import Status
from hub.domain.matching.gist import VERSION
from hub.settings import Settings
from tests.fakes.books import Books
from tests.integration.matching.arrivals import Arrivals
from tests.integration.matching.town import CHAT, PORTAL

LAMP = "Lampu jalan mati di Jl. Merdeka RT 3 RW 7 Bendan Kergon"
PADAM = "PJU padam, gelap. Jalan Merdeka rt 03/07 kel Bendan Kergon"
OTHER_RT = "PJU padam, gelap. Jalan Merdeka rt 04/07 kel Bendan Kergon"
SOMEWHERE = "Lampu jalan mati di Bendan Kergon, gelap"


async def ended(arrivals: Arrivals, complaint_id: int) -> None:
    await arrivals.shows(await arrivals.source(complaint_id, PORTAL), Status.CLOSED)
    await arrivals.works()


async def test_the_second_citizen_with_the_same_lamp_joins_and_hears_the_ticket_and_how_many(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    second = await arrivals.arrives(PADAM, who=2)
    assert second.complaint_id == first.complaint_id
    complaint = await arrivals.complaint(first.complaint_id)
    assert complaint.voices == 2
    heard = arrivals.chat.deliveries[-1]
    assert heard.ticket == complaint.ticket
    theirs = (await arrivals.sources(complaint.id, CHAT))[-1]
    assert await arrivals.told(theirs) == [
        ("received", "Masalah ini sudah kami terima dari 2 warga.")
    ]


async def test_why_it_joined_is_kept_for_whoever_asks(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    second = await arrivals.arrives(PADAM, who=2)
    [judged] = await arrivals.judged(second)
    assert (judged.complaint_id, judged.verdict, judged.state) == (
        first.complaint_id, "same", "done",
    )  # fmt: skip
    assert "RT/RW sama (3/7)" in {one["words"] for one in judged.evidence}
    [row] = await arrivals.ledger()
    assert row["kind"] == "join"


async def test_another_rt_of_the_street_opens_its_own(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    second = await arrivals.arrives(OTHER_RT, who=2)
    assert second.complaint_id != first.complaint_id
    [judged] = await arrivals.judged(second)
    assert judged.verdict != "same"
    assert "RT lain (4 / 3)" in {one["words"] for one in judged.evidence}


async def test_what_is_perhaps_the_same_opens_its_own_and_waits_for_a_person(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    second = await arrivals.arrives(SOMEWHERE, who=2)
    assert second.complaint_id != first.complaint_id
    assert await arrivals.asked(second) == [first.complaint_id]


async def test_a_repeat_after_closing_opens_a_new_complaint_that_continues_the_old(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    await ended(arrivals, first.complaint_id)
    second = await arrivals.arrives(PADAM, who=2)
    assert second.complaint_id != first.complaint_id
    assert (await arrivals.complaint(second.complaint_id)).continues == first.complaint_id
    assert await arrivals.asked(second) == []
    assert (await arrivals.judged(second))[0].verdict == "same"


async def test_the_same_lamp_mended_and_out_again_continues_the_old_complaint_while_it_is_open(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    arrivals.books.clock.pass_time(days=25)
    again = f"Bulan lalu sudah diperbaiki, sekarang mati lagi. {LAMP}"
    second = await arrivals.arrives(again, who=2)
    assert second.complaint_id != first.complaint_id
    assert (await arrivals.judged(second))[0].returns


async def test_what_was_told_in_confidence_never_joins_unasked(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    second = await arrivals.arrives(PADAM, who=2, secret=True)
    assert second.complaint_id != first.complaint_id
    assert await arrivals.asked(second) == [first.complaint_id]
    assert await arrivals.ledger() == []


async def test_without_matching_everybody_has_a_complaint_of_their_own(
    books: Books, tmp_path: Path
) -> None:
    arrivals = Arrivals(books, tmp_path, matching=None)
    first = await arrivals.arrives(LAMP, who=1)
    second = await arrivals.arrives(LAMP, who=2)
    assert second.complaint_id != first.complaint_id
    assert await arrivals.judged(second) == []


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


async def test_a_gist_of_an_older_reading_is_read_anew(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    await arrivals.grow_old(first)
    second = await arrivals.arrives(PADAM, who=2)
    assert second.complaint_id == first.complaint_id
    assert await arrivals.version(first) == VERSION


async def test_a_gist_that_is_read_anew_keeps_the_ticket_that_citizens_quote(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    ticket = (await arrivals.complaint(first.complaint_id)).ticket
    await arrivals.grow_old(first, tickets=[ticket])
    await arrivals.arrives(PADAM, who=2)
    quoting = await arrivals.arrives(f"Menyambung laporan {ticket}, lampu masih mati", who=3)
    assert quoting.complaint_id == first.complaint_id


async def test_the_same_person_again_joins_and_is_no_second_voice(arrivals: Arrivals) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    arrivals.books.clock.pass_time(days=2)
    again = await arrivals.arrives("Lampu Jalan Merdeka belum nyala juga", who=1)
    assert again.complaint_id == first.complaint_id
    assert (await arrivals.complaint(first.complaint_id)).voices == 1


async def test_what_a_person_was_asked_is_merged_when_a_third_citizen_makes_it_clear(
    arrivals: Arrivals,
) -> None:
    alley = await arrivals.arrives("Lampu mati gang 2 Bendan Kergon", who=1)
    unit = await arrivals.arrives("PJU padam RT 3 RW 7 Bendan Kergon", who=2)
    assert await arrivals.asked(unit) == [alley.complaint_id]
    both = await arrivals.arrives(
        "Lampu jalan mati di Jl. Merdeka gang 2 RT 3 RW 7 Bendan Kergon depan masjid Al Hidayah",
        who=3,
    )
    [stays] = await arrivals.speaking()
    assert set((await arrivals.owners()).values()) == {stays}
    assert (await arrivals.complaint(stays)).voices == 3
    assert [row["kind"] for row in await arrivals.ledger()] == ["join", "merge"]
    assert await arrivals.asked(unit) == [], "nobody need be asked any more"
    assert await arrivals.judged(both)


async def test_whoever_was_asked_about_and_tells_more_is_put_together_with_the_other(
    arrivals: Arrivals,
) -> None:
    first = await arrivals.arrives(LAMP, who=1)
    doubtful = await arrivals.arrives(SOMEWHERE, who=2)
    await arrivals.arrives(f"{SOMEWHERE}. Jl. Merdeka RT 3 RW 7", who=2)
    assert await arrivals.speaking() == [first.complaint_id]
    assert await arrivals.asked(doubtful) == []
    assert set((await arrivals.owners()).values()) == {first.complaint_id}


async def test_every_report_that_met_a_complaint_has_rows_to_explain_it(
    arrivals: Arrivals,
) -> None:
    await arrivals.arrives(LAMP, who=1)
    later = [
        await arrivals.arrives(text, who=n)
        for n, text in enumerate((PADAM, OTHER_RT, SOMEWHERE), 2)
    ]
    for said in later:
        rows = await arrivals.judged(said)
        assert rows
        assert all(row.evidence for row in rows)
