"""Rows of one answer file that speak against each other: none of them is believed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectors.laporgub.numbers import number
from connectors.laporgub.pairs import clean, local_number, number_in, refused_in
from connectors.laporgub.profile import Columns
from connectors.laporgub.settings import Settings
from hub.contract import Node


@dataclass(frozen=True, slots=True)
class Clash:
    """The cell that stands elsewhere, too, where that is, and what is different there."""

    word: str
    others: str
    differs: str


def clashes_of(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, columns: Columns, settings: Settings
) -> dict[int, Clash]:
    """By row: the first thing that other rows say against it."""
    said: dict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, cells in rows:
        for word, cell, differs, answer in _said(cells, columns, settings):
            said[word, cell, differs][answer].append(row)
    found: dict[int, Clash] = {}
    for (word, _, differs), by_answer in said.items():
        if len(by_answer) > 1:
            lines = sorted(line for each in by_answer.values() for line in each)
            for line in lines:
                others = ", ".join(str(other) for other in lines if other != line)
                found.setdefault(line, Clash(word, others, differs))
    return found


def _said(
    cells: Mapping[str, str], columns: Columns, settings: Settings
) -> Iterator[tuple[str, str, str, str]]:
    """The word of a cell, the cell, what must be the same beside it in each row, and that."""
    ours, typed = local_number(cells), number_in(Node(cells))
    if ours is None:
        return
    theirs = number(typed, settings).text if typed else ""
    ticket = clean(cells.get("ticket", ""))
    word = "ticket" if ours == ticket else "marker"
    if answer := theirs or refused_in(Node(cells), columns):
        yield word, ours, "jawaban", answer
    if word == "marker" and ticket:
        yield word, ours, "tiket", ticket
    if theirs:
        # A complaint and its news bear one number; two complaints never do.
        yield "theirs" if cells.get("theirs") else "number", theirs, "tiket", ticket or ours
