"""A version that went wrong is taken back: what people were to carry is sent by the version before."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from hub.rows import Kind, State
from tests.conftest import ROOT
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, upstreams_of


def migrated(url: str, *to: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *to], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"HUB_DATABASE_URL": url}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


async def test_what_was_laid_out_waits_again_before_and_after_going_back(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(database_url)
    books = Books(database, SteppedClock())
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING)
    await Shop(books, tmp_path).hand_over(upstreams_of(Carried())).drain()
    assert await books.state(parcel_id) == State.HANDED
    await database.engine.dispose()
    migrated(database_url, "downgrade", "0001")
    async with database.reading() as connection:
        found = await connection.scalar(text("SELECT state FROM parcels"))
    assert found == State.WAITING
    await database.engine.dispose()
    migrated(database_url, "upgrade", "head")
    assert (await books.lease_one()).parcel_id == parcel_id
    await database.aclose()
