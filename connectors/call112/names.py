"""The names of files in the watched folder: which are finished, and which are free."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

REASON = ".alasan.txt"
# What programs call a file they are still writing, and Excel's locks.
_NOT_YET = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", REASON)
_LOCKS = (".", "~$")
# Bytes; room for a number and for the name of the reason beside it.
LONGEST_NAME = 200


def oldest_first(folder: Path) -> Iterator[Path]:
    """The files of a folder that nobody calls unfinished."""
    with os.scandir(folder) as entries:
        found = [
            (entry.stat(follow_symlinks=False).st_mtime_ns, entry.name)
            for entry in entries
            if entry.is_file(follow_symlinks=False)
            and not entry.name.startswith(_LOCKS)
            and not entry.name.lower().endswith(_NOT_YET)
        ]
    return (folder / name for _, name in sorted(found))


def free_name(folder: Path, name: str) -> Path:
    """A name in the folder that is not taken yet: log.xlsx, log-2.xlsx, ..."""
    path = folder / name
    numbers = count(2)
    while path.exists() or path.with_name(path.name + REASON).exists():
        path = folder / f"{Path(name).stem}-{next(numbers)}{Path(name).suffix}"
    return path


def plain(name: str) -> str:
    """The name without bytes that are no text and without what no file system has room for."""
    text = os.fsencode(name).decode(errors="replace")
    # A name that was cut must not begin like one that is left alone.
    return text.encode()[-LONGEST_NAME:].decode(errors="ignore").lstrip("".join(_LOCKS))
