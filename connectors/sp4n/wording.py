"""Texts as SP4N hands them out, made readable: HTML, placeholders, broken encoding."""

import html
import re
from collections.abc import Mapping

import nh3

# "Ditindaklanjuti oleh Instansi - Selesai otomatis dalam 9 hari": the countdown is no status.
_COUNTDOWN = re.compile(r"\W*selesai otomatis.*", re.IGNORECASE | re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{\s*(\w*)\s*\}\}")
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[a-z)\d])([.!?,])(?=[A-Z])")
_GLUED_LABEL = re.compile(r"(?<=[a-z\d])(?=(?:Nama|Alamat|Lokasi|Aduan): )")
_BLANKS = re.compile(r"[^\S\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


def _as_cp1252() -> Mapping[str, int]:
    """Every sign a byte above 0x7F turns into when UTF-8 is read as Windows-1252."""
    signs = {
        bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(128, 256)
    }
    return signs | {chr(byte): byte for byte in range(128, 160)}


_SIGNS = _as_cp1252()
_MOJIBAKE = re.compile(f"[{re.escape(''.join(_SIGNS))}]{{2,}}")


def without_countdown(word: str) -> str:
    """A status word without its "Selesai otomatis dalam ... hari"."""
    return _COUNTDOWN.sub("", word).strip()


def repaired(text: str) -> str:
    """UTF-8 that was read as Windows-1252, read right; whatever is not surely that stays."""

    def read_right(match: re.Match[str]) -> str:
        try:
            return bytes(_SIGNS[sign] for sign in match.group()).decode()
        except UnicodeDecodeError:
            return match.group()

    return _MOJIBAKE.sub(read_right, text)


def cleaned(text: str) -> str:
    """A cell of an export as the citizen wrote it: breaks, entities, signs and blanks mended."""
    text = repaired(text).replace("\\r\\n", "\n").replace("\\n", "\n")
    text = html.unescape(text).replace("\r\n", "\n").replace("\r", "\n")
    return tidy(_GLUED_LABEL.sub("\n", _GLUED.sub(r"\1 ", text)))


def plain(markup: str) -> str:
    """HTML of strangers as plain text; scripts are gone with what is in them."""
    safe = nh3.clean(_BREAKS.sub("\n", markup), tags=set())
    return tidy(html.unescape(safe))


def tidy(text: str) -> str:
    """No control signs, no runs of blanks, no empty ends."""
    lines = (_BLANKS.sub(" ", line).strip() for line in _CONTROL.sub("", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def filled(template: str, words: Mapping[str, str]) -> str:
    """`{{ institution_to }}` and its like replaced; one that nobody can fill is left out."""
    return _PLACEHOLDER.sub(
        lambda match: words.get(match.group(1).removesuffix("_link"), ""), template
    )


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended after a word."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    head, blank, _ = kept.rpartition(" ")
    return (head if blank and len(head) > limit // 2 else kept).rstrip() + "…"
