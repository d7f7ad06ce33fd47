"""Files that people export from an upstream and bring to the hub: idempotent, with a dry run."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from hub.contract.connector import Connector, Imports
from hub.contract.errors import UnreadableError
from hub.contract.news import Counted, Linked, Raw, Unreadable
from hub.intake.read import ReadInbox
from hub.ports import Begin, Clock, Upstream, Work
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
        opened = await asyncio.to_thread(upstream.connector.open_export, path)
        result = Imported(total=opened.total, remarks=opened.remarks)
        done, seen = 0, set[str]()
        while batch := await asyncio.to_thread(lambda: list(islice(opened.raws, BATCH))):
            async with self._begin() as work:
                counted = [row for row in batch if isinstance(row, Counted)]
                tallied = await work.tallies.count(connector, counted, write=not dry_run)
                result.counted += tallied.new
                result.changed += tallied.changed
                result.skipped += tallied.same
                for raw in _raws(batch):
                    # Only a dry run sees the same row twice: otherwise the inbox has it by then.
                    if raw.key in seen or await work.inbox.has(connector, raw):
                        result.skipped += 1
                        continue
                    await self._count(work, upstream.connector, raw, result=result)
                    if dry_run:
                        seen.add(raw.key)
                        result.unreadable += _reasons(upstream.connector, raw)
                    else:
                        await work.inbox.keep(connector, raw, how=How.IMPORT, at=self._clock())
            while not dry_run and await self._read.step():
                pass
            done += len(batch)
            progress(done, opened.total)
        # Rows that were left out, or several that made one piece, must not keep the bar from its end.
        progress(opened.total, opened.total)
        async with self._begin() as work:
            result.unreadable += await work.inbox.unreadable_of(connector, How.IMPORT, path.name)
        return result

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


def _raws(batch: Iterable[Raw | Counted]) -> Iterable[Raw]:
    return (row for row in batch if isinstance(row, Raw))


def _answers(connector: Connector, raw: Raw) -> bool:
    """Whether the row tells what became of something of ours."""
    try:
        return any(isinstance(piece, Linked) for piece in connector.read(raw))
    except UnreadableError:
        return False


def _reasons(connector: Connector, raw: Raw) -> list[str]:
    """Why a row could not be read, if it could not."""
    try:
        return [piece.reason for piece in connector.read(raw) if isinstance(piece, Unreadable)]
    except UnreadableError as error:
        return [str(error)]
