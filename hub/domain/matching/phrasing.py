"""What a text says of numbers and of earlier reports: tickets, names, amounts, "lapor lagi"."""

import re

# Whole numbers of tickets as channels give them, when citizens quote them.
QUOTED = re.compile(
    r"\b(?:wa-\d{4,}|[a-z]{3,6}\d{6,}|\d{7,9}|112-\d{6}-\d{3,}|[a-z]{2,4}-20\d\d-\d{3,})\b"
)
_NAME = re.compile(
    r"\bnama\s*(?:lengkap)?\s*:\s*([a-z]+(?: [a-z]+){0,2}?)(?= *(?:\n|nik|alamat|no|lokasi|,|$))"
)
_AMOUNT = re.compile(
    r"\b(\d+(?:[.,]\d+)?) ?"
    r"(cm|m|meter|ribu|juta|titik|lampu|tiang|kk|rumah|orang|ekor|jam|detik|menit)\b"
)
_AGAIN = re.compile(
    r"laporan (?:kedua|ketiga|lanjutan)"
    # What was told to the RT or the kelurahan was told to somebody else.
    r"|(?:sudah|pernah|sebelum|wis|udah|sdh) (?:\w+ ){0,3}"
    r"(?:lapor|laporkan|laporan|menelepon|penelepon|adukan)\b"
    r"(?! (?:pak )?(?:rt|rw|kelurahan|lurah|dinas))"
    r"|menindaklanjuti laporan|menyambung laporan|sehubungan dengan (?:tiket|laporan)"
    r"|lapor (?:yang|yg|sing) ke|laporanku|laporan (?:kemarin|yang dulu)|laporan berulang"
    r"|kaping (?:pindho|2)|bola-? ?bali lapor"
    r"|(?:masih|isih) (?:sama|pada bae)"
    r"|tidak ada perubahan|belum ada (?:perubahan|yang datang)"
    r"|lapor (?:\w+ ){0,2}(?:tidak direspon|didiamkan|belum ada tindakan)"
)
_RETURNED = re.compile(
    r"(?:bulan (?:lalu|kemarin)|dulu|dahulu|sebelum|sasi (?:wingi|kemarin)|baru (?:\w+ ){0,3}"
    r"|sudah|sempat|pernah) (?:\w+ ){0,3}"
    r"(?:diperbaiki|perbaiki|ditangani|tangani|dibenarkan|beres|selesai)"
    r"(?: \w+){0,5} (?:lagi|terulang|berulang)\b"
    r"|(?:perbaikan|perbaiki|penanganan) (?:bulan lalu|terakhir) (?:hanya|tidak) bertahan"
    r"|kambuh|kumat|dan sekarang (?:terulang|berulang)"
)


def quoted_in(text: str) -> frozenset[str]:
    """The numbers of tickets that a legible text quotes."""
    return frozenset(QUOTED.findall(text))


def names_in(text: str) -> frozenset[str]:
    """The names that a filled form gives."""
    return frozenset(name.strip() for name in _NAME.findall(text))


def amounts_in(line: str) -> dict[str, frozenset[str]]:
    """Unit -> the numbers that stand before it, in standard words."""
    found: dict[str, set[str]] = {}
    for number, unit in _AMOUNT.findall(line):
        found.setdefault("m" if unit == "meter" else unit, set()).add(number.replace(",", "."))
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def is_said_again(text: str) -> bool:
    """Whether the citizen says to have reported it before."""
    return _AGAIN.search(text) is not None


def has_returned(text: str) -> bool:
    """Whether it had been mended, and is back."""
    return _RETURNED.search(text) is not None
