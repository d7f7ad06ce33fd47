"""Where a downloaded log lies while it is read: it holds callers' numbers, so nothing may be left of it."""

import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class Scratch:
    """A folder for one process; what a killed one left behind goes at the next start."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock = -1
        self._is_swept = False

    def sweep(self) -> None:
        """Remove, once, the folders that nobody holds any longer."""
        if self._is_swept:
            return
        for left in _root().iterdir():
            with suppress(OSError):
                lock = _locked(left)
                shutil.rmtree(left, ignore_errors=True)
                os.close(lock)
        self._is_swept = True

    def folder(self) -> Path:
        """An own folder, made when it is first wanted."""
        if self._folder is None or not self._folder.is_dir():
            self.clear()
            folder = Path(tempfile.mkdtemp(dir=_root()))
            self._lock = _locked(folder)
            self._folder = folder
        return self._folder

    def clear(self) -> None:
        """Remove the own folder with all that is in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._lock)
            self._folder = None


def _root() -> Path:
    root = Path(tempfile.gettempdir()) / f"simpul-112-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    seen = root.lstat()
    # Everybody may write beside it: somebody else's folder, or a link, is not used.
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid():
        raise PermissionError(None, f"{root} bukan folder milik hub")
    root.chmod(0o700)
    return root


def _locked(folder: Path) -> int:
    """The lock goes with the process, however that ends. `OSError` if another holds it."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock
