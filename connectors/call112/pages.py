"""An export file, read a page at a time: what a page brought is committed before the next is read."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from hub.contract import Counted, ImportFile, Raw, UnreadableError

_RECOGNISED = re.compile(r"Profil \S+ dikenali")

Mark = Mapping[str, Any]
Rows = tuple[Raw | Counted, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """What one source brought, and where it goes on: its part of the cursor."""

    raws: Rows = ()
    mark: Mark | None = None
    has_more: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One page of a file. `row`: how many rows were taken so far; `refused`: why no more can be."""

    raws: Rows
    row: int
    is_last: bool
    remarks: tuple[str, ...] = ()
    refused: str | None = None


@dataclass(slots=True)
class _Open:
    stamp: str
    row: int
    rows: Iterator[Raw | Counted] = field(repr=False)


class Reader:
    """Keeps a file open between two pages; after a restart it goes on at the row that was committed."""

    def __init__(self, open_export: Callable[[Path], ImportFile], *, page_rows: int) -> None:
        self._open_export = open_export
        self._page_rows = page_rows
        self._open: _Open | None = None

    def page(self, path: Path, *, stamp: str, row: int) -> Taken:
        """The rows after `row` of the file that `stamp` tells from every other."""
        remarks: tuple[str, ...] = ()
        if self._open is None or (self._open.stamp, self._open.row) != (stamp, row):
            self.close()
            try:
                file = self._open_export(path)
            except Exception as error:  # noqa: BLE001 - it is told; see `_reason`
                return Taken((), 0, is_last=True, refused=_reason(path, error))
            self._open = _Open(stamp, row, islice(file.raws, row, None))
            remarks = () if row else tuple(filter(_is_odd, file.remarks))
        raws, broke_off = _gathered(self._open.rows, self._page_rows)
        refused = _reason(path, broke_off) if broke_off else None
        self._open.row += len(raws)
        taken = self._open.row
        is_last = refused is not None or len(raws) < self._page_rows
        if is_last:
            self.close()
        return Taken(raws, taken, is_last=is_last, remarks=remarks, refused=refused)

    def close(self) -> None:
        """Let go of the file."""
        self._open = None


def _is_odd(remark: str) -> bool:
    """Which layout was recognised is for whoever imports by hand; here it would be a card a day."""
    return not _RECOGNISED.match(remark)


def _gathered(rows: Iterator[Raw | Counted], count: int) -> tuple[Rows, Exception | None]:
    """The next rows; where the file breaks off, those before it and why."""
    raws: list[Raw | Counted] = []
    try:
        raws.extend(islice(rows, count))
    except Exception as error:  # noqa: BLE001 - it is told; see `_reason`
        return tuple(raws), error
    return tuple(raws), None


def _reason(path: Path, error: Exception) -> str:
    """Why a file is refused. `OSError` goes on: the disk fails, and the file is tried again."""
    if isinstance(error, UnreadableError):
        return str(error)
    if isinstance(error, OSError):
        raise error
    # Whatever it is: a file that stays in hand would hold up all others, and nobody would know.
    return (
        f"{path.name}: berkas tidak terbaca karena kesalahan yang tidak terduga "
        f"({type(error).__name__}); laporkan kepada pengembang."
    )


def edition(tables: Mapping[str, Any], profile: str) -> str:
    """A word that changes when the mapping or the profile does: rows may then be others."""
    text = json.dumps([tables, profile], default=str, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:12]
