"""A parcel laid out before an operator: everything its page shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.contract import Slip, StoredFile
from hub.store import desk
from hub.web.masking import shortened
from hub.web.needs import Needs, NotKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed and could not be done with; `problem` says why."""

    problem: str | None = None
    number: str = ""
    is_odd: bool = False
    refused: str = ""
    put_back: str = ""


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to download; without `id` only the ZIP has it."""

    id: int | None
    file: StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """`is_free`: nobody has begun with it. `is_mine`: this operator may say what came of it.

    `following`: the one to go to when this one is skipped. `example`: a number of this channel.
    """

    row: desk.CarriedRow
    slip: Slip | None
    why: str | None
    files: tuple[FileLink, ...]
    is_free: bool
    is_mine: bool
    following: str | None
    example: str | None
    typed: Typed


async def lay_out(needs: Needs, parcel_id: str, *, who: str, typed: Typed) -> LaidOut:
    """Collect it. Raises `NotKnown`, and `NotPossible` once it is no longer to be carried."""
    laid = await needs.carries.lay(parcel_id)
    files = laid.slip.files if laid.slip else ()
    async with needs.desk.reading() as connection:
        row = await desk.carried(connection, parcel_id)
        if row is None:
            raise NotKnown(f"Tidak ada kiriman {parcel_id}.")
        following = await desk.next_to_carry(connection, row, who=who, is_later=True)
        example = shortened(await desk.example_number(connection, row.connector))
        links = await _links(connection, files, needs.files_dir)
    in_file = row.file_name is not None
    return LaidOut(
        row=row,
        slip=laid.slip,
        why=laid.why,
        files=links,
        is_free=row.handed_to is None and not in_file,
        is_mine=row.handed_to == who or (row.handed_to is None and in_file),
        following=following,
        example=example,
        typed=typed,
    )


async def _links(
    connection: Any, files: tuple[StoredFile, ...], folder: Path
) -> tuple[FileLink, ...]:
    inside = {
        file.path: str(file.path.relative_to(folder))
        for file in files
        if file.path.is_relative_to(folder)
    }
    known = await desk.stored_at(connection, list(inside.values()))
    ids = {path: row.id for path, row in known.items()}
    return tuple(FileLink(ids.get(inside.get(file.path, "")), file) for file in files)
