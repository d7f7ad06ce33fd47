"""A first look through a log of tickets: how many rows, and what is odd in which cell.

Nothing of a cell is repeated here: the row may be a prank, of which nothing may be told.
"""

from dataclasses import dataclass, field

from connectors.call112 import payloads
from connectors.call112.fields import Fields, fields_of
from connectors.call112.findings import Findings
from connectors.call112.kinds import nuisance_in
from connectors.call112.lines import escaped_bytes, has_escaped, unescaped
from connectors.call112.phones import digits_of
from connectors.call112.places import pin_of
from connectors.call112.settings import Settings
from connectors.call112.tickets import Entry, Table
from hub.contract import Mapping
from hub.contract.mapping import folded


@dataclass(slots=True)
class Survey:
    """What was seen so far; `total` are the rows that are used. `rows` and `tickets` are hashes."""

    findings: Findings
    settings: Settings
    mapping: Mapping
    total: int = 0
    numberless: int = 0
    placeless: int = 0
    rows: dict[int, int] = field(default_factory=dict)
    tickets: dict[int, int] = field(default_factory=dict)

    def look(self, table: Table) -> None:
        """Go through a sheet."""
        entry = None
        for entry in table.entries():
            if entry.is_header:
                self._header(entry)
                continue
            if entry.broken is not None:
                self._broken(entry)
                continue
            self.total += 1
            self._letters(entry)
            fields = fields_of(entry.cells(), entry.found.profile)
            self._repeats(entry, fields)
            self._place_and_number(entry, fields)
        self._end(table, entry)

    def told(self) -> tuple[str, ...]:
        """Every sentence; at the end what the law wants of each call and the file does not have."""
        told = self.findings.told()
        if not (self.numberless or self.placeless):
            return told
        return (
            *told,
            (
                f"{self.findings.file}: {self.numberless} baris tanpa nomor dan {self.placeless} tanpa "
                "lokasi, di luar prank dan panggilan kosong; rekap 112 mewajibkan keduanya."
            ),
        )

    def _header(self, entry: Entry) -> None:
        known = entry.found.profile.known()
        new = dict(entry.found.places)
        for index, title in enumerate(entry.found.shown):
            if index in new:
                self.findings.note(
                    entry.number,
                    title,
                    f"tajuk baru, dibaca sebagai {new[index]!r} karena letaknya; bila benar, tambahkan "
                    f"pada mappings/call112/{entry.found.profile.name}.toml",
                )
            elif title and entry.found.names[index] not in known:
                self.findings.note(
                    entry.number, title, "tidak dikenal profil; isinya tidak dibaca"
                )
        there = set(entry.found.usual())
        for names in entry.found.profile.columns.values():
            if not there & set(names):
                self.findings.note(entry.number, names[0], "kolom ini tidak ada")

    def _broken(self, entry: Entry) -> None:
        count, width = len(entry.raw), len(entry.found.shown)
        why = f"baris terpotong, {count} dari {width} kolom"
        if count > width:
            why = f"baris kelebihan kolom, {count} untuk {width} tajuk"
        if not count:
            why = "tanda kutip tidak ditutup; baris ini dan sesudahnya tidak terbaca"
        self.findings.note(entry.number, entry.broken or "", f"{why}; tidak diambil")

    def _letters(self, entry: Entry) -> None:
        for title, cell in zip(entry.found.titles(), entry.raw, strict=False):
            if has_escaped(cell):
                why = f"bukan UTF-8 (byte {escaped_bytes(cell)}); dibaca sebagai Latin-1"
                self.findings.note_once(entry.number, title, why, kind="letters")

    def _repeats(self, entry: Entry, fields: Fields) -> None:
        profile = entry.found.profile
        names = entry.found.usual()
        cells = zip(names, map(unescaped, entry.raw), strict=False)
        content = hash(tuple((name, cell) for name, cell in cells if name not in profile.ignored))
        column = fields.headers.get(payloads.TICKET, names[0])
        first = self.rows.setdefault(content, entry.number)
        if first != entry.number:
            self.findings.note(entry.number, column, f"sama dengan baris {first}; diambil sekali")
            return
        if not fields.ticket:
            return
        first = self.tickets.setdefault(hash(folded(fields.ticket)), entry.number)
        if first != entry.number:
            self.findings.note(
                entry.number,
                column,
                f"nomornya sudah ada di baris {first} dengan isi lain; keduanya dibaca",
            )

    def _place_and_number(self, entry: Entry, fields: Fields) -> None:
        pin = pin_of(fields[payloads.POINT], self.settings)
        if pin.outside:
            column = fields.headers[payloads.POINT]
            self.findings.note(entry.number, column, "titik di luar wilayah kota; tidak dipakai")
        if nuisance_in(fields, self.mapping):
            return
        self.numberless += digits_of(fields[payloads.PHONE]) is None
        self.placeless += not (pin.point or fields[payloads.LOCATION])

    def _end(self, table: Table, entry: Entry | None) -> None:
        titles = (entry.found if entry else table.found).titles()
        if table.sheet.cut_at:
            row, column = table.sheet.cut_at
            title = titles[min(column, len(titles) - 1)]
            why = f"berkas terpotong, terbaca sampai di sini ({self.total} baris)"
            self.findings.note(row, title, f"{why}; minta berkas yang utuh")
        elif table.sheet.cut and entry is not None and entry.broken is None:
            self.findings.note(
                entry.number,
                titles[-1],
                "berkas tidak diakhiri baris baru; kolom ini mungkin terpotong",
            )
