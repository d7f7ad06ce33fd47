"""The canonical statuses and the one table of allowed moves."""

from enum import StrEnum


class Status(StrEnum):
    """Where a complaint stands, in our words."""

    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    VERIFIED = "verified"
    FORWARDED = "forwarded"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REFERRED = "referred"

    @property
    def label(self) -> str:
        """What operators and citizens read."""
        return LABELS[self]

    @property
    def is_final(self) -> bool:
        """Whether the complaint has come to an end (until somebody re-opens it)."""
        return self in FINAL


LABELS = {
    Status.RECEIVED: "Diterima",
    Status.NEEDS_INFO: "Menunggu kelengkapan",
    Status.VERIFIED: "Terverifikasi",
    Status.FORWARDED: "Didisposisikan",
    Status.IN_PROGRESS: "Diproses",
    Status.ANSWERED: "Ditindaklanjuti, menunggu tanggapan pelapor",
    Status.CLOSED: "Selesai",
    Status.ARCHIVED: "Diarsipkan",
    Status.REFERRED: "Dialihkan / bukan wewenang",
}

FINAL = frozenset({Status.CLOSED, Status.ARCHIVED, Status.REFERRED})

_OPEN = frozenset(Status) - FINAL

# A channel is looked at every hour, so what it passed through in between is never seen: an
# open complaint may jump forward to any later step. Backwards goes only where officers do go back.
ALLOWED_MOVES: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset(Status) - {Status.RECEIVED},
    Status.NEEDS_INFO: frozenset(Status) - {Status.NEEDS_INFO},
    Status.VERIFIED: frozenset(Status) - {Status.VERIFIED, Status.RECEIVED},
    Status.FORWARDED: frozenset(Status) - {Status.FORWARDED, Status.RECEIVED},
    Status.IN_PROGRESS: frozenset(Status) - {Status.IN_PROGRESS, Status.RECEIVED, Status.VERIFIED},
    Status.ANSWERED: frozenset(Status) - {Status.ANSWERED, Status.RECEIVED, Status.VERIFIED},
    Status.CLOSED: frozenset(),
    Status.ARCHIVED: frozenset(),
    Status.REFERRED: frozenset(),
}

# An end is left only by an explicit move that gives a reason.
REOPENS_TO = _OPEN - {Status.ANSWERED}
