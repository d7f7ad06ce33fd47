"""A PostgreSQL to fill: the one that is named, else one with pg_trgm from the machine, else the wheel's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from sqlalchemy import make_url

from tests import servers

TRIGRAMS = "pg_trgm.control"


@contextmanager
def a_postgres() -> Iterator[str]:
    named = os.environ.get("HUB_TEST_DATABASE_URL")
    if named:
        yield named
        return
    with ExitStack() as stack:
        programs = _of_the_machine()
        server = servers.running_postgres() if programs is None else _running(programs)
        yield stack.enter_context(server)


async def new_database(url: str, name: str) -> str:
    """An empty database on the same server, in the place of an earlier one of that name."""
    server = await asyncpg.connect(url.replace("+asyncpg", ""))
    await server.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await server.execute(f'CREATE DATABASE "{name}"')
    await server.close()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _of_the_machine() -> Path | None:
    """Where the newest PostgreSQL of Debian with pg_trgm keeps its programs."""
    for programs in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        shared = Path("/usr/share/postgresql") / programs.parent.name / "extension"
        if (shared / TRIGRAMS).is_file() and shutil.which("postgres", path=str(programs)):
            return programs
    return None


@contextmanager
def _running(programs: Path) -> Iterator[str]:
    with TemporaryDirectory(prefix="hub-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        account = servers._account_for(data)
        initdb = [f"{programs}/initdb", "-D", f"{data}", "-U", "postgres", "--auth=trust"]
        servers._initialise(
            [*initdb, "--no-sync", "--encoding=UTF8", "--locale=C"], account=account
        )
        address = ["-h", servers.HOST, "-p", servers.PORT]
        server = servers.Program(
            serve=[f"{programs}/postgres", "-D", f"{data}", "-k", "", *address],
            ask=[f"{programs}/pg_isready", *address],
            folder=data,
            account=account,
        )
        with servers._running(server) as port:
            yield f"postgresql+asyncpg://postgres@{servers.HOST}:{port}/postgres"
