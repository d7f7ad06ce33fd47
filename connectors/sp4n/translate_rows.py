"""A row of Laporan Ringkas into a report and its status. Pure and total."""

from collections.abc import Iterator
from datetime import datetime

from connectors.sp4n import payloads
from connectors.sp4n.moments import worded
from connectors.sp4n.settings import Settings
from connectors.sp4n.translate_reports import (
    category_of,
    place_of,
    ticket_in,
    unknown_category,
    with_status,
)
from connectors.sp4n.wording import cleaned
from hub.contract import Mapping, News, Node, Raw, Report, Unreadable
from hub.contract.mapping import folded
from hub.contract.privacy import masked

# What the cell says goes into a key, and a key has its limits.
LONGEST_DAY = 40

# What becomes a field of its own, and the name, which must not leave the hub.
_NO_FACTS = frozenset(
    {
        payloads.TRACKING_ID,
        payloads.DATE,
        payloads.TIME,
        payloads.REPORTER,
        payloads.TITLE,
        payloads.TEXT,
        payloads.VISIBILITY,
        payloads.STATUS,
        *payloads.PLACE,
    }
)


def row_news(raw: Raw, body: Node, *, settings: Settings, mapping: Mapping) -> Iterator[News]:
    """One row of an export: the report, and where it stands."""
    row = body["row"]
    tracking_id = _cell(row, payloads.TRACKING_ID)
    said_at = worded(_cell(row, payloads.DATE), _cell(row, payloads.TIME), settings.export_zone)
    if not tracking_id or said_at is None:
        column = payloads.DATE if tracking_id else payloads.TRACKING_ID
        where = f"{body['file'].text()}, baris {body['number'].text()}, kolom {column}"
        cell = _cell(row, column)
        what = f"tidak terbaca: {cell!r}" if cell else "kosong"
        yield Unreadable(key=raw.key, reason=f"{where} {what}")
        return
    # A file tells how things stood when it was made; without that day only the report's own
    # time is certain, and whatever is known better must win.
    generated, written = (body[name].text() or "" for name in ("generated", "written"))
    made = worded(*_day_and_time(generated), settings.export_zone)
    report = _from_row(row, tracking_id, said_at=said_at, mapping=mapping)
    status_at = max(made or said_at, said_at)
    # Files of one day, or that name no day, differ in when they were written.
    seen = "@".join(filter(None, (generated[:LONGEST_DAY], written)))
    yield from with_status(report, status_at=status_at, mapping=mapping, seen=seen)
    theirs = (_cell(row, payloads.CATEGORY_ID), _cell(row, payloads.CATEGORY))
    yield from unknown_category(report, *theirs)


def _from_row(row: Node, tracking_id: str, *, said_at: datetime, mapping: Mapping) -> Report:
    visibility = folded(_cell(row, payloads.VISIBILITY))
    cells = row.value if isinstance(row.value, dict) else {}
    facts = {name: masked(cleaned(_cell(row, name))) for name in cells if name not in _NO_FACTS}
    text = _cell(row, payloads.TEXT) or _cell(row, payloads.MODERATED_TEXT)
    return Report(
        key=f"report:{tracking_id}",
        external_id=tracking_id,
        said_at=said_at,
        title=masked(cleaned(_cell(row, payloads.TITLE))) or None,
        text=masked(cleaned(text)),
        place=place_of([_cell(row, name) for name in payloads.PLACE]),
        category=category_of(
            mapping, _cell(row, payloads.CATEGORY_ID), _cell(row, payloads.CATEGORY)
        ),
        anonymous="anonim" in visibility,
        secret="rahasia" in visibility,
        their_status=cleaned(_cell(row, payloads.STATUS)) or None,
        marker=ticket_in(text),
        facts={name: value for name, value in facts.items() if value},
    )


def _day_and_time(text: str) -> tuple[str, str]:
    day, blank, time = text.strip().rpartition(" ")
    return (day, time) if blank and ":" in time else (text.strip(), "")


def _cell(row: Node, name: str) -> str:
    return (row[name].text() or "").strip()
