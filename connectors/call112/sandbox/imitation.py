"""The imitation as the harness knows it: citizens call, agents write it down, files are dropped."""

import asyncio
import shutil
import tempfile
import weakref
from collections.abc import Coroutine, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from jinja2 import Environment, FileSystemLoader

from connectors.call112.sandbox import day, drops, web
from connectors.call112.sandbox.calls import TYPES, WIB, Call, call_of
from hub.sandbox import Scene, Stage

NAME = "call112"
LABEL = "Tiruan (imitasi) pusat panggilan — bukan Layanan 112; nomor dan kejadian rekaan"
CALL, DATABASE, DROP = "call", "database", "drop"
# The ways a log is handed over, in turn: csv and xlsx under another name first, slow in place, twice.
WAYS = ("csv", "xlsx", "slow", "twice")
# A workbook of which so many bytes are left, and not a row.
BROKEN, BROKEN_AFTER = "broken", 40

_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_pages.filters["wib"] = lambda at: at.astimezone(WIB).strftime("%d-%m-%Y %H:%M:%S")


class Call112Imitation:
    """A call centre with one log. What it drops goes with it."""

    name = NAME
    title = "Layanan 112 (tiruan)"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._root = Path(tempfile.mkdtemp(prefix="simpul-112-tiruan-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)
        self.folder = self._root / "kotak-keluar"
        self.folder.mkdir()
        self._calls: list[Call] = []
        self._dropped = 0
        self._drops = 0
        self._fills_database = False
        self._writing: set[asyncio.Task[None]] = set()
        self.app = web.build_app(self._csv)

    def environment(self) -> Mapping[str, str]:
        """The settings that make a hub read what is dropped here."""
        return {
            "CALL112_FOLDER": str(self.folder),
            "CALL112_SETTLE_SECONDS": "0.5",
            "CALL112_POLL_SECONDS": "1",
        }

    def scenes(self, rng: Random) -> Iterable[Scene]:
        """The calls of a demo day."""
        return day.scenes(rng)

    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """A call (type, category, text, phone, place ...), a drop now (how), or rows in a database, too."""
        match action:
            case "call":
                return self._call(facts)
            case "drop":
                return {"file": await self._drop(str(facts.get("how") or "csv"))}
            case "database":
                return self._with_database()
            case _:
                raise ValueError(
                    f"Tidak ada tindakan {action!r}; yang ada: {CALL}, {DROP}, {DATABASE}."
                )

    async def act(self, rng: Random) -> bool:  # noqa: ARG002 - agents do one thing only
        """Hand the log over, if there is something new in it."""
        if self._dropped == len(self._calls):
            return False
        await self._drop(WAYS[self._drops % len(WAYS)])
        return True

    async def tick(self) -> None:
        """Agents hand over without being asked."""
        if not self._writing:
            await self.act(self._stage.rng)

    def page(self) -> str:
        """The log, and a telephone."""
        return _pages.get_template("page.html").render(
            label=LABEL,
            name=NAME,
            types=TYPES,
            ways=(*WAYS, BROKEN),
            calls=list(reversed(self._calls)),
            dropped=self._dropped,
            folder=self.folder,
        )

    async def aclose(self) -> None:
        """Take everything away."""
        await self.writing_ends()
        self._finalizer()

    async def writing_ends(self) -> None:
        """Wait until no file is half written."""
        await asyncio.gather(*self._writing)

    def _call(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        call = call_of(facts, number=len(self._calls) + 1, at=self._stage.clock.now())
        self._calls.append(call)
        told = {"message": call.ticket, "text": call.text, "type": call.type}
        kind = "called"
        if call.complaint:
            kind, told = "said", told | {"complaint": call.complaint}
        self._stage.journal.write(NAME, kind, **told)
        if self._fills_database:
            drops.insert(self._database, [call])
        return {"ticket": call.ticket}

    async def _drop(self, how: str) -> str:
        now = self._stage.clock.now()
        rows = drops.sheet(self._calls, now)
        name = f"{drops.TITLE} {now.astimezone(WIB):%Y-%m-%d}"
        match how:
            case "csv":
                drops.drop(self.folder, f"{name}.csv", drops.as_csv(rows, old=True))
            case "twice":
                for each in (name, f"{name} (1)"):
                    drops.drop(self.folder, f"{each}.csv", drops.as_csv(rows))
            case "xlsx":
                drops.drop(self.folder, f"{name}.xlsx", drops.as_xlsx(rows))
            case "slow":
                # Another name each time: the one before may still be waiting there.
                name = f"{name} {self._drops}"
                self._start(drops.drop_slowly(self.folder, f"{name}.csv", drops.as_csv(rows)))
            case "broken":
                drops.drop(self.folder, f"{name}.xlsx", drops.as_xlsx(rows)[:BROKEN_AFTER])
            case _:
                raise ValueError(
                    f"Cara {how!r} tidak ada; yang ada: {', '.join((*WAYS, BROKEN))}."
                )
        self._drops += 1
        if how != BROKEN:
            self._dropped = len(self._calls)
        return name

    def _start(self, writing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(writing)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _with_database(self) -> Mapping[str, Any]:
        """From now on every call is a row, too; the settings that make a hub read the rows."""
        self._fills_database = True
        drops.insert(self._database, self._calls)
        return {
            "CALL112_DATABASE_URL": f"sqlite:///{self._database}",
            "CALL112_TABLE": drops.TABLE,
            "CALL112_CURSOR_COLUMN": drops.CURSOR_COLUMN,
            "CALL112_PROFILE": "surabaya",
        }

    @property
    def _database(self) -> Path:
        return self._root / "call112.db"

    def _csv(self) -> bytes:
        return drops.as_csv(drops.sheet(self._calls, self._stage.clock.now()))
