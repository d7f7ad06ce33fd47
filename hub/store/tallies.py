"""Counts of what is not kept: calls by day and word, each call once."""

from collections.abc import Iterable, Mapping

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.contract.news import Counted
from hub.rows import Tallied
from hub.store.seal import Seal
from hub.store.statements import Merge, larger, upsert_all
from hub.store.tables import tallies

KEY_LENGTH = 32


class SqlTallies:
    """`hub.ports.Tallies`."""

    def __init__(self, connection: AsyncConnection, *, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    async def count(
        self, connector: str, counted: Iterable[Counted], *, write: bool = True
    ) -> Tallied:
        """Count each once; with `write` False only say what would come of it."""
        wanted = self._merged(counted)
        if not wanted:
            return Tallied()
        known = await self._known(connector, list(wanted))
        fresh = {blind: row for blind, row in wanted.items() if blind not in known}
        moved = {
            blind: row
            for blind, row in ((each, _merge(known[each], wanted[each])) for each in known)
            if row != known[blind]
        }
        if write and (fresh or moved):
            await upsert_all(
                self._connection,
                tallies,
                keys=("connector", "blind"),
                rows=[
                    {
                        "connector": connector,
                        "blind": blind,
                        **dict(zip(_FIELDS, row, strict=True)),
                    }
                    # In one order: two importers of the same file wait for each other, not both.
                    for blind, row in sorted((fresh | moved).items())
                ],
                merged=_MERGED,
            )
        return Tallied(len(fresh), len(moved), len(wanted) - len(fresh) - len(moved))

    def _merged(self, counted: Iterable[Counted]) -> dict[str, "_Row"]:
        merged: dict[str, _Row] = {}
        for each in counted:
            blind = self._seal.blind(each.key)[:KEY_LENGTH]
            row = (each.day.isoformat(), each.word, each.rank, each.waited, each.talked)
            merged[blind] = _merge(merged[blind], row) if blind in merged else row
        return merged

    async def _known(self, connector: str, blinds: list[str]) -> dict[str, "_Row"]:
        found = await self._connection.execute(
            select(tallies.c.blind, *(tallies.c[name] for name in _FIELDS)).where(
                tallies.c.connector == connector, tallies.c.blind.in_(blinds)
            )
        )
        return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in found}


# The same as `_merge`, for what somebody else has written since we looked.
_MERGED: Mapping[str, Merge] = {
    "day": lambda old, new: case((new.rank >= old.rank, new.day), else_=old.day),
    "word": lambda old, new: case((new.rank >= old.rank, new.word), else_=old.word),
    "rank": lambda old, new: case((new.rank >= old.rank, new.rank), else_=old.rank),
    "waited": lambda old, new: larger(old.waited, new.waited),
    "talked": lambda old, new: larger(old.talked, new.talked),
}
_FIELDS = ("day", "word", "rank", "waited", "talked")
_Row = tuple[str, str, int, int | None, int | None]


def _merge(old: _Row, new: _Row) -> _Row:
    """The higher rank says day and word, else the later; waiting and talking only grow.

    What counts as the same both times keeps its first day: a call that came in two pieces, at midnight,
    would otherwise change with each import of the same file.
    """
    day, word, rank = (new if new[2] >= old[2] else old)[:3]
    if old[1:3] == new[1:3]:
        day = min(old[0], new[0])
    return day, word, rank, _longer(old[3], new[3]), _longer(old[4], new[4])


def _longer(one: int | None, other: int | None) -> int | None:
    known = [seconds for seconds in (one, other) if seconds is not None]
    return max(known, default=None)
