"""What a new report costs with ten thousand to a million stored (show 3), next to two rivals."""

import asyncio
import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from rich.console import Console

from hub.domain.matching import Told, Verdict
from hub.domain.matching.matcher import Matcher
from hub.domain.matching.reading import Reader
from hub.store.database import Database
from hub.store.seal import Seal
from tests.bench.matching import scale_probe, scale_rivals
from tests.bench.matching.city import matching_of_the_city
from tests.bench.matching.scale_data import SPAN, City, city_of
from tests.bench.matching.scale_fill import fill
from tests.bench.matching.scale_postgres import a_postgres, new_database
from tests.bench.matching.scale_probe import WINDOW, Took
from tests.bench.matching.scale_table import Expected, Found, Measured, cells, kept, new_table

PER_DAY = 125
BRUTE_PROBES = 120
# A rival that needs a second per report need not need it four hundred times.
RIVAL_PROBES = 120


def run(console: Console, *, sizes: Sequence[int], databases: Sequence[str], per_day: int) -> None:
    matching = matching_of_the_city()
    city = city_of(matching.reader, per_day=per_day)
    expected = Expected(_brute(city, matching.reader, matching.matcher), _repeats(city))
    console.print(_made_of(city, per_day))
    table = new_table()
    measured = []
    with TemporaryDirectory() as folder:
        for one in _measured(Path(folder), city, sizes, databases):
            measured.append(one)
            console.print(f"  {one.database} {one.size:,} {one.way}: done", style="dim")
            table.add_row(*cells(one, city, expected))
    console.print(table)
    for database in databases:
        console.print(kept([one for one in measured if one.database == database], database))


def _measured(
    folder: Path, city: City, sizes: Sequence[int], databases: Sequence[str]
) -> Iterator[Measured]:
    probes = [probe.told for probe in city.probes]
    with ExitStack() as stack:
        server = stack.enter_context(a_postgres()) if "postgresql" in databases else ""
        for database in databases:
            for size in sizes:
                url = asyncio.run(_empty(database, folder, server))
                fill(url, city, size)
                for way, how in _ways(url, probes, size):
                    yield Measured(database, size, way, how())


def _ways(
    url: str, probes: Sequence[Told], size: int
) -> Iterator[tuple[str, Callable[[], Took | None]]]:
    few = probes[:RIVAL_PROBES]
    yield "floor: one durable commit", lambda: _apart(scale_probe.floor, url, probes)
    yield "ours, read to commit", lambda: _apart(scale_probe.ours, url, probes, size)
    yield "rapidfuzz over the block", lambda: _apart(scale_rivals.by_rapidfuzz, url, few)
    if not url.startswith("sqlite"):
        yield "pg_trgm over all", lambda: _apart(scale_rivals.by_trigrams, url, few)


def _apart(measure: Callable[..., Any], *given: Any) -> Any:
    """Measured in a process of its own: its memory is then its own, too."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as process:
        return process.submit(measure, *given).result()


async def _empty(database: str, folder: Path, server: str) -> str:
    name = f"bench_{uuid4().hex}"
    url = (
        f"sqlite+aiosqlite:///{folder / name}.db"
        if database == "sqlite"
        else await new_database(server, name)
    )
    opened = Database(
        url, seal=Seal(["only to measure"]), ticket_prefix="PKL", new_id=lambda: uuid4().hex
    )
    await opened.migrate()
    await opened.aclose()
    return url


def _brute(city: City, reader: Reader, matcher: Matcher) -> Found:
    found: Found = defaultdict(set)
    for row, probe in enumerate(city.probes[:BRUTE_PROBES]):
        gist = reader.read(probe.told)
        for place in _lately(city, probe.told):
            verdict = matcher.compare(gist, [city.known[place].gist]).verdict
            if verdict is not Verdict.DIFFERENT:
                found[row].add(place)
    return found


def _repeats(city: City) -> Found:
    found: Found = {}
    for row, probe in enumerate(city.probes):
        lately = _lately(city, probe.told)
        if same := {place for place in lately if city.known[place].incident == probe.incident}:
            found[row] = same
    return found


def _lately(city: City, told: Told) -> Iterator[int]:
    for place, known in enumerate(city.known):
        if told.said_at - WINDOW <= known.told.said_at <= told.said_at:
            yield place


def _made_of(city: City, per_day: int) -> str:
    known, probes, days, window = len(city.known), len(city.probes), SPAN.days, WINDOW.days
    return f"""\
Stored: {known:,} reports of {days} days from the generators ({per_day} a day), read once; before them
the same again and again, each round {days} days earlier and with other numbers in its words.
New: {probes} reports of the last days, which are not in the store. Brute force compares {BRUTE_PROBES} of
them with every report of the {window} days before; what it calls same or perhaps is the first recall,
the incident behind a report the second."""
