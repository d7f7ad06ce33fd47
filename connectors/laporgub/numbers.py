"""Their ticket numbers and our marks in their texts. Pure."""

import re

from connectors.laporgub.settings import Settings
from hub.contract import Delivery, Number
from hub.contract.reading import storable

_MARK = re.compile(r"\(ref\. [\w-]+/([0-9a-f]{12})\)\s*\Z")
_TICKET = re.compile(r"Nomor di Simpul Aduan: ([A-Z]{2,}-[0-9A-Z-]*\d[0-9A-Z-]*)")
OUR_TICKET = re.compile(r"[A-Z]{2,}-[0-9A-Z-]*\d[0-9A-Z-]*")
OUR_MARK = re.compile(r"[0-9a-f]{12}")
_LONGEST_OLD = 7
_BARE = 8


def number(typed: str, settings: Settings) -> Number:
    """What was typed, put right: no blanks, upper case, the prefix. Never refused."""
    text = tidied(typed)
    if re.fullmatch(settings.ticket_pattern, text):
        return Number(text)
    digits = text.isascii() and text.isdecimal()
    if digits and len(text) == _BARE:
        prefix = settings.ticket_prefix
        return Number(
            f"{prefix}{text}", f"Kami tambahkan {prefix} di depan {text}; periksa kembali."
        )
    if digits and len(text) <= _LONGEST_OLD:
        # Numbers of the old site are plain integers.
        return Number(text)
    return Number(
        text,
        f"{text or 'Isian kosong'} tidak seperti nomor LaporGub ({settings.ticket_prefix} dan "
        "delapan angka); periksa kembali.",
    )


def tidied(typed: str) -> str:
    """Trimmed, upper case, no blanks; of an address that was pasted, the number in it."""
    text = "".join(storable(typed).split())
    if "/" in text:
        text = text.rstrip("/").rpartition("/")[2].partition("?")[0]
    return text.upper().removesuffix(".HTML").strip("#")


def ticket_line(ticket: str) -> str:
    """The line that a complaint of ours is found again by, also in files."""
    return f"Nomor di Simpul Aduan: {ticket}"


def ticket_in(text: str) -> str | None:
    """Our ticket, if the text names it in such a line."""
    found = _TICKET.search(text)
    return found.group(1) if found else None


def mark_of(delivery: Delivery) -> str:
    """The marker of a parcel."""
    return delivery.parcel_id[:12]


def mark_line(delivery: Delivery) -> str:
    """The end of a text of ours, by which it is found again where there is no field for that."""
    return f"(ref. {delivery.ticket}/{mark_of(delivery)})"


def our_mark(text: str) -> str | None:
    """The mark that ends a text of ours; None where somebody else goes on below it."""
    found = _MARK.search(text)
    return found.group(1) if found else None
