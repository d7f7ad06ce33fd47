"""What the channels' words mean, written down once more by somebody who reads no mapping of the hub."""

import re
from collections.abc import Mapping

RECEIVED, NEEDS_INFO, VERIFIED, FORWARDED = "received", "needs_info", "verified", "forwarded"
IN_PROGRESS, ANSWERED, CLOSED, ARCHIVED = "in_progress", "answered", "closed", "archived"
REFERRED = "referred"
FINAL = frozenset({CLOSED, ARCHIVED, REFERRED})

# An open complaint goes on; back it goes only for want of something.
NOT_BACK_TO: Mapping[str, frozenset[str]] = {
    VERIFIED: frozenset({RECEIVED}),
    FORWARDED: frozenset({RECEIVED}),
    IN_PROGRESS: frozenset({RECEIVED, VERIFIED}),
    ANSWERED: frozenset({RECEIVED, VERIFIED}),
}

# In this order: "belum terverifikasi" must not be taken for "terverifikasi".
_SP4N: tuple[tuple[str, str], ...] = (
    ("belum terverifikasi", RECEIVED),
    ("menunggu kelengkapan", NEEDS_INFO),
    ("terverifikasi", VERIFIED),
    ("terdisposisi", FORWARDED),
    ("ditindaklanjuti oleh instansi", ANSWERED),
    ("ditanggapi oleh pelapor", IN_PROGRESS),
    ("ditutup", CLOSED),
    ("diarsipkan", ARCHIVED),
    ("bukan wewenang", REFERRED),
)
_LAPORGUB: tuple[tuple[str, str], ...] = (
    ("belum dijawab", RECEIVED),
    ("menunggu", RECEIVED),
    ("verifikasi", VERIFIED),
    ("diverifikasi", VERIFIED),
    ("progres", IN_PROGRESS),
    ("dalam tindakan", IN_PROGRESS),
    ("selesai", CLOSED),
    ("tuntas", CLOSED),
    ("tidak layak", ARCHIVED),
    ("ditolak", ARCHIVED),
    ("spam", ARCHIVED),
    ("bukan wewenang", REFERRED),
)
_MEANS: Mapping[str, tuple[tuple[str, str], ...]] = {"sp4n": _SP4N, "laporgub": _LAPORGUB}
BEGINS: Mapping[str, str] = {"sp4n": "Belum Terverifikasi", "laporgub": "Belum Dijawab"}

# What a channel may go on showing beside the status itself: nobody outside can move a report there.
_MAY_SHOW: Mapping[str, Mapping[str, frozenset[str]]] = {
    "sp4n": {
        NEEDS_INFO: frozenset({ANSWERED}),
        VERIFIED: frozenset({RECEIVED}),
        FORWARDED: frozenset({RECEIVED, VERIFIED}),
        IN_PROGRESS: frozenset({ANSWERED}),
        CLOSED: frozenset({ANSWERED}),
        ARCHIVED: frozenset({ANSWERED, CLOSED}),
        REFERRED: frozenset({RECEIVED, VERIFIED, FORWARDED, IN_PROGRESS, ANSWERED}),
    },
    "laporgub": {
        NEEDS_INFO: frozenset({RECEIVED, VERIFIED, FORWARDED, IN_PROGRESS}),
        FORWARDED: frozenset({VERIFIED}),
        ANSWERED: frozenset({IN_PROGRESS}),
    },
}

# A few words of each message that no other message has.
_TOLD: tuple[tuple[str, str], ...] = (
    (RECEIVED, "sudah kami terima dengan nomor"),
    (NEEDS_INFO, "tinggal sedikit keterangan"),
    (VERIFIED, "sudah kami periksa dan lengkap"),
    (FORWARDED, "sudah kami teruskan ke petugas yang menangani"),
    (IN_PROGRESS, "sedang dikerjakan"),
    (ANSWERED, "sudah ditindaklanjuti"),
    (CLOSED, "sudah selesai. terima kasih"),
    (ARCHIVED, "kami arsipkan"),
    (REFERRED, "bukan wewenang pemerintah kota"),
)
_LABELS: Mapping[str, str] = {
    "diterima": RECEIVED,
    "menunggu kelengkapan": NEEDS_INFO,
    "terverifikasi": VERIFIED,
    "didisposisikan": FORWARDED,
    "diproses": IN_PROGRESS,
    "ditindaklanjuti, menunggu tanggapan pelapor": ANSWERED,
    "selesai": CLOSED,
    "diarsipkan": ARCHIVED,
    "dialihkan / bukan wewenang": REFERRED,
}
_TICKET = re.compile(r"\b[A-Z]{2,5}-\d{2,4}-[0-9A-Z]+\b")
_TOKEN = re.compile(r"\bcatatan [a-z]+-\d+\b")

# What a status is told by at a channel: a status without an entry leaves no trace there.
TRACES: Mapping[str, frozenset[str]] = {
    "sp4n": frozenset({NEEDS_INFO, IN_PROGRESS, ANSWERED, CLOSED, ARCHIVED, REFERRED}),
    "laporgub": frozenset(_LABELS.values()),
    "whatsapp": frozenset(_LABELS.values()),
}


def means(where: str, theirs: str) -> str | None:
    """What a status word of a channel means; None for one without a meaning."""
    word = " ".join(theirs.lower().split())
    return next((status for begins, status in _MEANS[where] if word.startswith(begins)), None)


def may_show(where: str, status: str) -> frozenset[str]:
    """What that channel may show when a complaint has this status."""
    return _MAY_SHOW.get(where, {}).get(status, frozenset()) | {status}


def told_status(text: str) -> str | None:
    """Which status a citizen has read; None where the message is about none."""
    low = text.lower()
    if low.startswith("[aduan_diterima]"):
        return RECEIVED
    if low.startswith("[aduan_butuh_keterangan]"):
        return NEEDS_INFO
    if low.startswith("[aduan_kabar]"):
        label = low.split(" · ")[1].strip() if " · " in low else ""
        return _LABELS.get(label)
    return next((status for status, words in _TOLD if words in low), None)


def ticket_in(text: str) -> str | None:
    """The ticket a message names."""
    found = _TICKET.search(text)
    return found.group() if found else None


def tokens_in(text: str) -> list[str]:
    """The marks that a plan puts into what officers write: no two acts have the same."""
    return _TOKEN.findall(text)
