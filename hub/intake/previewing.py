"""The first rows of a file as they would be read, before anything is kept. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from hub.contract.connector import Connector, ImportFile
from hub.contract.errors import UnreadableError
from hub.contract.news import Counted, Ignored, Linked, News, Raw, Report, StatusNews, Unreadable
from hub.domain.place import Place

LONGEST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Previewed:
    """One piece of news of a row, in words for a table. `row` counts from 1."""

    row: int
    becomes: str
    number: str
    when: str
    category: str
    place: str
    words: str


def preview(
    connector: Connector, opened: ImportFile, *, rows: int, zone: ZoneInfo
) -> Iterator[Previewed]:
    """Read the first `rows` rows; times are shown in `zone`."""
    for number, row in enumerate(islice(opened.raws, rows), start=1):
        for piece in _pieces(connector, row):
            yield _shown(number, piece, zone)


def _pieces(connector: Connector, row: Raw | Counted) -> list[News]:
    if isinstance(row, Counted):
        return [row]
    try:
        return list(connector.read(row))
    except UnreadableError as error:
        return [Unreadable(key=row.key, reason=str(error))]


def _shown(row: int, piece: News, zone: ZoneInfo) -> Previewed:
    becomes, number, when, category, place, words = "lainnya", "", "", "", "", ""
    match piece:
        case Report():
            becomes, number, words = "aduan", piece.external_id, piece.title or piece.text
            when = f"{piece.said_at.astimezone(zone):%d-%m-%Y %H:%M}"
            category, place = piece.category or "", _place(piece.place)
        case StatusNews():
            becomes, number = "kabar status", piece.external_id
            when = f"{piece.at.astimezone(zone):%d-%m-%Y %H:%M}"
            words = f"{piece.theirs} → {piece.status.label if piece.status else 'belum dikenal'}"
        case Linked():
            becomes, number = "tautan nomor", piece.external_id or ""
            words = f"{piece.marker} {piece.refused or ''}".strip()
        case Counted():
            becomes, when, words = "hanya dihitung", f"{piece.day:%d-%m-%Y}", piece.word
        case Ignored():
            becomes, words = "dilewati", piece.reason
        case Unreadable():
            becomes, words = "tidak terbaca", piece.reason
        case _:
            words = type(piece).__name__
    shortened = " ".join(words.split())
    if len(shortened) > LONGEST_WORDS and becomes != "tidak terbaca":
        shortened = f"{shortened[:LONGEST_WORDS]}…"
    return Previewed(row, becomes, number, when, category, place, shortened)


def _place(place: Place | None) -> str:
    if place is None:
        return ""
    point = f"{place.latitude:.5f}, {place.longitude:.5f}" if place.has_point else ""
    return " · ".join(part for part in (place.words or "", point) if part)
