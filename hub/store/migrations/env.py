"""Alembic's entry: the hub's own connection when it migrates itself, HUB_DATABASE_URL on the command line."""

import asyncio
import os
from typing import Any

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

import hub.store.agreement_tables  # noqa: F401 - its tables belong to the metadata, too
import hub.store.matching_tables  # noqa: F401 - its tables belong to the metadata, too
from hub.store.database import with_async_driver
from hub.store.tables import metadata


def _run(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_run() -> None:
    url = os.environ.get("HUB_DATABASE_URL", "sqlite+aiosqlite:///hub.db")
    engine = create_async_engine(with_async_driver(url))
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    asyncio.run(_connect_and_run())
