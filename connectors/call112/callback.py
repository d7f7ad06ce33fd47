"""The call-back list: what an agent says to a caller who asked how it goes on. Pure."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Table

from hub.contract import (
    Addition,
    Delivery,
    Entry,
    Mapping,
    Notice,
    Number,
    Opening,
    Slip,
    Status,
    StatusUpdate,
    Unmapped,
    Unsendable,
)
from hub.contract.privacy import masked
from hub.contract.reading import storable

PLACEHOLDERS = ("ticket", "status", "agency", "note")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# A year, a month and a day, then the number of the call: 112-260102-00001.
_NUMBER = re.compile(r"\d{3}-\d{6}-\d{3,}")


def slip(delivery: Delivery, mapping: Mapping) -> Slip:
    """One row of the list. `Unsendable` where there is nobody to call or nothing to say."""
    match delivery.content:
        case StatusUpdate() as update:
            return _told(delivery, update, mapping)
        case Notice() as notice:
            words = mapping.notice(notice.name)
            said = _filled(str(words["text"]), {"ticket": delivery.ticket})
            return _slip(delivery, said, status="", agency="")
        case Opening():
            raise Unsendable(
                "112 menerima kedaruratan lewat telepon; aduan baru tidak dikirim ke sana"
            )
        case Addition():
            raise Unsendable("tambahan dari warga tidak diteruskan ke 112")


def faults(mapping: Mapping) -> Iterator[str]:
    """What the list lacks in the mapping, each a sentence."""
    for status in Status:
        where = f"mappings/call112.toml: [status_out.{status.value}]"
        text = mapping.status_out.get(status, {}).get("text")
        if not text:
            yield f'{where} belum punya text, yang disampaikan kepada penelepon; tambahkan text = "..."'
            continue
        for name in sorted(set(_PLACEHOLDER.findall(text)) - set(PLACEHOLDERS)):
            yield f"{where} menyebut {{{name}}}; yang dikenal: {', '.join(PLACEHOLDERS)}"


def number(typed: str) -> Number:
    """The number of a call as the log writes it."""
    text = "".join(storable(typed).upper().split())
    looks_right = _NUMBER.fullmatch(text)
    odd = (
        None if looks_right else "Nomor tiket 112 biasanya seperti 112-260102-00001; periksa lagi."
    )
    return Number(text, odd)


def _told(delivery: Delivery, update: StatusUpdate, mapping: Mapping) -> Slip:
    words = mapping.from_status(update.status)
    if "text" not in words:
        raise Unmapped(f"[status_out.{update.status}] text")
    agency = (update.agency or "").strip()
    values = {
        "ticket": delivery.ticket,
        "status": update.status.label,
        "agency": agency,
        # The caller is told; whoever else is named in it has a number of their own.
        "note": masked((update.note or "").strip()),
    }
    said = _filled(str(words["text"]), values)
    return _slip(delivery, said, status=update.status.label, agency=agency)


def _slip(delivery: Delivery, said: str, *, status: str, agency: str) -> Slip:
    phone = (delivery.recipient or {}).get("phone", "")
    if not phone:
        raise Unsendable("tidak ada nomor yang dapat ditelepon kembali")
    entries = (
        Entry("telepon", "Nomor penelepon", phone),
        Entry("sampaikan", "Sampaikan kepada penelepon", said),
        Entry("status", "Status aduan", status),
        Entry("instansi", "Instansi yang menangani", agency),
    )
    return Slip(
        todo=f"Telepon kembali penelepon tiket 112 {delivery.external_id or '-'} dan sampaikan kabar "
        f"aduan {delivery.ticket}.",
        entries=entries,
    )


def _filled(text: str, values: Table[str, str]) -> str:
    return " ".join(_lines(text.strip(), values))


def _lines(text: str, values: Table[str, str]) -> Iterator[str]:
    """The lines with their words; a line about what is not known is left out."""
    for line in text.splitlines():
        named = _PLACEHOLDER.findall(line)
        if unknown := [name for name in named if name not in values]:
            raise Unmapped(f"placeholder {unknown[0]!r}")
        if all(values[name] for name in named):
            yield _PLACEHOLDER.sub(lambda found: values[found[1]], line).strip()
