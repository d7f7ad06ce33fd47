"""What operators read for what is only counted, and its numbers."""

from babel.numbers import format_decimal

MINUTE = 60

# What a channel only counts, in the order in which the pictures stack it.
WORDS = {
    "complaint": "Aduan",
    "emergency": "Darurat",
    "normal": "Normal",
    "information": "Informasi",
    "rejected": "Ditolak",
    "prank": "Iseng (prank)",
    "ghost": "Hantu (ghost call)",
    "silent": "Senyap",
    "bot": "Robot",
    "pbx_answered": "Terjawab",
    "pbx_abandoned": "Ditutup penelepon",
    "pbx_exited": "Keluar dari antrean",
    "pbx_unqueued": "Tidak masuk antrean",
    "pbx_open": "Belum diketahui akhirnya",
}


def name(word: str) -> str:
    """Name what was counted; a word only the channel knows is shown as it is."""
    return WORDS.get(word, word)


def order(word: str) -> int:
    """Where a word stands in pictures; unknown ones come last."""
    known = list(WORDS)
    return known.index(word) if word in WORDS else len(known)


def number(count: int) -> str:
    """12.345."""
    return format_decimal(count, locale="id")


def span(seconds: float | None) -> str:
    """2 menit 5 detik; a dash where nothing was told."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), MINUTE)
    return f"{number(minutes)} menit {rest} detik" if minutes else f"{rest} detik"
