"""The timeline in the markup of a public page; nothing else of the page is looked at."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from connectors.laporgub.profile import PageMarkup
from connectors.laporgub.wording import plain
from hub.contract.privacy import masked

_WORD = re.compile(r"\w+")
_CITIZENS = ("pelapor", "warga", "masyarakat")


def timeline_of(html: str, markup: PageMarkup) -> list[dict[str, str]]:
    """Its entries in the order of the page."""
    return list(_lines(BeautifulSoup(html, "html.parser"), markup))


def _lines(page: BeautifulSoup, markup: PageMarkup) -> Iterator[dict[str, str]]:
    for entry in page.select(f".{markup.entry}"):
        said = {
            "title": masked(_said(entry, markup.title)),
            "at": _said(entry, markup.at),
            "text": masked(_said(entry, markup.text)),
            "author": _officer(_said(entry, markup.author), markup),
        }
        if said["title"] or said["text"]:
            yield said


def _said(entry: Tag, name: str) -> str:
    found = entry.select_one(f".{name}") if name else None
    return plain(found.decode_contents()) if found else ""


def _officer(name: str, markup: PageMarkup) -> str:
    """The name if it is an office's: anybody else on a public page may be a citizen."""
    words = f" {' '.join(_WORD.findall(name.lower()))} "
    if any(f" {word} " in words for word in _CITIZENS):
        return ""
    return name if any(f" {word.strip()} " in words for word in markup.officers) else ""
