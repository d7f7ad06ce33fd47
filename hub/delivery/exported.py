"""What an export made, and the names of its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.contract.delivery import StoredFile
from hub.contract.names import safe_name
from hub.contract.slip import Slip
from hub.rows import Batch, Parcel


class CannotExport(Exception):
    """The message is a sentence in Bahasa Indonesia."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a row does there: create a complaint, change one; or why it is skipped."""

    does: str
    ticket: str
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """A parcel as it stands in the file."""

    parcel: Parcel
    slip: Slip
    cells: Mapping[str, str]
    line: Line


@dataclass(slots=True)
class Exported:
    """What an export did, or would do. `gone`: attachments that are no longer on the disk."""

    lines: list[Line] = field(default_factory=list)
    batch_id: int | None = None
    sha256: str | None = None
    files: Path | None = None
    file_count: int = 0
    gone: list[str] = field(default_factory=list)
    skipped: int = 0

    def count(self, does: str) -> int:
        """How many rows do this."""
        return sum(line.does == does for line in self.lines)


def archive_of(path: Path) -> Path:
    """Where the attachments of a file lie."""
    return path.with_name(f"{path.name}-lampiran.zip")


def check_free(path: Path, last: Batch | None) -> None:
    """Nobody's file is written over, but for the one that is written again."""
    if not path.parent.is_dir():
        raise CannotExport(f"Folder {path.parent} tidak ada.")
    if last is not None and path.name == last.file_name:
        return
    for each in (path, archive_of(path)):
        if each.exists():
            raise CannotExport(f"{each.name} sudah ada; beri nama lain supaya tidak tertimpa.")


def named(slips: Sequence[tuple[str, Slip]]) -> dict[str, StoredFile]:
    """Every attachment under its name in the archive, in a folder for each ticket."""
    files = [(ticket, file) for ticket, slip in slips for file in slip.files]
    return {
        f"{ticket}/{number:03d}-{safe_name(file.file_name, file.media_type)}": file
        for number, (ticket, file) in enumerate(files, start=1)
    }


def list_of(attached: Mapping[str, StoredFile], slip: Slip) -> str:
    """The names under which the attachments of a row lie in the archive."""
    return "; ".join(name for name, file in attached.items() if file in slip.files)
