"""Answer files: which number of theirs belongs to what we had carried there."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from connectors.laporgub.numbers import OUR_MARK, OUR_TICKET, number
from connectors.laporgub.payloads import text_at
from connectors.laporgub.profile import Columns
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_in import Origin
from connectors.laporgub.wording import plain
from hub.contract import Ignored, Linked, News, Node
from hub.contract.mapping import folded
from hub.contract.privacy import masked

_MARK_LENGTH = 12
_READ = ("marker", "ticket", "theirs", "number", "status", "reason")


def answered(cells: Mapping[str, str], words: Container[str]) -> dict[str, str]:
    """What a row answers. In our own export, `nomor` and `status` of news are what we had written."""
    told = {word: cells[word].removeprefix("'") for word in _READ if cells.get(word)}
    if "text" in words:
        told.pop("status", None)
        if not cells.get("category"):
            told.pop("number", None)
    return told


def number_in(pair: Node) -> str:
    """Their number as somebody wrote it down; empty where nobody did."""
    return text_at(pair, "theirs") or text_at(pair, "number")


def refused_in(pair: Node, columns: Columns) -> str | None:
    """Why they did not take it; None where they do not say that."""
    status, reason = text_at(pair, "status"), text_at(pair, "reason")
    if reason:
        return masked(plain(reason))
    said = folded(status)
    return status if any(word in said for word in columns.refused) else None


def clean(ticket: Any) -> str:
    """A ticket of ours without blanks, in upper case."""
    return "".join(str(ticket).split()).upper()


def local_number(cells: Mapping[str, Any]) -> str | None:
    """Our marker, or else our ticket; None where neither looks like ours."""
    mark = str(cells.get("marker", "")).strip().lower()
    # A marker of digits alone loses its zeros once somebody has opened the file in Excel.
    mark = mark.zfill(_MARK_LENGTH) if mark.isdecimal() else mark
    if OUR_MARK.fullmatch(mark):
        return mark
    ticket = clean(cells.get("ticket", ""))
    return ticket if OUR_TICKET.fullmatch(ticket) else None


def pair_news(
    pair: Node, origin: Origin, clash: Node, *, columns: Columns, settings: Settings
) -> Iterator[News]:
    """A row of an answer file: their number, or why they did not take it."""
    cells = pair.value if isinstance(pair.value, dict) else {}
    ours, typed, refused = local_number(cells), number_in(pair), refused_in(pair, columns)
    if ours is None:
        word = "marker" if "marker" in origin.columns else "ticket"
        said = text_at(pair, word) or text_at(pair, "ticket")
        what = f"bukan nomor kita: {masked(said)!r}" if said else "kosong"
        yield origin.unreadable(word, what)
    elif not typed and not refused:
        yield Ignored(key=origin.key, reason=f"{origin.where}: {ours} belum dijawab")
    elif wrong := _wrong(pair, clash, refused=refused, settings=settings):
        yield origin.unreadable(*wrong)
    elif typed:
        theirs = number(typed, settings).text
        yield Linked(key=origin.key, marker=ours, external_id=theirs, where=origin.where)
    else:
        yield Linked(key=origin.key, marker=ours, refused=refused, where=origin.where)


def _wrong(
    pair: Node, clash: Node, *, refused: str | None, settings: Settings
) -> tuple[str, str] | None:
    """The word whose column is to be mended, and what is wrong there."""
    theirs, before = text_at(pair, "theirs"), text_at(pair, "number")
    word, typed = ("theirs", theirs) if theirs else ("number", before)
    if clash:
        told = text_at(clash, "word")
        cell, others = masked(text_at(pair, told)), text_at(clash, "others")
        differs = text_at(clash, "differs")
        return told, f"bertentangan: {cell!r} juga ada di baris {others} dengan {differs} lain"
    if typed and refused:
        return word, f"terisi ({masked(typed)!r}) bersama penolakan; kosongkan salah satunya"
    if theirs and before and number(theirs, settings).text != number(before, settings).text:
        return word, f"bertentangan: {masked(theirs)!r}, padahal kolom nomor {masked(before)!r}"
    if typed and not _could_be_a_number(typed, settings):
        return word, f"bukan nomor LaporGub: {masked(typed)!r}"
    return None


def _could_be_a_number(typed: str, settings: Settings) -> bool:
    """Not "-", "belum ada", nor what a spreadsheet shows of a formula: "=VLOOKUP(A2;...)", "#N/A"."""
    text = number(typed, settings).text
    return not typed.startswith(("=", "#")) and any(sign.isdecimal() for sign in text)
