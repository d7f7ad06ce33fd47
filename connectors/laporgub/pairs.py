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
_READ = ("marker", "ticket", "theirs", "status", "reason")


class Pairing:
    """Remembers the pairs of one file, so that a local number with two of theirs is seen."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def earlier(self, cells: Mapping[str, str], row: int) -> dict[str, Any] | None:
        """The earlier row that gives the same number of ours to another one of theirs."""
        ours, theirs = local_number(cells), cells.get("theirs", "")
        if not ours or not theirs:
            return None
        first, known = self._seen.setdefault(ours, (row, theirs))
        return None if folded(known) == folded(theirs) else {"row": first, "theirs": known}


def answered(cells: Mapping[str, str], words: Container[str]) -> dict[str, str]:
    """What a row answers. In our own export, `nomor` and `status` of news are what we had written."""
    is_ours = "text" in words
    told = {word: cells[word].removeprefix("'") for word in _READ if cells.get(word)}
    if is_ours:
        told.pop("status", None)
    number_ = cells.get("number", "") if not is_ours or cells.get("category") else ""
    return {"theirs": number_, **told} if number_ else told


def local_number(cells: Mapping[str, Any]) -> str | None:
    """Our marker, or else our ticket; None where neither looks like ours."""
    mark = str(cells.get("marker", "")).strip().lower()
    # A marker of digits alone loses its zeros once somebody has opened the file in Excel.
    mark = mark.zfill(_MARK_LENGTH) if mark.isdecimal() else mark
    if OUR_MARK.fullmatch(mark):
        return mark
    ticket = "".join(str(cells.get("ticket", "")).split()).upper()
    return ticket if OUR_TICKET.fullmatch(ticket) else None


def pair_news(
    pair: Node, origin: Origin, earlier: Node, *, columns: Columns, settings: Settings
) -> Iterator[News]:
    """A row of an answer file: their number, or why they did not take it."""
    cells = pair.value if isinstance(pair.value, dict) else {}
    ours, typed = local_number(cells), text_at(pair, "theirs")
    word = "marker" if "marker" in origin.columns else "ticket"
    if ours is None:
        said = text_at(pair, word) or text_at(pair, "ticket")
        what = f"bukan nomor kita: {masked(said)!r}" if said else "kosong"
        yield origin.unreadable(word, what)
        return
    if earlier:
        yield origin.unreadable(
            "theirs",
            f"bertentangan: {ours} sudah dipasangkan dengan {text_at(earlier, 'theirs')} "
            f"di baris {text_at(earlier, 'row')}, di sini dengan {typed}",
        )
        return
    if typed:
        theirs = number(typed, settings).text
        yield Linked(key=origin.key, marker=ours, external_id=theirs, where=origin.where)
    elif refused := _refused(pair, columns):
        yield Linked(key=origin.key, marker=ours, refused=refused, where=origin.where)
    else:
        yield Ignored(key=origin.key, reason=f"{origin.where}: {ours} belum dijawab")


def _refused(pair: Node, columns: Columns) -> str | None:
    status, reason = text_at(pair, "status"), text_at(pair, "reason")
    if reason:
        return masked(plain(reason))
    said = folded(status)
    return status if any(word in said for word in columns.refused) else None
