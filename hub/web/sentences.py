"""Sentences that more than one place says."""

from collections.abc import Mapping, Sequence
from textwrap import shorten

from hub.domain.place import Place
from hub.store.desk import (
    Agreement,
    CarriedRow,
    ComplaintRow,
    Journey,
    ParcelLine,
    RepeatRow,
    ReportRow,
    ToCarry,
)
from hub.web import counted, words
from hub.web.happening import Happening
from hub.web.masking import shortened
from hub.web.needs import Merged
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


def arrived(row: CarriedRow, title: str) -> str:
    """Dicatat: PKL-2026-000012 di LaporGub bernomor LGWP10000016."""
    if row.kind == "opening":
        return f"Dicatat: {_ticket(row)} di {title} bernomor {shortened(row.their_id)}."
    return f"Dicatat: {_what(row)} sudah disampaikan di {title}."


def not_taken(row: CarriedRow, title: str) -> str:
    """Say what a channel refused, and where it waits now."""
    what = f"{_what(row)} ditolak di {title}"
    return f"Dicatat: {what}. Kiriman itu kini diparkir di halaman kesehatan."


def what_is_left(left: ToCarry | None, title: str) -> str:
    """Say what remains of a channel when nothing of it is free for the one who asks."""
    if left is None:
        return f"Tidak ada lagi untuk {title}."
    parts = (
        (left.held, "dipegang petugas"),
        (left.in_files, "sudah di berkas"),
        (left.untouched, "belum dikerjakan"),
    )
    rest = ", ".join(f"{count} {how}" for count, how in parts if count)
    return f"Yang tersisa untuk {title}: {rest}."


def stays_in_hub(journey: Journey, reasons: Mapping[str, str]) -> str:
    """Say why no channel but its own knows a complaint; `reasons`: why, of routes that lead nowhere."""
    route = journey.complaint.routed_by
    if route is None:
        return "Tidak ada kanal lain yang mengenal aduan ini."
    if route not in reasons:
        return f"Tidak ada kanal lain yang mengenal aduan ini (rute “{route}”)."
    kept = f"Rute “{route}” menahan aduan ini di hub, tidak diteruskan ke kanal lain"
    return f"{kept}: {reasons[route]}."


def move_told(titles: Sequence[str]) -> str:
    """Say who hears of a move."""
    if not titles:
        return "Tidak ada kanal yang perlu diberi tahu."
    told = titles[0] if len(titles) == 1 else "Semua kanal"
    return f"{told} sedang diberi tahu."


def merged(done: Merged) -> str:
    """Digabung: PKL-26-000013 ke PKL-26-000012."""
    return f"Digabung: {done.lost} ke {done.stays}."


def parted(repeat: RepeatRow | None) -> str:
    """Berbeda: PKL-26-000012 dan PKL-26-000013 tetap dua aduan."""
    return f"Berbeda: {_both(repeat)} tetap dua aduan."


def put_off(repeat: RepeatRow | None) -> str:
    """Nanti saja: PKL-26-000012 dan PKL-26-000013."""
    return f"Nanti saja: {_both(repeat)}."


def location(row: ComplaintRow | ReportRow) -> str | None:
    """Alun-alun (-6.89, 109.67): the words, the point or both."""
    place = Place(row.latitude, row.longitude, row.place)
    if row.latitude is None or row.longitude is None or not place.has_point:
        return place.words
    point = f"{_degrees(row.latitude)}, {_degrees(row.longitude)}"
    return f"{place.words} ({point})" if place.words else point


def event_told(happening: Happening, reports: int) -> str:
    """87 laporan tentang 31 aduan di 9 kelurahan; terbanyak di Bandengan (34)."""
    told = f"{counted.number(reports)} laporan tentang {counted.number(len(happening.complaints))} aduan"
    if not happening.wards:
        return f"{told}."
    name, most = happening.wards[0]
    return f"{told} di {len(happening.wards)} kelurahan; terbanyak di {name} ({counted.number(most)})."


def _both(repeat: RepeatRow | None) -> str:
    return (
        "keduanya" if repeat is None else f"{repeat.complaint.ticket} dan {repeat.report.ticket}"
    )


def _what(row: CarriedRow) -> str:
    kind = words.KINDS.get(row.kind, row.kind).lower()
    return f"{kind} {_ticket(row)}"


def _ticket(row: CarriedRow) -> str:
    return row.ticket or "kiriman tanpa tiket"


def _quoted(text: str) -> str:
    return shorten(text, LONGEST_QUOTE, placeholder="…")


def _degrees(angle: float) -> str:
    # Six places are ten centimetres; phones send more.
    return f"{angle:.6f}".rstrip("0").rstrip(".")
