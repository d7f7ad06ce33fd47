"""Who speaks: identities change, numbers are handed on, and nobody is ever made one with somebody else."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from hub.contract import Person
from hub.settings import Settings
from hub.store import tables
from tests.integration.intake.meta import post, said, webhook
from tests.integration.intake.rows import rows_of
from tests.integration.intake.workers import all_read, workers
from tests.journey.city import BUDI, City, city_of, settings_of

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
MORE = "Lubangnya makin dalam sejak hujan tadi malam dan sudah ada korban jatuh."


def person(*aliases: str) -> Person:
    address = {"user": "user_id", "phone": "phone"}
    named = (alias.partition(":") for alias in aliases)
    return Person(aliases=aliases, address={address[kind]: value for kind, _, value in named})


async def known(city: City, *aliases: str) -> int:
    async with city.hub.database.begin() as work:
        return await work.people.know("whatsapp", person(*aliases), at=city.clock(), heard_at=None)


async def renamed(city: City, old: str, new: str, *, replaces: bool = True) -> int | None:
    kind, _, value = new.partition(":")
    address = {"phone" if kind == "phone" else "user_id": value}
    async with city.hub.database.begin() as work:
        return await work.people.rename(
            "whatsapp", known=old, new=new, address=address, replaces=replaces
        )


async def test_a_new_user_id_keeps_the_thread(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    await city.world.whatsapp.play("change_id", {"conversation": BUDI})
    await city.work()
    await city.says(MORE)
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert [report["text"] for report in complaint["reports"]] == [HOLE, MORE]
    assert len(await rows_of(city.hub.database, tables.people)) == 1


async def test_a_new_user_id_that_is_told_late_still_brings_the_thread_together(
    city: City,
) -> None:
    old = await known(city, "user:ID.1", "phone:6281100001001")
    stranger = await known(city, "user:ID.2", "phone:6281100001001")
    assert stranger != old, "a number alone proves nothing"
    assert await renamed(city, "user:ID.1", "user:ID.2") == old
    assert await known(city, "user:ID.2", "phone:6281100001001") == old


@pytest.mark.parametrize("first", ["user:ID.1", "user:ID.2"])
async def test_a_number_that_belongs_to_another_account_never_merges_two_citizens(
    city: City, first: str
) -> None:
    second = "user:ID.2" if first == "user:ID.1" else "user:ID.1"
    number = "phone:6281100001001"
    one, other = await known(city, first, number), await known(city, second, number)
    assert one != other
    assert await known(city, first) == one == await known(city, first, number)
    assert await known(city, second) == other == await known(city, second, number)


async def test_a_number_known_before_the_account_is_the_accounts_that_first_comes_with_it(
    city: City,
) -> None:
    number = "phone:6281100001001"
    by_number = await known(city, number)
    assert await known(city, "user:ID.1", number) == by_number
    assert await known(city, "user:ID.2", number) != by_number


async def test_who_moves_to_a_number_of_somebody_else_is_not_taken_for_them_afterwards(
    city: City,
) -> None:
    mover = await known(city, "phone:6281100001001")
    previous = await known(city, "user:ID.9", "phone:6281100001002")
    assert await renamed(city, "phone:6281100001001", "phone:6281100001002") == mover
    assert await known(city, "phone:6281100001002") == mover
    assert await known(city, "user:ID.9") == previous


async def test_a_number_somebody_merely_shares_is_not_taken_from_its_owner(city: City) -> None:
    owner = await known(city, "user:ID.9", "phone:6281100001002")
    sharer = await known(city, "user:ID.1")
    told = await renamed(city, "user:ID.1", "phone:6281100001002", replaces=False)
    assert told == sharer
    assert await known(city, "phone:6281100001002") == owner


async def test_news_of_an_identity_nobody_has_changes_nothing(city: City) -> None:
    assert await renamed(city, "user:ID.1", "user:ID.2") is None
    assert await rows_of(city.hub.database, tables.people) == []


async def test_the_next_message_goes_to_the_new_address(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    citizen = city.world.whatsapp.citizens.named(BUDI)
    old, citizen.phone = citizen.phone, "6281100001777"
    body = {"type": "user_changed_number", "wa_id": citizen.phone, "body": "ganti nomor"}
    one = said(
        "", at=city.clock(), number="s", phone=old, user_id=None, type="system", system=body
    )
    assert await post(city.hub, webhook(one)) == 200
    await city.work()
    number = city.happened("filed")[0]["external_id"]
    await city.officer("verify", number)
    assert len(city.heard()) == 2


async def test_identities_and_raw_words_cannot_be_read_in_the_database_file(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(sqlite_url, tmp_path / "files")
    async with city_of(settings, monkeypatch=monkeypatch) as city:
        await city.says(HOLE, name="Suharti Rekaan")
        await city.says("Halo min", who="6281100001002", name="Wagiman Rekaan")
        await city.falls_silent()
        assert len(await city.complaints()) == 1
    file = Path(make_url(sqlite_url).database or "")
    written = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert HOLE.encode() in written, "a complaint itself is no secret"
    for secret in (BUDI, "6281100001002", "Suharti", "Wagiman", "wa_id", "messaging_product"):
        assert secret.encode() not in written, secret


async def test_two_workers_that_meet_the_same_new_citizen_at_once_know_one_person(
    city: City, settings: Settings
) -> None:
    """In every item all citizens speak, each time in another order: locks cross."""
    citizens, items = 6, 16
    for item in range(items):
        pieces = [
            said(
                f"{HOLE} ({item})",
                at=city.clock(),
                number=f"{item}.{n}",
                phone=f"62811000{n:05d}",
                user_id=f"ID.{n:020d}",
                after=item,
            )
            for n in ((item + i) * (-1) ** item % citizens for i in range(citizens))
        ]
        assert await post(city.hub, webhook(*pieces)) == 200
    async with workers(settings, city.hub.registry.upstreams, city.clock, count=4) as crew:
        await all_read(crew)
    database = city.hub.database
    assert len(await rows_of(database, tables.people)) == citizens
    assert len(await rows_of(database, tables.aliases)) == 2 * citizens
    assert len(await rows_of(database, tables.turns)) == citizens
    assert len(await rows_of(database, tables.reports)) == citizens * items
    assert {row.state for row in await rows_of(database, tables.inbox)} == {"read"}
    last = city.clock().replace(microsecond=0) + timedelta(seconds=items - 1)
    assert {row.heard_at for row in await rows_of(database, tables.people)} == {last}


async def test_many_at_once_give_one_person_an_address_without_losing_any(city: City) -> None:
    async def speak(number: int) -> int:
        return await known(city, "user:ID.1", f"phone:62811000{number:04d}")

    ids = await asyncio.gather(*(speak(number) for number in range(8)))
    assert len(set(ids)) == 1
    assert len(await rows_of(city.hub.database, tables.people)) == 1
