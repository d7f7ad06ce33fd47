"""A row of an answer file into what became of something we had carried there. Pure and total."""

import re
from collections.abc import Iterator

from connectors.sp4n.answers import (
    MARKER,
    NUMBER,
    REASON,
    SOUND_MARKER,
    TICKET,
    TRACKING_ID,
)
from connectors.sp4n.numbers import number
from connectors.sp4n.wording import cut, tidy
from hub.contract import Ignored, Linked, News, Node, Raw, Unreadable
from hub.contract.privacy import masked

LONGEST_REASON = 300
_NUMBER = re.compile(r"[0-9]{1,15}")


def answer_news(raw: Raw, body: Node) -> Iterator[News]:
    """What the row says, or a sentence with file, row and column that says why it cannot be told."""
    answer = body["answer"]
    where = f"{body['file'].text()}, baris {body['number'].text()}"
    ours, theirs, reason = _ours(answer), _cell(answer, "theirs"), _cell(answer, REASON)
    if ours is not None and not (theirs or reason):
        yield Ignored(key=raw.key, reason=f"{where}: belum dijawab.")
        return
    if ours is None or (wrong := _wrong(answer, body)):
        yield Unreadable(key=raw.key, reason=f"{where}, {wrong if ours else _unknown(answer)}")
        return
    yield Linked(
        key=raw.key,
        marker=ours,
        external_id=number(theirs).text or None,
        refused=cut(masked(tidy(reason)), LONGEST_REASON) or None,
        where=where,
    )


def _ours(answer: Node) -> str | None:
    """The marker, or the ticket of an opening; None where neither is to be read."""
    marker = _cell(answer, MARKER).lower()
    if SOUND_MARKER.fullmatch(marker):
        return marker
    # By its ticket only the opening is found; what follows needs its own marker.
    return (_cell(answer, TICKET) or None) if _opens(answer) else None


def _unknown(answer: Node) -> str:
    marker = _cell(answer, MARKER)
    if marker:
        return f"kolom {MARKER} tidak terbaca: {marker!r}; salin lagi 12 huruf/angkanya dari berkas kita"
    return f"kolom {MARKER} kosong"


def _wrong(answer: Node, body: Node) -> str | None:
    theirs, reason = _cell(answer, "theirs"), _cell(answer, REASON)
    if column := _cell(answer, "doubled"):
        cell = theirs if column == TRACKING_ID else _cell(answer, column)
        others, differs = _cell(body, "others"), _cell(body, "differs") or "jawaban"
        return f"kolom {column}: {cell!r} juga ada di baris {others} dengan {differs} lain"
    if theirs and reason:
        return f"kolom {REASON}: terisi bersama nomor {theirs!r}; kosongkan salah satunya"
    before = _cell(answer, NUMBER)
    if _opens(answer) and before and number(before).text != number(theirs).text:
        return f"kolom {NUMBER}: {before!r}, padahal kolom {TRACKING_ID}: {theirs!r}"
    # The end of "=B2/1234567" would pass for an address that was pasted.
    if theirs and (theirs.startswith("=") or not _NUMBER.fullmatch(number(theirs).text)):
        column = TRACKING_ID if _cell(answer, TRACKING_ID) else NUMBER
        return f"kolom {column} tidak terbaca: {theirs!r}"
    return None


def _opens(answer: Node) -> bool:
    return answer["opens"].value is True


def _cell(node: Node, name: str) -> str:
    return (node[name].text() or "").strip()
