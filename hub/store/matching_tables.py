"""The tables of matching: what finds candidates, what was judged, and what was merged."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hub.store.tables import Id, id_column, metadata, ref
from hub.store.types import JsonText, UtcTime

gists = Table(
    "gists",
    metadata,
    Column("report_id", Id, ForeignKey("reports.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),  # of the reading; an older one is read again
    Column("said_at", UtcTime, nullable=False),
    Column("gist", Text, nullable=False),  # JSON, opaque here
)

# What finds candidates: exact look-ups in one index, the same on both databases. A key is a hash of a
# place and a topic, of a person, of a quoted number, of a photo or of a band of words.
match_keys = Table(
    "match_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("said_at", BigInteger, primary_key=True, autoincrement=False),  # seconds since 1970
    Column("report_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

matches = Table(
    "matches",
    metadata,
    id_column(),
    ref("report_id", "reports", nullable=False),  # the report that was judged
    ref("complaint_id", "complaints", nullable=False),  # against this complaint
    Column("verdict", String(10), nullable=False),  # same | perhaps | different
    Column("score", Float, nullable=False),
    Column("evidence", JsonText, nullable=False),
    Column("returns", Boolean, nullable=False, server_default=text("false")),
    Column("at", UtcTime, nullable=False),
    # open: waits for a person | later: put off | same, different: decided | done: needs nobody
    # watched: nobody is asked, but it may become clear by itself
    Column("state", String(10), nullable=False),
    Column("decided_by", String(100)),
    Column("decided_at", UtcTime),
    UniqueConstraint("report_id", "complaint_id"),
    Index("ix_matches_complaint", "complaint_id"),
    Index(
        "ix_matches_open",
        "state",
        "at",
        sqlite_where=text("state IN ('open', 'later')"),
        postgresql_where=text("state IN ('open', 'later')"),
    ),
    sqlite_autoincrement=True,
)

merges = Table(
    "merges",
    metadata,
    id_column(),
    Column(
        "kind", String(10), nullable=False
    ),  # join: a report on arrival | merge: two complaints
    ref("complaint_id", "complaints", nullable=False),  # the one that stays
    ref("lost_id", "complaints"),  # the one merged into it; of a join None, until it is undone
    Column("report_ids", JsonText, nullable=False),  # what was re-pointed
    Column("source_ids", JsonText, nullable=False),
    Column("before", JsonText, nullable=False),  # the status of both, and what was dropped
    Column("score", Float),
    Column("evidence", JsonText, nullable=False),
    Column("who", String(100), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("undone_at", UtcTime),
    Column("undone_by", String(100)),
    Column("undone_why", Text),
    Index("ix_merges_complaint", "complaint_id", "id"),
    Index("ix_merges_lost", "lost_id"),
    sqlite_autoincrement=True,
)
