"""Texts made plain: markup of strangers, control signs, lengths."""

import html
import re

import nh3

_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


def plain(markup: str) -> str:
    """HTML of strangers as plain text; scripts are gone with what is in them."""
    safe = nh3.clean(_BREAKS.sub("\n", markup), tags=set())
    return tidy(html.unescape(safe))


def tidy(text: str) -> str:
    """No control signs, no runs of blanks, no empty ends."""
    lines = (_BLANKS.sub(" ", line).strip() for line in _CONTROL.sub("", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended after a word."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    head, blank, _ = kept.rpartition(" ")
    return (head if blank and len(head) > limit // 2 else kept).rstrip() + "…"
