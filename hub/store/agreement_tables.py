"""The tables of agreement: who contradicted whom, and every round of looking."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, text

from hub.store.tables import Id, id_column, metadata, ref
from hub.store.types import JsonText, UtcTime

# Two channels said different things of one complaint: both sides, and the rule that decided.
conflicts = Table(
    "conflicts",
    metadata,
    id_column(),
    ref("complaint_id", "complaints", nullable=False),
    Column("source_id", Id, nullable=False),  # who contradicted
    Column("connector", String(40), nullable=False),
    Column("at", UtcTime, nullable=False),  # when we heard of it
    Column("rule", String(40), nullable=False),  # see hub.domain.authority
    Column("outcome", String(10), nullable=False),  # theirs | ours | person
    Column("ours", String(20), nullable=False),
    Column("ours_at", UtcTime, nullable=False),
    Column("ours_from", String(100), nullable=False),
    Column("theirs", String(20), nullable=False),
    Column("their_word", Text, nullable=False),
    Column("theirs_at", UtcTime, nullable=False),  # their clock put right
    Column("ahead", Float, nullable=False),  # by how many seconds it was put right
    Column("reason", Text, nullable=False),
    Column("ended_at", UtcTime),  # they agree again, or somebody has decided
    Column("decided", String(20)),  # the status that a person chose
    Column("decided_by", String(100)),
    Index("ix_conflicts_complaint", "complaint_id", "id"),
    Index("ix_conflicts_open", "ended_at", "id"),
    Index("ix_conflicts_source", "source_id", "id"),
    sqlite_autoincrement=True,
)

# One pass over every source of a channel: looked at, compared, repaired or explained.
rounds = Table(
    "rounds",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),  # None: it is under way
    Column("sources", Integer, nullable=False),  # how many there were to look at when it began
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("unreadable", Integer, nullable=False, server_default="0"),
    Column("found", JsonText),  # at its end: how many stood how (Standing -> number)
    Index(
        "uq_rounds_open",
        "connector",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_rounds_ended", "connector", "ended_at"),
    sqlite_autoincrement=True,
)
