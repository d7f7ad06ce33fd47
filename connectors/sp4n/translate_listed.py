"""An entry of the inbound list into a report and its status. Pure and total.

Nobody outside has seen this list: several names are tried for each field.
"""

import re
from collections.abc import Iterator

from connectors.sp4n.moments import moment
from connectors.sp4n.settings import Settings
from connectors.sp4n.translate_reports import (
    category_of,
    place_of,
    ticket_in,
    unknown_category,
    with_status,
)
from connectors.sp4n.wording import plain
from hub.contract import Mapping, News, Node, Raw, Report, Unreadable
from hub.contract.mapping import folded
from hub.contract.privacy import masked

_NAMING = ("tags_raw", "tags", "content", "description", "isi")


def listed_news(raw: Raw, entry: Node, *, settings: Settings, mapping: Mapping) -> Iterator[News]:
    """One entry of the inbound list: the report, and where it stands."""
    external_id = raw.external_id or listed_id(entry)
    at = moment(_any(entry, "created_at", "date", "tanggal"), settings.zone)
    if external_id is None or at is None:
        yield Unreadable(key=raw.key, reason="Laporan dalam daftar masuk tanpa id atau tanggal.")
        return
    text = _any(entry, "content", "description", "isi")
    category = (_any(entry, "category_id"), _any(entry, "category_name", "category"))
    report = Report(
        key=f"report:{external_id}",
        external_id=external_id,
        said_at=at,
        title=masked(plain(_any(entry, "title", "judul"))) or None,
        text=masked(plain(text)),
        place=place_of([_any(entry, "location_name", "location", "address")]),
        category=category_of(mapping, *category),
        anonymous=_flag(entry["is_anonymous"]),
        secret=_flag(entry["is_secret"]),
        their_status=_any(entry, "status_name", "status") or None,
        marker=ticket_in(_any(entry, "tags_raw", "tags"), text),
    )
    changed = moment(changed_at(entry), settings.zone) or at
    yield from with_status(report, status_at=changed, mapping=mapping)
    yield from unknown_category(report, *category)


def listed_id(entry: Node) -> str | None:
    """The id of an entry of the inbound list."""
    return _any(entry, "id", "complaint_id", "tracking_id") or None


def changed_at(entry: Node) -> str:
    """When an entry of the inbound list last changed, as it says; empty if it does not."""
    return _any(entry, "updated_at")


def has_words(entry: Node) -> bool:
    """Whether an entry of the inbound list could name a ticket of ours at all."""
    return any(name in entry.value for name in _NAMING)


def mentions(entry: Node, ticket: str) -> bool:
    """Whether an entry of the inbound list is the one we opened for this ticket."""
    words = [_any(entry, name) for name in _NAMING]
    return any(re.search(rf"{re.escape(ticket)}(?![\w-])", text) for text in words)


def _any(entry: Node, *names: str) -> str:
    for name in names:
        text = entry[name].text() or entry[name]["name"].text() or ""
        if text.strip():
            return text.strip()
    return ""


def _flag(node: Node) -> bool:
    return node.value is True or folded(node.text() or "") in {"1", "true", "ya"}
