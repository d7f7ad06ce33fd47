"""What is left of an XLSX file whose end is missing: its parts stand one after another, each with a head."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

_HEAD = struct.Struct("<4s5H3I2H")
_SIGNATURE = b"PK\x03\x04"
_DEFLATED = 8
_SHEET = re.compile(r"xl/worksheets/(sheet\d+)\.xml")
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]+)\d+"')
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_ROW_END = b"</row>"
_END = b"</worksheet>"
_LARGEST = 500_000_000

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that can be opened again. `sheets`: up to which row and column (from 0) each goes."""

    content: bytes
    sheets: dict[str, tuple[int, int]]


def salvaged(file: BinaryIO) -> Saved | None:
    """The sheets as far as they go; None if no row is left, or the words of the cells are gone."""
    try:
        parts = dict(_parts(file.read()))
    except zlib.error:
        # Not cut but spoiled: the letters before the damage may be wrong as well.
        return None
    sheets = {found[1]: body for name, body in parts.items() if (found := _SHEET.fullmatch(name))}
    if not sheets:
        return None
    ends = {name: _end_of(body) for name, body in sheets.items()}
    sheets = {name: _closed(body) for name, body in sheets.items()}
    if not any(b"<row" in body for body in sheets.values()):
        return None
    # Cells that only hold the number of a word are worth nothing without the words.
    if _STRINGS not in parts and any(b't="s"' in body for body in sheets.values()):
        return None
    extra = {name: parts[name] for name in (_STRINGS, _STYLES) if name in parts}
    return Saved(_packed(sheets, extra), ends)


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while data[at : at + 4] == _SIGNATURE and len(data) - at >= _HEAD.size:
        _, _, _, method, _, _, crc, size, _, name_size, extra_size = _HEAD.unpack_from(data, at)
        begin = at + _HEAD.size + name_size + extra_size
        name = data[at + _HEAD.size : at + _HEAD.size + name_size].decode("utf-8", "replace")
        if method == _DEFLATED:
            inflate = zlib.decompressobj(-15)
            body = inflate.decompress(data[begin:], _LARGEST)
            used = len(data) - begin - len(inflate.unused_data)
            if inflate.eof and (crc or _crc_after(inflate.unused_data)) != zlib.crc32(body):
                raise zlib.error(name)
        else:
            used, body = size, data[begin : begin + size]
        yield name, body
        at = data.find(_SIGNATURE, begin + used)
        if at < 0:
            return


def _crc_after(rest: bytes) -> int:
    """Of a part whose size was not known when it was begun, this stands behind it."""
    rest = rest.removeprefix(b"PK\x07\x08")
    return int.from_bytes(rest[:4], "little")


def _closed(body: bytes) -> bytes:
    """The sheet up to its last whole row."""
    if body.rstrip().endswith(_END):
        return body
    return body[: body.rfind(_ROW_END) + len(_ROW_END)] + b"</sheetData></worksheet>"


def _end_of(body: bytes) -> tuple[int, int]:
    rows = _ROW.findall(body)
    cells = _CELL.findall(body[body.rfind(b"<row") :])
    return int(rows[-1]) if rows else 1, _index(cells[-1]) if cells else 0


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _packed(sheets: dict[str, bytes], extra: dict[str, bytes]) -> bytes:
    kinds = {_STRINGS: "sharedStrings", _STYLES: "styles"}
    targets = [(f"worksheets/{name}.xml", "worksheet") for name in sheets]
    targets += [(name.removeprefix("xl/"), kinds[name]) for name in extra]
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELS}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets, start=1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/{target}" ContentType="{_TYPE}.{kind}+xml"/>'
        for target, kind in [*targets, ("workbook.xml", "sheet.main")]
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        "</Relationships>",
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        for name, body in sheets.items():
            archive.writestr(f"xl/worksheets/{name}.xml", body)
        for name, body in extra.items():
            archive.writestr(name, body)
    return packed.getvalue()
