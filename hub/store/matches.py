"""What finds repeats, what was judged of them, and what people decided."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, select, update

from hub.domain.matching import Match
from hub.rows import Candidate, Judged
from hub.store import candidates
from hub.store.asked import UNDECIDED, SqlAsked
from hub.store.ledger import SqlLedger
from hub.store.matching_tables import gists, matches
from hub.store.statements import upsert, upsert_all

DECIDED = ("same", "different")


class SqlMatches(SqlAsked, SqlLedger):
    """`hub.ports.Matches`."""

    async def keep_gist(
        self, report_id: int, *, version: int, said_at: datetime, gist: str, keys: Collection[int]
    ) -> None:
        """Keep what a report says, read anew or for the first time, and have it found."""
        values = {"report_id": report_id, "version": version, "said_at": said_at, "gist": gist}
        await upsert(self._connection, gists, key="report_id", values=values)
        await self.add_keys(report_id, said_at=said_at, keys=keys)

    async def add_keys(self, report_id: int, *, said_at: datetime, keys: Collection[int]) -> None:
        """Have a report found by these keys, too."""
        await candidates.add_keys(self._connection, report_id, said_at=said_at, keys=keys)

    async def candidates(
        self,
        keys: Mapping[int, float],
        *,
        since: datetime,
        until: datetime,
        apart_from: Collection[int],
    ) -> list[Candidate]:
        """The reports said between two times that share the heaviest keys, the heaviest first."""
        return await candidates.find(
            self._connection, keys, since=since, until=until, apart_from=apart_from
        )

    async def judged(
        self, report_id: int, complaint_id: int, match: Match, *, state: str, at: datetime
    ) -> int:
        """Keep a verdict, in the place of an earlier one; what a person decided stands."""
        values = {
            "report_id": report_id,
            "complaint_id": complaint_id,
            "verdict": match.verdict.value,
            "score": match.score,
            "evidence": match.as_rows(),
            "returns": match.returns,
            "at": at,
            "state": state,
        }
        pair = ("report_id", "complaint_id")
        await upsert_all(self._connection, matches, keys=pair, rows=[values], merged=_JUDGED_AGAIN)
        kept = await self._connection.execute(
            select(matches.c.id).where(*(matches.c[name] == values[name] for name in pair))
        )
        return int(kept.scalar_one())

    async def get(self, match_id: int) -> Judged | None:
        """One verdict."""
        found = await self._judged(matches.c.id == match_id)
        return found[0] if found else None

    async def of_report(self, report_id: int) -> list[Judged]:
        """Every verdict on a report, the likeliest first."""
        return await self._judged(matches.c.report_id == report_id)

    async def decide(self, match_id: int, *, state: str, who: str, at: datetime) -> bool:
        """Write down what a person decided; False if nobody is asked (any more)."""
        done = await self._connection.execute(
            update(matches)
            .where(matches.c.id == match_id, matches.c.state.in_(UNDECIDED))
            .values(state=state, decided_by=who, decided_at=at)
        )
        return done.rowcount == 1

    async def _judged(self, which: ColumnElement[bool]) -> list[Judged]:
        rows = await self._connection.execute(
            select(matches).where(which).order_by(matches.c.score.desc(), matches.c.id)
        )
        return [_row(row) for row in rows]


def _unless_decided(name: str) -> Callable[[Any, Any], Any]:
    return lambda old, new: case((old.state.in_(DECIDED), old[name]), else_=new[name])


def _state(old: Any, new: Any) -> Any:
    put_off = and_(old.state == "later", new.state == "open")
    return case((old.state.in_(DECIDED) | put_off, old.state), else_=new.state)


# The evidence that a person has decided on stays as they saw it.
_JUDGED_AGAIN = {
    **{name: _unless_decided(name) for name in ("verdict", "score", "evidence", "returns", "at")},
    "state": _state,
}


def _row(row: Row[Any]) -> Judged:
    return Judged(**{name: getattr(row, name) for name in Judged.__dataclass_fields__})
