"""A database of its own for every day that is played."""

import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy import make_url

from tests.servers import running_postgres


@contextmanager
def databases(*, postgres: bool) -> Iterator[Callable[[], Awaitable[str | None]]]:
    """Give each day a database of its own; None is the SQLite file of the stand."""
    if not postgres:
        yield _file_of_the_stand
        return
    with running_postgres() as url:
        yield lambda: _created_on(url)


async def _file_of_the_stand() -> None:
    return None


async def _created_on(url: str) -> str:
    server, name = make_url(url), f"kill9_{secrets.token_hex(6)}"
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return server.set(database=name).render_as_string(hide_password=False)
