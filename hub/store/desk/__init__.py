"""What the desk reads: straight from SQL into rows, the same on SQLite and PostgreSQL."""

from hub.store.desk.agreement import Agreement, agreement
from hub.store.desk.carrying import (
    carried,
    count_to_carry,
    example_number,
    next_to_carry,
    stored_at,
    stored_file,
    to_carry,
)
from hub.store.desk.complaints import ComplaintPage, Filter, complaints, listeners
from hub.store.desk.counts import counted_in, counts
from hub.store.desk.health import ConnectorHealth, Readiness, health, readiness
from hub.store.desk.journey import Journey, journey
from hub.store.desk.rows import (
    AttachmentRow,
    AttemptRow,
    CardRow,
    CarriedRow,
    ComplaintLine,
    ComplaintRow,
    CountRow,
    FileRow,
    HistoryRow,
    LinkRow,
    ParcelLine,
    ParcelRow,
    ReceiptRow,
    ReportRow,
    SourceRow,
    ToCarry,
    UnreadableRow,
)
from hub.store.desk.step import Standing
from hub.store.desk.waiting import count_open_cards, open_cards, parcels_in, unreadable

__all__ = [
    "Agreement",
    "AttachmentRow",
    "AttemptRow",
    "CardRow",
    "CarriedRow",
    "ComplaintLine",
    "ComplaintPage",
    "ComplaintRow",
    "ConnectorHealth",
    "CountRow",
    "FileRow",
    "Filter",
    "HistoryRow",
    "Journey",
    "LinkRow",
    "ParcelLine",
    "ParcelRow",
    "Readiness",
    "ReceiptRow",
    "ReportRow",
    "SourceRow",
    "Standing",
    "ToCarry",
    "UnreadableRow",
    "agreement",
    "carried",
    "complaints",
    "count_open_cards",
    "count_to_carry",
    "counted_in",
    "counts",
    "example_number",
    "health",
    "journey",
    "listeners",
    "next_to_carry",
    "open_cards",
    "parcels_in",
    "readiness",
    "stored_at",
    "stored_file",
    "to_carry",
    "unreadable",
]
