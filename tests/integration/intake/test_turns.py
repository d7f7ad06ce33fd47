"""What citizens say within seconds is one thing said."""

import asyncio
from datetime import timedelta

import pytest

from hub.settings import Settings
from hub.store import tables
from tests.integration.intake.meta import post, said, webhook
from tests.integration.intake.rows import rows_of
from tests.integration.intake.workers import all_close, workers
from tests.journey.city import BUDI, City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
LAMP = "Lampu penerangan di Gang Melati RT 3 mati total sejak hari Senin kemarin."


async def test_three_photos_and_a_text_within_seconds_are_one_complaint(city: City) -> None:
    await city.says("", how="album", count=3)
    city.clock.pass_time(seconds=3)
    await city.says(HOLE)
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert complaint["text"] == HOLE
    assert len(complaint["reports"]) == 4
    assert len(city.happened("filed")) == 1
    assert len(city.heard()) == 1, "one answer, with the ticket"
    assert complaint["ticket"] in city.heard()[0]


@pytest.mark.parametrize("greeting", ["Halo", "Selamat pagi min 🙏", "P", "Assalamualaikum wr wb"])
async def test_a_greeting_alone_gets_one_friendly_line_and_is_no_complaint(
    city: City, greeting: str
) -> None:
    await city.says(greeting)
    await city.falls_silent()
    assert await city.complaints() == []
    [line] = city.heard()
    assert "Silakan ceritakan" in line


