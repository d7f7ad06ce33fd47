"""The web of the hub over an empty database, and who calls it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hub.web.app import create_app
from hub.web.needs import Needs, ReadsDesk
from tests.integration.web.fakes import (
    Arbiters,
    Carriers,
    Channels,
    Comparers,
    Counter,
    Mailroom,
    Operators,
    Reader,
    Readers,
    StoppedClock,
    Vault,
)
from tests.integration.web.invented import NOW

KEY = "kunci-rini"
HERE = "http://simpul.test"
# Invented, as everything here.
SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Web:
    """The app and everything behind it that a test looks at."""

    mailroom: Mailroom
    operators: Operators
    counter: Counter
    vault: Vault
    carriers: Carriers
    readers: Readers
    comparers: Comparers
    arbiters: Arbiters
    needs: Needs

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Somebody who has not said who they are."""
        transport = httpx.ASGITransport(create_app(self.needs), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers)


def web_over(desk: ReadsDesk, files_dir: Path) -> Web:
    mailroom, operators, counter, vault = Mailroom(), Operators(), Counter(), Vault()
    carriers, readers, comparers = Carriers(), Readers(), Comparers()
    arbiters = Arbiters()
    needs = Needs(
        webhooks=mailroom,
        decides=operators,
        moves=counter,
        uncovers=vault,
        carries=carriers,
        typed=readers,
        compares=comparers,
        conflicts=arbiters,
        desk=desk,
        connectors=Channels(),
        clock=StoppedClock(NOW),
        api_keys={"rini": KEY, "demo": "kunci-demo"},
        secret_key=SECRET,
        timezone="Asia/Jakarta",
        categories={},
        city="33.75",
        files_dir=files_dir,
        reasons={"darurat": "keadaan darurat ditangani 112"},
        urgent_routes=frozenset({"darurat"}),
    )
    return Web(
        mailroom, operators, counter, vault, carriers, readers, comparers, arbiters, needs
    )  # fmt: skip


@pytest.fixture
async def engine(sqlite_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(sqlite_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def each_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """SQLite, then PostgreSQL."""
    engine = create_async_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def web(engine: AsyncEngine, tmp_path: Path) -> Web:
    return web_over(Reader(engine), tmp_path)


@pytest.fixture
async def program(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    """A program of Rini's, with her key."""
    async with web.client(authorization=f"Bearer {KEY}") as client:
        yield client


@pytest.fixture
async def rini(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    """Rini at her browser, logged in."""
    async with web.client(origin=HERE) as client:
        answer = await client.post("/login", data={"key": KEY})
        assert answer.status_code == 303
        yield client
