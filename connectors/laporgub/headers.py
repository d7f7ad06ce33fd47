"""The line of titles of a file: what the file is, and where each of our words stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.laporgub.profile import Columns
from connectors.laporgub.sheets import Row, Sheet
from hub.contract import UnreadableError
from hub.contract.mapping import folded

PREAMBLE_ROWS = 30
PAIR = "pair"
ROW = "row"


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table begins, what it is, and under which number each of our words stands."""

    number: int
    kind: str
    width: int
    places: Mapping[str, tuple[int, ...]]
    names: Row

    @property
    def columns(self) -> dict[str, str]:
        """Our word -> the name of its column, as the file spells it."""
        return {word: self.names[places[0]] for word, places in self.places.items()}


def header_of(sheet: Sheet, columns: Columns) -> Header:
    """The first row that names the columns of an export or of an answer file."""
    for number, row in zip(range(1, PREAMBLE_ROWS + 1), sheet.rows(), strict=False):
        names = tuple(map(folded, row))
        is_pair = any(name in columns.known_by for name in names)
        wanted = columns.pair if is_pair else columns.report
        places = {
            word: tuple(names.index(name) for name in known if name in names)
            for word, known in wanted.items()
        }
        places = {word: found for word, found in places.items() if found}
        if _is_header(places, is_pair=is_pair):
            width = max(index for index, name in enumerate(names) if name) + 1
            trimmed = tuple(cell.strip() for cell in row)
            return Header(number, PAIR if is_pair else ROW, width, places, trimmed)
    raise UnreadableError(
        f"{sheet.name}: tidak ada baris judul yang dikenal dalam {PREAMBLE_ROWS} baris pertama; "
        "ekspor LaporGub perlu kolom nomor aduan dan isi atau status, berkas jawaban perlu penanda "
        "dan nomor_laporgub. Nama kolom diatur pada [file] di mappings/laporgub.toml."
    )


def _is_header(places: Mapping[str, Any], *, is_pair: bool) -> bool:
    if is_pair:
        return bool({"marker", "ticket"} & places.keys() and {"theirs", "number"} & places.keys())
    return "ticket" in places and ("text" in places or "status" in places)


def remarks_on(sheet: Sheet, header: Header) -> Iterator[str]:
    """As what the file is read and by what it was recognised; what is odd about its columns."""
    known = [header.names[places[0]] for places in header.places.values()]
    what = "berkas jawaban" if header.kind == PAIR else "ekspor LaporGub"
    yield f"{sheet.name}: dibaca sebagai {what}, dikenali dari kolom {', '.join(known)}."
    used = {place for places in header.places.values() for place in places}
    for index, name in enumerate(header.names):
        if name and index not in used:
            yield f"{sheet.name}: kolom {name!r} tidak dikenal; tidak dibaca dan tidak disimpan."
    if header.kind == ROW and not {"created", "updated"} & header.places.keys():
        yield f"{sheet.name}: tidak ada kolom tanggal; waktu berkas ditulis yang dipakai."
    if header.kind == ROW and "region" not in header.places:
        yield f"{sheet.name}: tidak ada kolom kabupaten/kota; semua baris dianggap milik kota ini."
