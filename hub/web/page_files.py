"""Attachments to download: only what is stored, only from the files folder, only with a session."""

from collections.abc import Iterator, Sequence
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, StreamingResponse

from hub.contract import StoredFile
from hub.contract.names import safe_name
from hub.store import desk
from hub.web.auth import PageOperator
from hub.web.given import GivenNeeds
from hub.web.needs import NotKnown

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

router = APIRouter(include_in_schema=False)

UNKNOWN = "application/octet-stream"
PIECE = 256 * 1024


@router.get("/files/{attachment_id}")
async def file(attachment_id: int, needs: GivenNeeds, *, who: PageOperator) -> FileResponse:
    """One attachment."""
    del who
    async with needs.desk.reading() as connection:
        row = await desk.stored_file(connection, attachment_id)
    path = _inside(needs.files_dir, needs.files_dir / row.path) if row else None
    if row is None or path is None:
        raise NotKnown(
            "Lampiran ini tidak ada, belum diambil, atau sudah dihapus dari folder lampiran."
        )
    media_type = row.media_type or UNKNOWN
    name = safe_name(row.file_name or f"{row.kind}-{row.id}", media_type)
    return FileResponse(path, media_type=media_type, filename=name)


@router.get("/carry/{parcel_id}/files.zip")
async def files_zip(
    request: Request, parcel_id: str, needs: GivenNeeds, *, who: PageOperator
) -> StreamingResponse:
    """All attachments of a parcel to copy."""
    del request, who
    laid = await needs.carries.lay(parcel_id)
    found = [
        (given, path)
        for given in (laid.slip.files if laid.slip else ())
        if (path := _inside(needs.files_dir, given.path))
    ]
    if not found:
        raise NotKnown("Kiriman ini tidak punya lampiran yang tersimpan.")
    async with needs.desk.reading() as connection:
        row = await desk.carried(connection, parcel_id)
    name = safe_name(f"{(row and row.ticket) or parcel_id[:12]}-lampiran.zip", "application/zip")
    return StreamingResponse(
        zipped(found),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def zipped(files: Sequence[tuple[StoredFile, Path]]) -> Iterator[bytes]:
    """Pack the files as they are, a piece at a time."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for number, (given, path) in enumerate(files, start=1):
            name = f"{number}-{safe_name(given.file_name, given.media_type)}"
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
                while piece := source.read(PIECE):
                    entry.write(piece)
                    yield sink.take()
    yield sink.take()


class _Sink(RawIOBase):
    """Where a ZIP is written: it goes out as it grows, and nothing can be changed afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: "ReadableBuffer", /) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _inside(folder: Path, path: Path) -> Path | None:
    """The file, if it is one and lies in the folder whatever links lead to."""
    real = path.resolve()
    return real if real.is_relative_to(folder.resolve()) and real.is_file() else None
