"""What the desk reads: straight from SQL into rows, the same on SQLite and PostgreSQL."""

from hub.store.desk.agreement import Agreement, agreement
from hub.store.desk.complaints import ComplaintPage, Filter, complaints
from hub.store.desk.health import ConnectorHealth, Readiness, health, readiness
from hub.store.desk.journey import Journey, journey
from hub.store.desk.rows import (
    AttachmentRow,
    AttemptRow,
    CardRow,
    ComplaintLine,
    ComplaintRow,
    HistoryRow,
    ParcelLine,
    ParcelRow,
    ReceiptRow,
    ReportRow,
    SourceRow,
    UnreadableRow,
)
from hub.store.desk.step import Standing
from hub.store.desk.waiting import count_open_cards, open_cards, parcels_in, unreadable

__all__ = [
    "Agreement",
    "AttachmentRow",
    "AttemptRow",
    "CardRow",
    "ComplaintLine",
    "ComplaintPage",
    "ComplaintRow",
    "ConnectorHealth",
    "Filter",
    "HistoryRow",
    "Journey",
    "ParcelLine",
    "ParcelRow",
    "Readiness",
    "ReceiptRow",
    "ReportRow",
    "SourceRow",
    "Standing",
    "UnreadableRow",
    "agreement",
    "complaints",
    "count_open_cards",
    "health",
    "journey",
    "open_cards",
    "parcels_in",
    "readiness",
    "unreadable",
]
