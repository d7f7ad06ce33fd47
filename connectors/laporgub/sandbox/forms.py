"""From boxes that somebody filled in (a form, JSON, a row of a file) to a `Form`."""

import re
from collections.abc import Mapping
from typing import Any

from connectors.laporgub.sandbox.records import Form, Upload
from connectors.laporgub.sandbox.words import CITIES, OWN_CITY, category_of, folded

LONGEST_TITLE = 90
OUR_TICKET = re.compile(r"\b[A-Z]{2,}-\d{4}-[0-9A-Z]+\b")
OUR_PARCEL = re.compile(r"\(ref\. [\w-]+/([0-9a-f]{12})\)")
_PUBLIC = {"": True, "1": True, "publik": True, "public": True}
_SECRET = {"0": False, "rahasia": False, "private": False, "privat": False}
_JENIS = _PUBLIC | _SECRET


def filled_in(facts: Mapping[str, Any], files: tuple[Upload, ...] = ()) -> Form:
    """The form, or `ValueError` with a sentence where it would not be taken."""
    text = said(facts, "isi")
    if not text:
        raise ValueError("isi aduan wajib diisi")
    city = said(facts, "id_kabkota") or OWN_CITY
    if city not in CITIES:
        raise ValueError(f"id_kabkota {city!r} tidak dikenal")
    category = category_of(said(facts, "kategori"))
    if category is None:
        raise ValueError(f"kategori {said(facts, 'kategori')!r} tidak dikenal")
    return Form(
        text=text,
        title=said(facts, "judul") or _begins(text),
        place=said(facts, "lokasi"),
        category=category,
        city=city,
        public=_is_public(facts),
        lat=_degrees(facts, "lat"),
        lon=_degrees(facts, "lon"),
        anonymous=folded(said(facts, "anonim")) in {"1", "true", "ya", "on"},
        name=said(facts, "nama"),
        our_ticket=said(facts, "nomor_luar") or None,
        files=files,
    )


def said(facts: Mapping[str, Any], name: str) -> str:
    """What stands in a box, without blanks around it; an empty box says nothing."""
    value = facts.get(name)
    # Browsers end lines in their own way.
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def ticket_in(text: str) -> str | None:
    """The city's own number; what the citizen quotes stands before it."""
    quoted = OUR_TICKET.findall(text)
    return quoted[-1] if quoted else None


def marker_in(text: str) -> str | None:
    """The marker of the city's parcel, if its line was copied, too."""
    quoted = OUR_PARCEL.search(text)
    return quoted.group(1) if quoted else None


def _begins(text: str) -> str:
    first = text.splitlines()[0]
    return first if len(first) <= LONGEST_TITLE else f"{first[:LONGEST_TITLE]}…"


def _is_public(facts: Mapping[str, Any]) -> bool:
    word = folded(said(facts, "jenis"))
    # A card may say which number the word has: "1 (publik)".
    known = _JENIS.get(word, _JENIS.get(word.split(" ")[0]))
    if known is None:
        raise ValueError(f"jenis harus 1 (publik) atau 0 (rahasia), bukan {word!r}")
    return known


def _degrees(facts: Mapping[str, Any], name: str) -> float | None:
    text = said(facts, name)
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} harus bilangan, bukan {text!r}") from None


def prefix_of(facts: Mapping[str, Any], usual: str) -> str:
    """Which letters a number begins with: "lama" is none, as before 2021."""
    wanted = said(facts, "awalan").upper() or usual
    if wanted == "LAMA":
        return ""
    if not re.fullmatch(r"[A-Z]{2,6}", wanted):
        raise ValueError(f"awalan harus dua sampai enam huruf atau 'lama', bukan {wanted!r}")
    return wanted
