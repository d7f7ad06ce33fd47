"""The tables. Times are UTC; what is sealed is encrypted with the hub's secret key."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hub.store.types import JsonText, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives rowids (and so an ever-growing sequence) only to INTEGER primary keys.
Id = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[int]:
    """Make the primary key that every table of rows has."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = True) -> Column[int]:
    """Make a column that refers to a row of `target`."""
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable)


inbox = Table(
    "inbox",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("key", String(300), nullable=False),
    Column("how", String(10), nullable=False),  # webhook | poll | inspect | import
    Column("external_id", String(300)),
    Column("media_type", String(100), nullable=False),
    Column("sealed_body", LargeBinary),  # None once pruned
    Column("received_at", UtcTime, nullable=False),
    Column("state", String(12), nullable=False),  # unread | read | unreadable
    Column("due_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("read_at", UtcTime),
    Column("summary", Text),
    UniqueConstraint("connector", "key"),
    Index(
        "ix_inbox_unread",
        "due_at",
        "id",
        sqlite_where=text("state = 'unread'"),
        postgresql_where=text("state = 'unread'"),
    ),
    Index("ix_inbox_state", "connector", "state", "received_at"),
    Index("ix_inbox_external", "connector", "external_id"),
    sqlite_autoincrement=True,
)

news = Table(
    "news",
    metadata,
    id_column(),
    ref("inbox_id", "inbox", nullable=False),
    Column("connector", String(40), nullable=False),
    Column("key", String(300), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text),
    ref("complaint_id", "complaints"),
    UniqueConstraint("connector", "key"),
    Index("ix_news_inbox", "inbox_id"),
    Index("ix_news_complaint", "complaint_id"),
    sqlite_autoincrement=True,
)

people = Table(
    "people",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("sealed_identity", LargeBinary, nullable=False),
    Column("heard_at", UtcTime),  # the citizen's own time of their last message
    Column("window_closed", Boolean, nullable=False, server_default=text("false")),
    Column("known_since", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

aliases = Table(
    "aliases",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("blind", String(64), nullable=False),  # keyed hash: findable, not readable
    ref("person_id", "people", nullable=False),
    UniqueConstraint("connector", "blind"),
    Index("ix_aliases_person", "person_id"),
    sqlite_autoincrement=True,
)

looks = Table(
    "looks",
    metadata,
    id_column(),
    ref("person_id", "people", nullable=False),
    Column("who", String(100), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

complaints = Table(
    "complaints",
    metadata,
    id_column(),
    Column("ticket", String(40), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("category", String(40)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("place", Text),
    Column("anonymous", Boolean, nullable=False),
    Column("secret", Boolean, nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("status_at", UtcTime, nullable=False),  # the source's own time
    Column("status_from", String(40), nullable=False),
    Column("agency", Text),
    Column("routed_by", String(100)),  # the rule of routes.toml that said where it goes
    # No foreign keys: SQLite would have to copy the table to get them.
    Column("merged_into", Id),  # the complaint that speaks for this one now
    Column("continues", Id),  # the same trouble, ended before: a new complaint linked to the old
    Column("voices", Integer, nullable=False, server_default="1"),  # how many people said it
    Column("held_at", UtcTime),  # since when two channels undo each other, and a person must say
    Column("held_why", Text),
    Column("updated_at", UtcTime, nullable=False),
    Index("ix_complaints_updated", "updated_at", "id"),
    Index("ix_complaints_status", "status", "updated_at"),
    Index("ix_complaints_merged", "merged_into"),
    Index(
        "ix_complaints_held",
        "held_at",
        sqlite_where=text("held_at IS NOT NULL"),
        postgresql_where=text("held_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

turns = Table(
    "turns",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    ref("person_id", "people", nullable=False),
    Column("route", String(100), nullable=False, server_default=""),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Index(
        "uq_turns_open",
        "connector",
        "person_id",
        "route",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_turns_due",
        "due_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("external_id", String(300), nullable=False),
    ref("complaint_id", "complaints"),
    ref("turn_id", "turns"),
    ref("person_id", "people"),
    Column("route", String(100)),
    Column("said_at", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("category", String(40)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("place", Text),
    Column("anonymous", Boolean, nullable=False),
    Column("secret", Boolean, nullable=False),
    Column("facts", JsonText, nullable=False),
    UniqueConstraint("connector", "external_id"),
    Index("ix_reports_complaint", "complaint_id"),
    Index("ix_reports_turn", "turn_id"),
    Index("ix_reports_person", "person_id", "said_at"),
    Index("ix_reports_said", "said_at"),
    sqlite_autoincrement=True,
)

attachments = Table(
    "attachments",
    metadata,
    id_column(),
    ref("report_id", "reports", nullable=False),
    Column("connector", String(40), nullable=False),
    Column("ref", Text, nullable=False),
    Column("route", String(100)),
    Column("kind", String(20), nullable=False),
    Column("file_name", Text),
    Column("declared_type", String(100)),
    Column("media_type", String(100)),
    Column("declared_sha256", String(64)),
    Column("size", BigInteger),
    Column("sha256", String(64)),  # of what was stored
    Column("likeness", String(16)),  # perceptual hash of a picture, hexadecimal
    Column("state", String(10), nullable=False),  # expected | stored | failed
    Column("path", Text),  # relative to the files folder
    Column("due_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("asked_at", UtcTime, nullable=False),
    Column("problem", Text),
    Index("ix_attachments_report", "report_id"),
    Index(
        "ix_attachments_due",
        "due_at",
        sqlite_where=text("state = 'expected'"),
        postgresql_where=text("state = 'expected'"),
    ),
    sqlite_autoincrement=True,
)

sources = Table(
    "sources",
    metadata,
    id_column(),
    ref("complaint_id", "complaints", nullable=False),
    Column("connector", String(40), nullable=False),
    Column("external_id", String(300)),  # None until the upstream has given one
    ref("person_id", "people"),
    Column("route", String(100)),
    Column("their_status", Text),  # their own word
    Column("shown", String(20)),  # what it means to us
    Column("shown_at", UtcTime),
    Column("told", String(20)),  # what we last told them, acknowledged
    Column("told_at", UtcTime),
    Column("disagrees", Text),  # why their status contradicts ours
    # Whether it is told how things go on; what is told nothing has nothing to agree on.
    Column("listens", Boolean, nullable=False, server_default=text("true")),
    Column("linked_at", UtcTime, nullable=False),
    Column("linked_by", String(100), nullable=False),
    Column("inspect_due_at", UtcTime),
    Column("inspect_failures", Integer, nullable=False, server_default="0"),
    Column("looked_at", UtcTime),  # when it last could be looked at, or was found unreadable
    # The complaint it was made for: its parcels keep that lane, and so their order, through merges.
    Column("thread_id", Id),
    UniqueConstraint("connector", "external_id"),
    UniqueConstraint("complaint_id", "connector", "external_id"),
    Index("ix_sources_complaint", "complaint_id"),
    Index("ix_sources_inspect", "connector", "inspect_due_at"),
    Index("ix_sources_looked", "connector", "looked_at"),
    sqlite_autoincrement=True,
)

answers = Table(
    "answers",
    metadata,
    id_column(),
    ref("source_id", "sources", nullable=False),
    Column("external_id", String(300), nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("source_id", "external_id"),
    sqlite_autoincrement=True,
)

links = Table(
    "links",
    metadata,
    id_column(),
    ref("source_id", "sources", nullable=False),
    Column("before", String(300)),  # their number until then; None: it was not known yet
    Column("after", String(300), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("who", String(100), nullable=False),
    Column("why", Text),
    Index("ix_links_source", "source_id", "id"),
    sqlite_autoincrement=True,
)

batches = Table(
    "batches",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("sha256", String(64)),  # None until the file has been written
    Index("ix_batches_connector", "connector", "id"),
    sqlite_autoincrement=True,
)

tallies = Table(
    "tallies",
    metadata,
    Column("connector", String(40), primary_key=True),
    Column("blind", String(32), primary_key=True),  # keyed hash of what was counted
    Column("day", String(10), nullable=False),  # local calendar day, 2026-01-18
    Column("word", String(40), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("waited", Integer),  # seconds
    Column("talked", Integer),
    Index("ix_tallies_day", "connector", "day", "word"),
)

history = Table(
    "history",
    metadata,
    id_column(),
    ref("complaint_id", "complaints", nullable=False),
    Column("before", String(20)),
    Column("status", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),  # the source's own time
    Column("known_at", UtcTime, nullable=False),
    Column("origin", String(100), nullable=False),  # a connector, or "operator:<name>"
    Column("outcome", String(20), nullable=False),  # moved | answered | late | not_allowed
    Column("note", Text),
    Column("typed_by", String(100)),  # who copied it from the channel's own page
    Column("source_id", Id),  # which of the origin's reports said so; no foreign key, as above
    Index("ix_history_complaint", "complaint_id", "id"),
    sqlite_autoincrement=True,
)

parcels = Table(
    "parcels",
    metadata,
    id_column(),  # also the order of promises
    Column("parcel_id", String(32), nullable=False, unique=True),
    Column("marker", String(12), nullable=False),
    Column("connector", String(40), nullable=False),
    Column("lane", String(60), nullable=False),  # complaint or person: what must stay in order
    ref("complaint_id", "complaints"),
    ref("source_id", "sources"),
    ref("person_id", "people"),
    Column("route", String(100)),
    Column("kind", String(20), nullable=False),
    Column("content", JsonText, nullable=False),
    Column("needed", Boolean, nullable=False),  # later parcels of the lane may not overtake it
    Column("state", String(10), nullable=False),  # see hub.rows.State
    Column("promised_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("lease_owner", String(60)),
    Column("handed_at", UtcTime),  # since when it is for people or files to carry
    Column("handed_to", String(100)),  # the operator who copies it just now
    # The file that carries it. No foreign key: SQLite would have to copy the table to get one.
    Column("batch_id", Id),
    Column("begun", Boolean, nullable=False, server_default=text("false")),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("asks_person", Boolean, nullable=False, server_default=text("false")),
    Column("doubt_since", UtcTime),
    Column(
        "looks", Integer, nullable=False, server_default="0"
    ),  # in vain, since the last attempt
    Column("code", String(60)),
    Column("detail", Text),
    Column("external_id", String(300)),  # what the push made there
    Column("receipt", String(12)),
    Column("settled_at", UtcTime),
    Index(
        "ix_parcels_due",
        "connector",
        "due_at",
        "id",
        sqlite_where=text("state IN ('waiting', 'doubt', 'leased')"),
        postgresql_where=text("state IN ('waiting', 'doubt', 'leased')"),
    ),
    Index(
        "ix_parcels_handed",
        "connector",
        "id",
        sqlite_where=text("state = 'handed'"),
        postgresql_where=text("state = 'handed'"),
    ),
    Index("ix_parcels_lane", "lane", "connector", "id"),
    Index("ix_parcels_external", "connector", "external_id"),
    Index("ix_parcels_marker", "marker"),
    Index("ix_parcels_source", "source_id", "id"),
    Index("ix_parcels_complaint", "complaint_id"),
    Index("ix_parcels_settled", "settled_at"),
    Index(
        "ix_parcels_unsettled",
        "complaint_id",
        "connector",
        sqlite_where=text("state NOT IN ('settled', 'dropped')"),
        postgresql_where=text("state NOT IN ('settled', 'dropped')"),
    ),
    sqlite_autoincrement=True,
)

attempts = Table(
    "attempts",
    metadata,
    id_column(),
    Column("parcel_id", String(32), ForeignKey("parcels.parcel_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("phase", String(10), nullable=False),  # began | ended | readback | person | handed
    Column("at", UtcTime, nullable=False),
    Column("outcome", String(20)),  # settled | retry | pause | doubt | give_up | ...
    Column("code", String(60)),
    Column("detail", Text),
    Column("milliseconds", Integer),
    Column("who", String(100)),
    Index("ix_attempts_parcel", "parcel_id", "id"),
    sqlite_autoincrement=True,
)

receipts = Table(
    "receipts",
    metadata,
    id_column(),
    Column("connector", String(40), nullable=False),
    Column("external_id", String(300), nullable=False),
    Column("parcel_id", String(32)),  # None: an orphan, matched when the push is settled
    Column("state", String(12), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("code", String(60)),
    Column("facts", JsonText, nullable=False),
    Index("ix_receipts_external", "connector", "external_id"),
    sqlite_autoincrement=True,
)

cursors = Table(
    "cursors",
    metadata,
    Column("connector", String(40), primary_key=True),
    Column("value", Text),
    Column("due_at", UtcTime, nullable=False),  # also the poller's lease
    Column("failures", Integer, nullable=False, server_default="0"),
)

upstreams = Table(
    "upstreams",
    metadata,
    Column("connector", String(40), primary_key=True),
    Column("heard_at", UtcTime),
    Column("reached_at", UtcTime),
    Column("lost_since", UtcTime),
    Column("paused_until", UtcTime),
    Column("pause_code", String(60)),
    Column("pause_detail", Text),
    Column("held_by", String(100)),  # an operator's pause has no end of its own
    Column("masters", JsonText),
    Column("masters_at", UtcTime),
    Column("masters_due_at", UtcTime),
    Column("resumed_at", UtcTime),  # since when it is sent to again, at first slowly
    Column("looks_free_at", UtcTime),  # from then on the budget of looks is whole again
    Column("clock_samples", JsonText),  # how far ahead its clock was, in seconds, the newest last
)

cards = Table(
    "cards",
    metadata,
    id_column(),
    Column("key", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("connector", String(40)),
    ref("complaint_id", "complaints"),
    Column("parcel_id", String(32)),
    ref("inbox_id", "inbox"),
    Column("text", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("seen", Integer, nullable=False, server_default="1"),
    Column("last_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("closed_by", String(100)),
    Index(
        "uq_cards_open",
        "key",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
