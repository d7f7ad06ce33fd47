"""Two other ways to find repeats in a filled store: rapidfuzz over a block, and pg_trgm over all."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from rapidfuzz import fuzz, process
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.matching import Told
from hub.store.candidates import MOST, seconds
from tests.bench.matching.city import matching_of_the_city
from tests.bench.matching.scale_fill import ward_of
from tests.bench.matching.scale_probe import Took, each, opened

BLOCK_WINDOW = timedelta(days=14)
# A slow one is asked no longer than this.
RIVAL_SECONDS = 60.0
IN_BLOCK = (
    "SELECT id, text FROM bench_texts WHERE ward IN (:ward, '') AND at BETWEEN :since AND :until"
)
IN_DAYS = "SELECT id, text FROM bench_texts WHERE at BETWEEN :since AND :until"
BY_TRIGRAMS = (
    "SELECT id FROM bench_texts WHERE text % :text AND at <= :until"
    " ORDER BY similarity(text, :text) DESC LIMIT :most"
)


def by_rapidfuzz(url: str, probes: Sequence[Told]) -> Took:
    """The texts of the same kelurahan (or of none) in 14 days, the likest first."""
    return asyncio.run(_by_rapidfuzz(url, probes))


def by_trigrams(url: str, probes: Sequence[Told]) -> Took | None:
    """The likest texts of all, by pg_trgm; None where this PostgreSQL has no such extension."""
    return asyncio.run(_by_trigrams(url, probes))


async def _by_rapidfuzz(url: str, probes: Sequence[Told]) -> Took:
    reader = matching_of_the_city().reader
    async with opened(url) as database, database.reading() as connection:

        async def scan(_: int, told: Told) -> list[int]:
            ward, until = ward_of(reader.read(told)), seconds(told.said_at)
            since = until - int(BLOCK_WINDOW.total_seconds())
            given = {"ward": ward, "since": since, "until": until}
            block = await connection.execute(text(IN_BLOCK if ward else IN_DAYS), given)
            texts = {row.id: row.text for row in block}
            likest = process.extract(told.text, texts, scorer=fuzz.token_sort_ratio, limit=MOST)
            return [report_id for _, _, report_id in likest]

        return await each(scan, probes, within=RIVAL_SECONDS)


async def _by_trigrams(url: str, probes: Sequence[Told]) -> Took | None:
    async with opened(url) as database, database.engine.begin() as connection:
        try:
            await connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        except DBAPIError:
            return None
        await _index(connection)

        async def look_up(_: int, told: Told) -> list[int]:
            given = {"text": told.text, "until": seconds(told.said_at), "most": MOST}
            return list(await connection.scalars(text(BY_TRIGRAMS), given))

        return await each(look_up, probes, within=RIVAL_SECONDS)


async def _index(connection: AsyncConnection) -> None:
    await connection.execute(text("SET maintenance_work_mem = '512MB'"))
    await connection.execute(
        text("CREATE INDEX bench_trigrams ON bench_texts USING gin (text gin_trgm_ops)")
    )
    await connection.execute(text("ANALYZE bench_texts"))
