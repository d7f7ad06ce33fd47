"""Files that people export from an upstream and bring to the hub: idempotent, with a dry run."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from hub.contract.connector import Connector, Imports
from hub.contract.errors import UnreadableError
from hub.contract.news import Counted, Ignored, Linked, Raw, Unreadable
from hub.intake.read import ReadInbox
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.write import write_down
from hub.rows import How

# Many enough that a million rows are not a million transactions, few enough that a hub that runs
# beside it gets its turn.
BATCH = 500


class CannotImport(Exception):
    """The message is a sentence in Bahasa Indonesia."""


@dataclass(slots=True)
class Imported:
    """What an import did, or would do. `unreadable`: sentences with file, row and column.

    `counted`: rows of which only a count is kept, and that were not counted before.
    """

    total: int = 0
    new: int = 0
    changed: int = 0
    skipped: int = 0
    counted: int = 0
    unreadable: list[str] = field(default_factory=list)
    remarks: tuple[str, ...] = ()


class ImportFiles:
    """Rows go the way of everything: kept raw first, read later, each once."""

    def __init__(
        self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock, read: ReadInbox
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._read = read

    async def run(
        self,
        connector: str,
        path: Path,
        *,
        dry_run: bool,
        progress: Callable[[int, int], None],
    ) -> Imported:
        """Import a file; `progress(done, total)` is called as it goes on. Raises `CannotImport`."""
        upstream = self._upstreams.get(connector)
        if upstream is None:
            raise CannotImport(f"Konektor {connector} tidak aktif; lihat `hub check`.")
        if not isinstance(upstream.connector, Imports):
            raise CannotImport(f"Konektor {connector} tidak membaca berkas.")
        mark = await asyncio.to_thread(_mark_of, path)
        opened = await asyncio.to_thread(upstream.connector.open_export, path)
        file = _File(upstream.connector, mark, dry_run, Imported(opened.total))
        file.result.remarks = opened.remarks
        done = 0
        while batch := await asyncio.to_thread(lambda: list(islice(opened.raws, BATCH))):
            raws = [file.marked(row) for row in batch if isinstance(row, Raw)]

            async def take(work: Work, batch: list[Raw | Counted] = batch) -> Imported:
                return await self._take(work, file, batch)

            file.add(await write_down(self._begin, take))
            if not dry_run:
                while await self._read.step():
                    pass
            async with self._begin() as work:
                keys = [raw.key for raw in raws]
                reasons = await work.inbox.unreadable_among(connector, How.IMPORT, keys)
            file.result.unreadable += reasons
            done += len(batch)
            progress(done, opened.total)
        # Rows that were left out, or several that made one piece, must not keep the bar from its end.
        progress(opened.total, opened.total)
        if not dry_run:
            async with self._begin() as work:
                await work.upstreams.heard(connector, at=self._clock())
        return file.result

    async def _take(self, work: Work, file: "_File", batch: Iterable[Raw | Counted]) -> Imported:
        """Keep a batch, or with a dry run only say what it would do."""
        name, done = file.connector.name, Imported()
        rows = [row for row in batch if isinstance(row, Counted)]
        tallied = await work.tallies.count(name, rows, write=not file.dry_run)
        done.counted, done.changed, done.skipped = tallied.new, tallied.changed, tallied.same
        for raw in (file.marked(row) for row in batch if isinstance(row, Raw)):
            # Only a dry run sees the same row twice: otherwise the inbox has it by then.
            is_known = raw.key in file.seen or await work.inbox.has(name, raw)
            if is_known or _says_nothing(file.connector, raw):
                done.skipped += 1
                continue
            await self._count(work, file.connector, raw, result=done)
            if file.dry_run:
                file.seen.add(raw.key)
                done.unreadable += _reasons(file.connector, raw)
            else:
                await work.inbox.keep(name, raw, how=How.IMPORT, at=self._clock())
        return done

    async def _count(
        self, work: Work, connector: Connector, raw: Raw, *, result: Imported
    ) -> None:
        if raw.external_id is None:
            known = _answers(connector, raw)
        else:
            known = await work.complaints.source(connector.name, raw.external_id) is not None
        if known:
            result.changed += 1
        else:
            result.new += 1


@dataclass(slots=True)
class _File:
    """A file on its way in. `mark` tells it from another one; `seen`: keys of a dry run."""

    connector: Connector
    mark: str
    dry_run: bool
    result: Imported
    seen: set[str] = field(default_factory=set)

    def marked(self, raw: Raw) -> Raw:
        """A row of an answer belongs to its file: the same answer in a later file is a new one."""
        if raw.external_id is not None or not _answers(self.connector, raw):
            return raw
        return replace(raw, key=f"{raw.key}@{self.mark}")

    def add(self, done: Imported) -> None:
        """Count a batch."""
        for name in ("new", "changed", "skipped", "counted", "unreadable"):
            setattr(self.result, name, getattr(self.result, name) + getattr(done, name))


def _mark_of(path: Path) -> str:
    # Also when it was written: people there may give the same answer twice, in the same words.
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    return f"{digest}:{path.stat().st_mtime_ns}"


def _answers(connector: Connector, raw: Raw) -> bool:
    """Whether the row tells what became of something of ours."""
    try:
        return any(isinstance(piece, Linked) for piece in connector.read(raw))
    except UnreadableError:
        return False


def _says_nothing(connector: Connector, raw: Raw) -> bool:
    """Whether the row is one of an answer file that nobody has answered yet."""
    if raw.external_id is not None:
        return False
    try:
        pieces = list(connector.read(raw))
    except UnreadableError:
        return False
    return all(isinstance(piece, Ignored) for piece in pieces)


def _reasons(connector: Connector, raw: Raw) -> list[str]:
    """Why a row could not be read, if it could not."""
    try:
        return [piece.reason for piece in connector.read(raw) if isinstance(piece, Unreadable)]
    except UnreadableError as error:
        return [str(error)]
