"""What a test may ask for: real databases, a real Redis, a network that ends at this machine."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import redis
from sqlalchemy import URL, make_url

from tests.servers import ServerMissing, left_out, running_postgres, running_redis

# Checks that several suites share explain their asserts; said before anybody imports them.
pytest.register_assert_rewrite(
    "tests.contract.checks", "tests.contract.recordings", "tests.contract.upstreams"
)

ROOT = Path(__file__).parents[1]
# Everywhere else even loopback is closed.
LOOPBACK_FOLDERS = {"bench", "browser", "faults", "integration", "journey"}
BEGAN = pytest.StashKey[float]()
USED = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[BEGAN] = time.monotonic()
    config.stash[USED] = {}
    # The settings of whoever runs the tests must not decide how they end.
    owners = {"HUB", *(folder.name.upper() for folder in ROOT.glob("connectors/*/"))}
    for name in [name for name in os.environ if name.partition("_")[0] in owners]:
        if not name.startswith("HUB_TEST_"):
            del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(ROOT / "tests").parts[0] in LOOPBACK_FOLDERS:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["used"] = session.config.stash[USED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[USED] |= getattr(node, "workeroutput", {}).get("used", {})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    seconds = time.monotonic() - config.stash[BEGAN]
    used = sorted(f"{name} {version}" for name, version in config.stash[USED].items())
    terminalreporter.write_line(f"{seconds:.1f} s on {', '.join(used) or 'no database'}")


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A server, and the migrated database that every test's own one is a copy of."""

    url: URL
    template: str

    def create(self, *, migrated: bool) -> URL:
        """Make a database nobody else uses."""
        name = f"hub_test_{uuid4().hex}"
        template = self.template if migrated else "template0"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url.set(database=name)

    def drop(self, database: str | None) -> None:
        """Remove it, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def execute(self, sql: str) -> Any:
        """Run one statement on the maintenance database."""

        async def run() -> Any:
            connection = await asyncpg.connect(_text(self.url.set(drivername="postgresql")))
            try:
                return await connection.fetchval(sql)
            finally:
                await connection.close()

        # Its own thread: the test that asks may have an event loop running.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(run())).result()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Postgres]:
    """The PostgreSQL of this run, or the one HUB_TEST_DATABASE_URL names."""
    with ExitStack() as stack:
        url = os.environ.get("HUB_TEST_DATABASE_URL")
        if url is None:
            url = _start(stack, running_postgres, "HUB_TEST_DATABASE_URL")
        admin = make_url(url).set(drivername="postgresql+asyncpg")
        server = Postgres(url=admin, template=f"hub_template_{uuid4().hex}")
        pytestconfig.stash[USED]["PostgreSQL"] = server.execute("SHOW server_version").split()[0]
        server.execute(f"CREATE DATABASE {server.template} TEMPLATE template0")
        stack.callback(server.drop, server.template)
        _migrate(_text(admin.set(database=server.template)))
        yield server


@pytest.fixture
def new_postgres_url(postgres: Postgres) -> Iterator[Callable[..., str]]:
    """Make as many databases as a test needs; with `migrated=False` they have no tables."""
    with ExitStack() as stack:

        def new(*, migrated: bool = True) -> str:
            url = postgres.create(migrated=migrated)
            stack.callback(postgres.drop, url.database)
            return _text(url)

        yield new


@pytest.fixture
def postgres_url(new_postgres_url: Callable[..., str]) -> str:
    """A migrated, empty PostgreSQL database for this test alone."""
    return new_postgres_url()


@pytest.fixture(scope="session")
def migrated_sqlite(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated, empty file that every test's own one is a copy of."""
    pytestconfig.stash[USED]["SQLite"] = sqlite3.sqlite_version
    file = tmp_path_factory.mktemp("sqlite") / "hub.db"
    _migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite file for this test alone."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'hub.db')}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def redis_server(pytestconfig: pytest.Config) -> Iterator[URL]:
    """The Redis of this run, or the one HUB_TEST_REDIS_URL names; tests empty it."""
    with ExitStack() as stack:
        url = os.environ.get("HUB_TEST_REDIS_URL")
        if url is None:
            url = _start(stack, running_redis, "HUB_TEST_REDIS_URL")
        # Workers that share a Redis keep to their own number; it has sixteen.
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
        server = make_url(url).set(database=str(number))
        with redis.Redis.from_url(_text(server)) as client:
            pytestconfig.stash[USED]["Redis"] = client.info()["redis_version"]
        yield server


@pytest.fixture
def redis_url(redis_server: URL) -> str:
    """An empty Redis database for this test alone."""
    url = _text(redis_server)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def _start(stack: ExitStack, running: Callable[[], Any], variable: str) -> str:
    try:
        url: str = stack.enter_context(running())
    except ServerMissing as missing:
        raise left_out(str(missing)) from None
    # Programs a test starts find the same server.
    stack.enter_context(pytest.MonkeyPatch.context()).setenv(variable, url)
    return url


def _migrate(url: str) -> None:
    # As an operator would: on the command line, with the configuration of pyproject.toml.
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    environment = os.environ | {"HUB_DATABASE_URL": url}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
