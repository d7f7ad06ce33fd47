"""Which reports share keys with a new one: look-ups in one index, however many reports are kept.

Of each key only the newest rows are read, so a flood night costs no more than any other. The two
databases differ in how they say "for each key"; the rest is one statement.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Double,
    Select,
    Subquery,
    Text,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Candidate
from hub.store.matching_tables import gists, match_keys
from hub.store.tables import reports

NEWEST_OF_A_KEY = 40
MOST = 20
# Both halves fit into the 63 bits that JSON hands back unharmed.
REPORT_BITS = 32
REPORT_MASK = (1 << REPORT_BITS) - 1


async def add_keys(
    connection: AsyncConnection, report_id: int, *, said_at: datetime, keys: Collection[int]
) -> None:
    """Have a report found by these keys, too."""
    if not keys:
        return
    at = seconds(said_at)
    # In one order: two that write the same keys wait for each other, not both.
    rows = [{"key": key, "said_at": at, "report_id": report_id} for key in sorted(keys)]
    on_postgres = connection.dialect.name == "postgresql"
    insert = postgresql.insert(match_keys) if on_postgres else sqlite.insert(match_keys)
    await connection.execute(insert.on_conflict_do_nothing(), rows)


async def find(
    connection: AsyncConnection,
    keys: Mapping[int, float],
    *,
    since: datetime,
    until: datetime,
    apart_from: Collection[int],
) -> list[Candidate]:
    """The reports that share the heaviest keys, the heaviest first, then the newest."""
    if not keys:
        return []
    is_sqlite = connection.dialect.name == "sqlite"
    given = {
        **(_as_json(keys) if is_sqlite else _as_arrays(keys)),
        "since": seconds(since),
        "until": seconds(until),
        # A report knows itself best; the others get their places all the same.
        "most": MOST + len(apart_from),
    }
    found = await connection.execute(ON_SQLITE if is_sqlite else ON_POSTGRES, given)
    others = (row for row in found.mappings() if row["report_id"] not in apart_from)
    return [Candidate(**row) for row in others][:MOST]


def seconds(at: datetime) -> int:
    """Seconds since 1970, as the index keeps them."""
    return int(at.timestamp())


def _as_json(keys: Mapping[int, float]) -> dict[str, Any]:
    return {"keys": json.dumps(keys)}


def _as_arrays(keys: Mapping[int, float]) -> dict[str, Any]:
    return {"keys": list(keys), "weights": list(keys.values())}


def _newest_of(key: Any, *columns: Any) -> Select[Any]:
    kept = match_keys.c
    since, until = (bindparam(name, type_=BigInteger) for name in ("since", "until"))
    return (
        select(*columns)
        .where(kept.key == key, kept.said_at.between(since, until))
        .order_by(kept.said_at.desc(), kept.report_id.desc())
        .limit(NEWEST_OF_A_KEY)
    )


def _hits_on_postgres() -> Subquery:
    wanted = (
        func.unnest(
            bindparam("keys", type_=ARRAY(BigInteger)), bindparam("weights", type_=ARRAY(Double))
        )
        .table_valued("key", "weight")
        .render_derived("wanted")
    )
    newest = _newest_of(wanted.c.key, match_keys.c.report_id, match_keys.c.said_at).lateral("hit")
    return (
        select(wanted.c.weight, newest.c.report_id, newest.c.said_at)
        .select_from(wanted.join(newest, true()))
        .subquery("hits")
    )


def _hits_on_sqlite() -> Subquery:
    # SQLite has no LATERAL, but a table-valued function may look at what stands before it: the
    # newest rows of each key pass through one JSON array, time and report packed into one number.
    wanted = func.json_each(bindparam("keys", type_=Text)).table_valued(
        "key", "value", name="wanted"
    )
    since = bindparam("since", type_=BigInteger)
    packed = (match_keys.c.said_at - since) * (1 << REPORT_BITS) + match_keys.c.report_id
    key = cast(wanted.c.key, BigInteger)
    newest = _newest_of(key, packed.label("packed")).correlate(wanted).subquery("newest")
    array = select(func.json_group_array(newest.c.packed)).correlate(wanted).scalar_subquery()
    hit = func.json_each(array).table_valued("value", name="hit")
    return (
        select(
            wanted.c.value.label("weight"),
            hit.c.value.op("&")(REPORT_MASK).label("report_id"),
            hit.c.value.op(">>")(REPORT_BITS).label("said_at"),
        )
        .select_from(wanted.join(hit, true()))
        .subquery("hits")
    )


def _best(hits: Subquery) -> Select[Any]:
    shared, newest = func.sum(hits.c.weight).label("shared"), func.max(hits.c.said_at)
    best = (
        select(hits.c.report_id, shared, newest.label("newest"))
        .group_by(hits.c.report_id)
        .order_by(shared.desc(), newest.desc(), hits.c.report_id.desc())
        .limit(bindparam("most"))
        .subquery("best")
    )
    return (
        select(reports.c.complaint_id, gists.c.report_id, gists.c.version, gists.c.gist)
        .add_columns(best.c.shared)
        .select_from(
            best.join(gists, gists.c.report_id == best.c.report_id).join(
                reports, reports.c.id == best.c.report_id
            )
        )
        .where(reports.c.complaint_id.is_not(None))
        .order_by(best.c.shared.desc(), best.c.newest.desc(), best.c.report_id.desc())
    )


# Built once: the same objects again and again are what SQLAlchemy and both drivers have prepared.
ON_SQLITE = _best(_hits_on_sqlite())
ON_POSTGRES = _best(_hits_on_postgres())
