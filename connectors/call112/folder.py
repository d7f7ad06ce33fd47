"""A folder that the call centre drops files into: each is taken up, read, and put away with its reason.

`sedang/` holds the file in hand, `selesai/` what was read, `ditolak/` what could not be. Every move is a
rename, and the file leaves `sedang/` only after the cursor that says so was committed.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from connectors.call112.names import REASON, free_name, oldest_first, plain
from connectors.call112.pages import Mark, Portion, Reader
from hub.contract import Unavailable

IN_HAND, DONE, REFUSED = "sedang", "selesai", "ditolak"
DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """How far the file in hand is read. `end`: nothing of it is left; `refused`: it could not be read."""

    name: str
    stamp: str
    row: int = 0
    end: bool = False
    refused: str | None = None


class Folder:
    """One watched folder. `edition` is the word for the mapping that the rows were counted with."""

    name = "folder"

    def __init__(
        self,
        path: Path,
        *,
        reader: Reader,
        edition: str,
        settle_seconds: float,
        keep_days: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._reader = reader
        self._edition = edition
        self._settle_seconds = settle_seconds
        self._keep_seconds = keep_days * DAY
        self._clock = clock
        self._seen: dict[str, tuple[str, float]] = {}
        # Files in selesai/ as they were when they were read; after a start only those put away since.
        self._read: dict[str, str] = {}

    async def poll(self, mark: Mark | None) -> Portion:
        """The next page of the file in hand, else of the oldest finished one."""
        try:
            return await asyncio.to_thread(self._steadily, mark)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Unavailable(
                f"Folder {self._path} (CALL112_FOLDER) tidak dapat dipakai: {why}. Pastikan folder itu "
                "ada dan hub boleh membaca, menulis dan memindahkan berkas di dalamnya.",
                code="folder",
            ) from error

    async def aclose(self) -> None:
        self._reader.close()

    def _steadily(self, mark: Mark | None) -> Portion:
        try:
            return self._poll(Bookmark(**mark) if mark else None)
        except FileNotFoundError:
            if not self._path.is_dir():
                raise
            # A file was taken away while it was looked at; the next look sees what is there.
            return Portion(mark=mark)

    def _poll(self, bookmark: Bookmark | None) -> Portion:
        for each in (IN_HAND, DONE, REFUSED):
            # Not the folder itself: a share that is not mounted must be told, not made up.
            (self._path / each).mkdir(exist_ok=True)
        if bookmark and bookmark.end:
            self._put_away(bookmark)
            # Nothing new is taken up before this is committed: it may have the same name.
            return Portion(has_more=True)
        path = self._in_hand(bookmark) or self._taken_up()
        if path is None:
            return Portion(remarks=tuple(self._look_after_done()))
        return self._page(path, bookmark)

    def _page(self, path: Path, bookmark: Bookmark | None) -> Portion:
        stamp = self._stamp(path)
        fits = bookmark is not None and (bookmark.name, bookmark.stamp) == (path.name, stamp)
        taken = self._reader.page(path, stamp=stamp, row=bookmark.row if bookmark and fits else 0)
        after = Bookmark(
            name=path.name, stamp=stamp, row=taken.row, end=taken.is_last, refused=taken.refused
        )
        remarks = taken.remarks
        if taken.refused:
            remarks += (f"{taken.refused} Berkasnya dipindahkan ke {REFUSED}/.",)
        return Portion(taken.raws, asdict(after), has_more=True, remarks=remarks)

    def _in_hand(self, bookmark: Bookmark | None) -> Path | None:
        if bookmark and (kept := self._path / IN_HAND / bookmark.name).is_file():
            return kept
        return next(oldest_first(self._path / IN_HAND), None)

    def _taken_up(self) -> Path | None:
        waiting = list(oldest_first(self._path))
        self._seen = {path.name: self._seen_of(path) for path in waiting}
        for path in filter(self._is_finished, waiting):
            taken = free_name(self._path / IN_HAND, plain(path.name))
            try:
                path.rename(taken)
            except FileNotFoundError:
                # Whoever dropped it took it back.
                continue
            return taken
        return None

    def _seen_of(self, path: Path) -> tuple[str, float]:
        stamp = self._stamp(path)
        before = self._seen.get(path.name)
        return before if before and before[0] == stamp else (stamp, self._clock())

    def _is_finished(self, path: Path) -> bool:
        now, changed = self._clock(), path.stat().st_mtime
        _, since = self._seen[path.name]
        # The clock of the machine that wrote may be ahead; then only looking twice tells.
        return now - min(changed, since) >= self._settle_seconds

    def _put_away(self, bookmark: Bookmark) -> None:
        path = self._path / IN_HAND / bookmark.name
        # A file that has grown since it was read is read again.
        if not path.is_file() or self._stamp(path) != bookmark.stamp:
            return
        target = free_name(self._path / (REFUSED if bookmark.refused else DONE), path.name)
        if bookmark.refused:
            target.with_name(target.name + REASON).write_text(bookmark.refused + "\n", "utf-8")
        path.rename(target)
        if not bookmark.refused:
            self._read[target.name] = bookmark.stamp

    def _look_after_done(self) -> Iterator[str]:
        done = list(oldest_first(self._path / DONE))
        self._read = {path.name: self._read[path.name] for path in done if path.name in self._read}
        for path in done:
            if self._has_changed(path):
                # Its keys make what was read already harmless.
                path.rename(free_name(self._path, path.name))
                yield (
                    f"{path.name}: berkas ini masih ditulis setelah dipindahkan ke {DONE}/; dibaca "
                    "ulang dari awal."
                )
            elif self._clock() - path.stat().st_ctime > self._keep_seconds:
                path.unlink()

    def _has_changed(self, path: Path) -> bool:
        """Whether somebody wrote on after the file was read."""
        if path.name in self._read:
            return self._stamp(path) != self._read[path.name]
        seen = path.stat()
        # A move sets the second only, writing sets both.
        return seen.st_mtime_ns >= seen.st_ctime_ns

    def _stamp(self, path: Path) -> str:
        stat = path.stat()
        return f"{stat.st_size}:{stat.st_mtime_ns}:{self._edition}"
