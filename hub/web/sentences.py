"""Sentences that more than one place says."""

from textwrap import shorten

from hub.domain.place import Place
from hub.store.desk import Agreement, ComplaintRow, ParcelLine, ReportRow
from hub.web.times import Times

LONGEST_QUOTE = 90


def agreement_sentence(agreement: Agreement, times: Times) -> str:
    """37 dari 40 selaras, ketidakselarasan tertua 14 menit."""
    if agreement.total == 0:
        return "Belum ada aduan untuk dibandingkan"
    counted = f"{agreement.agreeing} dari {agreement.total} selaras"
    if agreement.oldest is None:
        return counted
    return f"{counted}, ketidakselarasan tertua {times.age(agreement.oldest)}"


def where_to_look(parcel: ParcelLine, title: str, times: Times) -> str:
    """Tell a person how to find a parcel in doubt at the channel; a sentence without its end."""
    if parcel.in_conversation:
        at = times.when(parcel.doubt_since or parcel.promised_at)
        said = f", sesudah tulisannya “{_quoted(parcel.said)}”" if parcel.said else ""
        return f"Cari pesan kita sekitar {at} dalam percakapan pelapor di {title}{said}"
    if parcel.kind == "opening":
        return f"Cari nomor tiket {parcel.ticket} di {title}"
    theirs = f"laporan {parcel.their_id}" if parcel.their_id else f"tiket {parcel.ticket}"
    return (
        f"Buka {theirs} di {title} dan cari tindak lanjut bertanda "
        f"“(ref. {parcel.ticket}/{parcel.marker})”"
    )


def location(row: ComplaintRow | ReportRow) -> str | None:
    """Alun-alun (-6.89, 109.67): the words, the point or both."""
    place = Place(row.latitude, row.longitude, row.place)
    if row.latitude is None or row.longitude is None or not place.has_point:
        return place.words
    point = f"{_degrees(row.latitude)}, {_degrees(row.longitude)}"
    return f"{place.words} ({point})" if place.words else point


def _quoted(text: str) -> str:
    return shorten(text, LONGEST_QUOTE, placeholder="…")


def _degrees(angle: float) -> str:
    # Six places are ten centimetres; phones send more.
    return f"{angle:.6f}".rstrip("0").rstrip(".")
