"""Whether the database can be used: said once when it goes and once when it is back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hub.ports import DatabaseAway

log = structlog.get_logger()

# A disk is not known to have room again before so long nobody was refused.
QUIET = 30.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """`is_gone`: nothing can be asked at all. `is_passing`: this caller had bad luck, no more."""

    name: str
    sentence: str
    is_gone: bool = False
    is_passing: bool = False


GONE = Trouble(
    "gone",
    "Basis data tidak menjawab. Periksa HUB_DATABASE_URL dan servernya; hub melanjutkan sendiri.",
    is_gone=True,
)
HUNG = Trouble(
    "hung",
    "Basis data tersambung tetapi tidak menjawab. Periksa beban dan disk servernya; hub melanjutkan sendiri.",
    is_gone=True,
)
FULL = Trouble(
    "full",
    "Basis data tidak dapat menulis; biasanya karena disk penuh. Kosongkan tempat di disk basis data; "
    "hub melanjutkan sendiri.",
)
READ_ONLY = Trouble(
    "read_only",
    "Basis data hanya dapat dibaca. Periksa izin berkasnya, atau apakah servernya hanya salinan.",
)
CROWDED = Trouble(
    "crowded",
    "Basis data menolak sambungan baru karena sudah terlalu banyak. Tambah max_connections atau kurangi "
    "jumlah prosesnya.",
)
BUSY = Trouble("busy", "Basis data terlalu sibuk untuk menjawab tepat waktu.", is_passing=True)

# PostgreSQL: shut down, crashed, not up yet, dropped while in use; and every class 08, the connection.
LOST_STATES = {"57P01", "57P02", "57P03", "57P05"}
BY_STATE = {
    "53100": FULL,
    "53200": FULL,
    "58030": FULL,
    "53300": CROWDED,
    "25006": READ_ONLY,
    "55P03": BUSY,
}
# SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
BY_CODE = {5: BUSY, 6: BUSY, 8: READ_ONLY, 10: FULL, 13: FULL, 14: GONE}


class Presence:
    """`check` before every use, `watched` around it."""

    def __init__(self) -> None:
        self._trouble: Trouble | None = None
        self._since = 0.0
        self._refused_at = 0.0

    @property
    def problem(self) -> str | None:
        """What is wrong, as a sentence; None while all is well."""
        return self._trouble.sentence if self._trouble else None

    @property
    def is_gone(self) -> bool:
        """Nothing can be asked; asking all the same only costs time."""
        return self._trouble is not None and self._trouble.is_gone

    def check(self) -> None:
        """Raise `DatabaseAway` at once while it is known to be gone."""
        if self._trouble is not None and self._trouble.is_gone:
            raise DatabaseAway(self._trouble.sentence)

    def lost(self, trouble: Trouble) -> DatabaseAway:
        """It cannot be used; what to raise."""
        now = time.monotonic()
        if not trouble.is_passing:
            self._refused_at = now
            if self._trouble is None:
                self._since = now
                log.warning("database.lost", reason=trouble.name)
            if self._trouble is None or self._trouble.is_gone or trouble.is_gone:
                self._trouble = trouble
        return DatabaseAway(trouble.sentence)

    def answered(self) -> None:
        """It took a transaction. A refusal to write is over only when nobody meets it any more."""
        trouble, now = self._trouble, time.monotonic()
        if trouble is None or (not trouble.is_gone and now - self._refused_at < QUIET):
            return
        self._trouble = None
        log.info("database.back", reason=trouble.name, seconds=round(now - self._since))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Translate what a database that cannot be used raises; everything else passes as it is."""
        try:
            yield
        except (DBAPIError, NoConnectionFree, TimeoutError, ConnectionError) as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise self.lost(trouble) from error


def trouble_of(error: Exception) -> Trouble | None:
    """What an exception of the driver says about the database; None if it is about what was asked."""
    if isinstance(error, NoConnectionFree):
        return BUSY
    if not isinstance(error, DBAPIError):
        # A statement that took too long may have waited for somebody else's lock.
        return BUSY if isinstance(error, TimeoutError) else GONE
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in BY_STATE:
        return BY_STATE[state]
    if state in LOST_STATES or state.startswith("08") or error.connection_invalidated:
        return GONE
    code = getattr(error.orig, "sqlite_errorcode", None)
    return BY_CODE.get(code & 0xFF) if isinstance(code, int) else None
