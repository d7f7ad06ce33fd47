"""Text files as they are: one that is not UTF-8 throughout is read all the same, and says where."""

import codecs
import zipfile
from collections.abc import Iterator
from pathlib import Path

# Where the decoder puts a byte that is not UTF-8.
_ESCAPED = range(0xDC80, 0xDD00)
_ZIP = b"PK\x03\x04"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def lines_of(path: Path) -> Iterator[str]:
    """The lines with their ends; a byte that cannot be decoded is escaped."""
    with path.open("rb") as file:
        beginning = file.read(4)
    encoding = next((name for bom, name in _BOMS if beginning.startswith(bom)), "utf-8")
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        yield from file


def count_lines(path: Path) -> int:
    """How many lines, without reading any."""
    total, last = 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total += block.count(b"\n")
            last = block[-1:]
    return total + (last != b"\n")


def is_cut(path: Path) -> bool:
    """Whether the last line has no end, or a workbook no table of contents: it may still be being written."""
    size = path.stat().st_size
    if not size:
        return False
    with path.open("rb") as file:
        if file.read(len(_ZIP)) == _ZIP:
            return not zipfile.is_zipfile(path)
        file.seek(-min(size, 2), 2)
        # UTF-16 puts a zero beside each of them.
        return file.read().replace(b"\0", b"")[-1:] not in {b"\n", b"\r"}


def has_escaped(text: str) -> bool:
    """Whether a byte in it could not be decoded."""
    return not text.isascii() and any(ord(sign) in _ESCAPED for sign in text)


def escaped_bytes(text: str) -> str:
    """Those bytes, as 0xA5."""
    return " ".join(f"0x{ord(sign) - 0xDC00:02X}" for sign in text if ord(sign) in _ESCAPED)


def unescaped(text: str) -> str:
    """The text with those bytes read as Latin-1, as Windows has it."""
    if not has_escaped(text):
        return text
    return "".join(_latin(sign) if ord(sign) in _ESCAPED else sign for sign in text)


def _latin(sign: str) -> str:
    return bytes([ord(sign) - 0xDC00]).decode("cp1252", "replace")
