"""`hub reconcile` in a city: it looks, repairs, prints who agrees, and its exit code says whether all do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO

import pytest
from rich.console import Console
from sqlalchemy import update

from hub.bootstrap import Hub
from hub.commands.agreement import NOT_ALL, reconcile
from hub.settings import Settings
from hub.store.tables import complaints
from tests.journey.city import City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."


@pytest.fixture
def at_the_terminal(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the hub of this city."""

    @asynccontextmanager
    async def open_hub(settings: Settings) -> AsyncIterator[Hub]:
        assert settings is city.hub.settings
        yield city.hub

    monkeypatch.setattr("hub.commands.agreement.open_hub", open_hub)
    monkeypatch.setattr("hub.commands.agreement.utc_now", city.clock)


async def run(city: City) -> tuple[int, str]:
    said = StringIO()
    code = await reconcile(city.hub.settings, say=Console(file=said, width=200))
    return code, said.getvalue()


@pytest.mark.usefixtures("at_the_terminal")
async def test_what_an_officer_did_unseen_is_found_and_told(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    report = city.happened("filed")[0]["external_id"]
    city.clock.pass_time(minutes=10)
    await city.world.sp4n.play("verify", {"id": report})
    city.clock.pass_time(minutes=2)
    code, said = await run(city)
    assert "SP4N-LAPOR!: 1 aduan dilihat, paling banyak 60 per menit" in said
    assert "1 dari 2 selaras" in said
    assert code == NOT_ALL, "the citizen does not know yet"
    await city.work()
    code, said = await run(city)
    assert code == 0, said
    assert "2 dari 2 selaras" in said
    assert "putaran terakhir: Selesai baru saja: 1 aduan" in said
    assert "waktu sampai sepakat, 7 hari: p50" in said


@pytest.mark.usefixtures("at_the_terminal")
async def test_a_promise_that_was_lost_is_made_anew_and_arrives(city: City) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    await city.looks_around(seconds=4000)
    async with city.hub.database.begin() as work:
        # As a bug would leave it, or going back to a backup.
        await work.connection.execute(update(complaints).values(status="in_progress"))
    code, said = await run(city)
    assert code == NOT_ALL
    assert "2 status yang terlewat dijanjikan lagi" in said
    await city.work()
    assert (await run(city))[0] == 0
    assert len(city.happened("followed_up")) == 1
    assert len(city.heard()) == 2
