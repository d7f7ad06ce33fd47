"""A file on its way to the disk: whole and safe there, or not there at all."""

import asyncio
import contextlib
import errno
import os
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.rows import Card

DISK_CARD = "disk"
# The last one is a limit on the size of files, which looks the same to whoever runs the hub.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoom(Exception):
    """The folder for attachments takes nothing; the message is a sentence in Bahasa Indonesia."""

    def __init__(self, error: OSError) -> None:
        self.is_full = error.errno in FULL
        what = "Disk penuh" if self.is_full else "Folder lampiran tidak dapat ditulis"
        super().__init__(f"{what}: {error.strerror or type(error).__name__}.")


def disk_card(problem: NoRoom) -> Card:
    """One card for all files; it closes when the next one is stored."""
    if problem.is_full:
        text = (
            "Disk penuh: lampiran pelapor tidak dapat disimpan. Aduan dan kabarnya tetap berjalan."
        )
        next_step = "Kosongkan atau perbesar disk tempat HUB_FILES_DIR."
    else:
        text = f"{problem} Aduan dan kabarnya tetap berjalan."
        next_step = "Periksa apakah HUB_FILES_DIR ada dan boleh ditulis oleh pengguna hub."
    return Card(
        key=DISK_CARD,
        kind="disk",
        text=text,
        next_step=f"{next_step} Lampiran diambil lagi paling lambat lima menit sesudah itu, dan kartu ini "
        "menutup sendiri; kanal menyimpannya tujuh hari.",
    )


class Shelved:
    """Written in the background; what does not end well leaves nothing behind. Raises `NoRoom`."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._file: BufferedWriter | None = None

    async def __aenter__(self) -> Self:
        with self._no_room():
            self._file = await asyncio.to_thread(self._open)
        return self

    async def write(self, chunk: bytes) -> None:
        """The next piece."""
        file = self._file
        if file is not None:
            with self._no_room():
                await asyncio.to_thread(file.write, chunk)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._forget()
            return
        try:
            with self._no_room():
                await asyncio.to_thread(self._finish)
        except BaseException:
            self._forget()
            raise

    def _open(self) -> BufferedWriter:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        return self._target.open("wb")

    def _finish(self) -> None:
        if self._file is not None:
            self._file.flush()
            # Once it counts as stored nobody asks for it again, whatever becomes of the power.
            os.fsync(self._file.fileno())
            self._file.close()

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()
        with contextlib.suppress(OSError):
            self._target.unlink()

    @contextlib.contextmanager
    def _no_room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise NoRoom(error) from error
