"""Tracking IDs as people type them. Pure."""

from hub.contract import Number
from hub.contract.reading import storable

USUAL_LENGTHS = (7, 8)


def number(typed: str) -> Number:
    """Their number without blanks, `#` and the address it was copied with. Never refused."""
    text = "".join(storable(typed).split())
    if "/" in text:
        text = text.partition("?")[0].rstrip("/").rpartition("/")[2]
    text = text.lstrip("#")
    if text.isascii() and text.isdecimal() and len(text) in USUAL_LENGTHS:
        return Number(text)
    return Number(
        text,
        f"{text or 'Isian kosong'} tidak seperti Tracking ID SP4N-LAPOR! (7 atau 8 angka); "
        "periksa kembali.",
    )