async def test_thanks_alone_are_answered_and_are_no_complaint(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    await city.says("Terima kasih banyak pak")
    await city.falls_silent()
    assert len(await city.complaints()) == 1
    assert city.heard()[-1].startswith("Sama-sama")
    assert city.happened("followed_up") == []


async def test_a_greeting_and_a_complaint_in_one_breath_are_a_complaint(city: City) -> None:
    await city.says("Selamat pagi")
    await city.says(HOLE)
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert HOLE in complaint["text"]
    assert len(city.heard()) == 1


async def test_what_is_said_18_seconds_later_joins_the_complaint_and_goes_there_too(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent(seconds=18)
    await city.says("Mohon segera, kemarin ada anak sekolah terluka karena lubang itu.")
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert len(complaint["reports"]) == 2
    assert len(city.happened("filed")) == 1
    [added] = city.happened("followed_up")
    assert added["external_id"] == city.happened("filed")[0]["external_id"]


async def test_a_sentence_said_later_is_a_new_complaint_and_a_pin_belongs_to_the_last_one(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    city.clock.pass_time(minutes=10)
    await city.says(how="location")
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert len(complaint["reports"]) == 2
    city.clock.pass_time(minutes=10)
    await city.says(LAMP)
    await city.falls_silent()
    assert [each["text"] for each in await city.complaints()] == [HOLE, LAMP]


async def test_quoting_our_message_adds_to_the_complaint_it_is_about(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    [about_hole] = city.happened("told")
    city.clock.pass_time(hours=2)
    await city.says(LAMP)
    await city.falls_silent()
    city.clock.pass_time(hours=2)
    await city.says(how="button", text="Belum diperbaiki", quoted=about_hole["message"])
    await city.falls_silent()
    first, second = await city.complaints()
    assert [report["text"] for report in first["reports"]] == [HOLE, "Belum diperbaiki"]
    assert len(second["reports"]) == 1


async def test_messages_that_come_out_of_order_are_read_in_the_order_they_were_said(
    city: City,
) -> None:
    words = ["Ada pohon tumbang", "di Jalan Merdeka", "menutup seluruh jalan", "mohon bantuan"]
    for place in (2, 0, 3, 1):
        one = said(words[place], at=city.clock(), number=str(place), after=place)
        assert await post(city.hub, webhook(one)) == 200
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert complaint["text"] == "\n".join(words)
    assert complaint["title"] == words[0]


async def test_an_earlier_message_that_comes_after_the_turn_is_over_joins_its_complaint(
    city: City,
) -> None:
    began = city.clock()
    await post(city.hub, webhook(said(HOLE, at=began, number="2", after=20)))
    await city.falls_silent()
    await post(city.hub, webhook(said("Ini tepat di depan toko roti", at=began, number="1")))
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert len(complaint["reports"]) == 2


async def test_what_was_said_hours_apart_and_came_together_after_an_outage_stays_apart(
    city: City,
) -> None:
    began = city.clock() - timedelta(hours=5)
    pieces = [
        said(HOLE, at=began, number="1"),
        said("Foto menyusul", at=began, number="2", after=30),
        said(LAMP, at=began, number="3", after=3 * 3600),
    ]
    for piece in pieces:
        await post(city.hub, webhook(piece))
    await city.falls_silent()
    hole, lamp = await city.complaints()
    assert (hole["text"], lamp["text"]) == (f"{HOLE}\nFoto menyusul", LAMP)
    assert hole["said_at"] < lamp["said_at"]


async def test_yesterdays_complaint_that_comes_after_todays_is_a_complaint_of_its_own(
    city: City,
) -> None:
    await post(city.hub, webhook(said(HOLE, at=city.clock(), number="2")))
    await city.falls_silent()
    yesterday = city.clock() - timedelta(days=1)
    await post(city.hub, webhook(said(LAMP, at=yesterday, number="1")))
    await city.falls_silent()
    assert [each["text"] for each in await city.complaints()] == [HOLE, LAMP]


async def test_a_turn_is_never_longer_than_the_longest_however_much_is_said(city: City) -> None:
    for number in range(25):
        one = said(f"kalimat {number}", at=city.clock(), number=str(number))
        await post(city.hub, webhook(one))
        await city.reads()
        await city.hub.turns.step()
        city.clock.pass_time(seconds=4)
    turns = await rows_of(city.hub.database, tables.turns)
    longest = max(turn.closed_at - turn.opened_at for turn in turns if turn.closed_at)
    assert timedelta(seconds=56) <= longest <= timedelta(seconds=64)
    assert len(turns) == 2


async def test_two_citizens_at_once_are_two_turns(city: City) -> None:
    await city.says(HOLE)
    await city.says(LAMP, who="6281100001002")
    await city.falls_silent()
    assert sorted(each["text"] for each in await city.complaints()) == sorted([HOLE, LAMP])
    assert len(city.heard(BUDI)) == len(city.heard("6281100001002")) == 1


async def test_four_workers_that_close_the_same_turns_make_one_complaint_of_each(
    city: City, settings: Settings
) -> None:
    citizens = 25
    for number in range(citizens):
        phone, user_id = f"62811000{number:05d}", f"ID.{number:020d}"
        pieces = [
            said(text, at=city.clock(), number=f"{number}.{i}", phone=phone, user_id=user_id)
            for i, text in enumerate((HOLE, LAMP))
        ]
        await post(city.hub, webhook(*pieces))
    await city.reads()
    city.clock.pass_time(seconds=6)
    async with workers(settings, city.hub.registry.upstreams, city.clock, count=4) as crew:
        assert await all_close(crew) == citizens
    database = city.hub.database
    opened = await rows_of(database, tables.complaints)
    assert len(opened) == citizens == len({each.ticket for each in opened})
    reports = await rows_of(database, tables.reports)
    assert len({(report.person_id, report.complaint_id) for report in reports}) == citizens


async def test_a_message_that_comes_while_its_turn_is_being_closed_is_not_lost(
    city: City, settings: Settings
) -> None:
    """Reading and closing at once, again and again: every message is in some complaint."""
    async with workers(settings, city.hub.registry.upstreams, city.clock) as crew:
        for number in range(20):
            one = said(f"{HOLE} ({number})", at=city.clock(), number=str(number))
            await post(city.hub, webhook(one))
            city.clock.pass_time(seconds=5)
            await asyncio.gather(*(worker.reads() for worker in crew), all_close(crew))
        city.clock.pass_time(seconds=60)
        await all_close(crew)
    reports = await rows_of(city.hub.database, tables.reports)
    assert len(reports) == 20
    assert all(report.complaint_id is not None for report in reports)


async def test_a_word_on_an_ended_complaint_is_kept_passed_on_and_shown_to_an_operator(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    assert await city.post(path, status="closed", note="Sudah ditambal.") < 300
    city.clock.pass_time(hours=3)
    await city.says("Belum, masih berlubang pak")
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert complaint["status"] == "closed"
    assert len(complaint["reports"]) == 2
    assert [c["kind"] for c in await city.get("/cards")] == ["late_words"]
    await city.post(path, status="in_progress", reason="Pelapor: masih berlubang.")
    assert await city.get("/cards") == []
