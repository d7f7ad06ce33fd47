"""From what a channel brought to letters that can be compared: damage undone, markers of censors gone."""

import html
import re
import unicodedata

# What stands where a censor has been says nothing of what was said.
_CENSORED = re.compile(r"\[[^\]\n]{0,40}disensor[^\]\n]{0,10}\]|\[?\bdisensor\b\]?", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_BROKEN = re.compile(
    r"[ÂÃâðÅ][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+"
)
# "dari kemarin.Ada", "PurnomoAlamat", "KrapyakSudah": a desk has glued what were lines.
_GLUED = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])|(?<=[.,;!?])(?=[A-Za-z])")
# Not i: "gang iii" is a number.
_LONG = re.compile(r"([a-hj-z])\1{2,}|(i)i{3,}")
_TWICE = re.compile(r"\b([a-z]{2,})2(?:(an|nya)?)\b")
_PLAIN = {0x2019: "'", 0x2013: "-"}  # curly quote, en dash
_SPACE = re.compile(r"[ \t\r\f\v]+")


def legible(text: str) -> str:
    """Lower-case letters, digits and plain punctuation; what was broken on the way is mended if it can be."""
    text = html.unescape(text).replace("\\n", "\n").replace("\xa0", " ")
    text = _CENSORED.sub(" ", _LINK.sub(" ", _BROKEN.sub(_mend, text)))
    text = _GLUED.sub(" ", text).lower()
    text = unicodedata.normalize("NFKD", text).translate(_PLAIN)
    text = "".join(c for c in text if c.isascii())
    text = _LONG.sub(r"\1\1\2\2", text)
    return _SPACE.sub(" ", _TWICE.sub(r"\1 \1\2", text)).strip()


def _mend(found: re.Match[str]) -> str:
    """UTF-8 that was read as Windows-1252, turned back."""
    try:
        return found.group().encode("cp1252").decode("utf-8")
    except UnicodeError:
        return " "
