"""Their words into ours: one complaint as it stands there now. Pure and total."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from connectors.sp4n.moments import moment
from connectors.sp4n.shapes import first, institution, rows_of, words_of
from connectors.sp4n.translate_out import our_mark
from connectors.sp4n.wording import filled, plain, without_countdown
from hub.contract import (
    Answer,
    Mapping,
    Node,
    Raw,
    StatusNews,
    Unreadable,
)
from hub.contract.mapping import folded

SAYS_STATUS = re.compile(r"\{\{\s*status_(old|new)\s*\}\}")
DISPOSITION = "disposition"


@dataclass(frozen=True, slots=True)
class Log:
    """One line of their history: when, which status it led to, and what was written."""

    at: datetime
    status: str
    text: str


def status_news(
    raw: Raw, body: Node, *, zone: ZoneInfo, mapping: Mapping
) -> StatusNews | Unreadable:
    """What an inspection found: the present status and every answer so far."""
    data = body["detail"]["results"]["data"]
    external_id = raw.external_id or first(data, "id", "complaint_id", "tracking_id")
    logs = sorted(_logs(body["detail"]["results"], zone), key=lambda log: log.at)
    theirs = _status_word(data, logs)
    at = _since(theirs, logs, mapping) or _otherwise(body, zone)
    if external_id is None or theirs is None or at is None:
        found = {"id": external_id, "status_name": theirs, "tanggal": at}
        lack = ", ".join(name for name, value in found.items() if value is None)
        return Unreadable(key=raw.key, reason=f"Rincian laporan tanpa {lack}.")
    # A status that returns with nothing else changed is told apart by its time alone.
    newest = max((at, *(log.at for log in logs)))
    return StatusNews(
        key=f"{raw.key}:{newest:%Y%m%dT%H%M%S}",
        external_id=external_id,
        theirs=theirs,
        status=mapping.to_status(without_countdown(theirs)),
        at=at,
        note=_note(_of_status(theirs, logs, mapping), at),
        agency=first(data, "disposition_name"),
        answers=tuple(_answers(body["followups"], zone, at)),
    )


def undated_change(detail: Node, zone: ZoneInfo) -> str | None:
    """When it last changed, where no history tells a status that returns from what it was before."""
    if next(_logs(detail["results"], zone), None) is not None:
        return None
    return first(detail["results"]["data"], "updated_at")


def _status_word(data: Node, logs: list[Log]) -> str | None:
    word = first(data, "status_name") or first(data["status"], "name") or data["status"].text()
    if word and without_countdown(word):
        return word.strip()
    # Nothing but "Selesai otomatis dalam 9 hari": the history knows the status itself.
    return next((log.status for log in reversed(logs) if log.status), word or None)


def _since(theirs: str | None, logs: list[Log], mapping: Mapping) -> datetime | None:
    if theirs is None:
        return None
    led_here = (log.at for log in reversed(logs) if _leads_to(log, theirs, mapping))
    return next(led_here, logs[-1].at if logs else None)


def _leads_to(log: Log, theirs: str, mapping: Mapping) -> bool:
    word, led_to = (folded(without_countdown(each)) for each in (theirs, log.status))
    ours = mapping.to_status(word)
    return led_to == word or bool(ours and mapping.to_status(led_to) is ours)


def _otherwise(body: Node, zone: ZoneInfo) -> datetime | None:
    data = body["detail"]["results"]["data"]
    stated = (first(data, "updated_at"), first(data, "created_at"), first(body, "seen"))
    return next(filter(None, (moment(text or "", zone) for text in stated)), None)


def _of_status(theirs: str, logs: list[Log], mapping: Mapping) -> list[Log]:
    """Without what led somewhere else: a clock that was put right since may date that later.

    `status_logs` have words without a status; what stands there at the same moment tells it.
    """
    here = {log.at for log in logs if _leads_to(log, theirs, mapping)}
    if not here:
        return logs
    ours = mapping.to_status(without_countdown(theirs))
    known = ((log.at, mapping.to_status(without_countdown(log.status))) for log in logs)
    elsewhere = {at for at, status in known if status not in (None, ours)} - here
    return [log for log in logs if log.at not in elsewhere]


def _note(logs: list[Log], since: datetime) -> str | None:
    """What was written when the present status began, or after; nothing older belongs to it."""
    newest = next((log.text for log in reversed(logs) if log.text and log.at >= since), None)
    return None if newest is None or our_mark(newest) else newest


def _logs(results: Node, zone: ZoneInfo) -> Iterator[Log]:
    # Of two lines in one second the later one counts: status_logs come newest first.
    notes = reversed(rows_of(results["data"]["status_logs"]))
    for entry in (*notes, *rows_of(results["data_logs"])):
        at = moment(first(entry, "date", "created_at", "timestamp") or "", zone)
        if at is not None:
            words = words_of(entry)
            text = first(entry, "content", "note") or ""
            # "Status berubah dari ... menjadi ..." is the system talking to itself.
            written = "" if SAYS_STATUS.search(text) else plain(filled(text, words))
            yield Log(at, words["status_new"], written)


def _answers(followups: Node, zone: ZoneInfo, otherwise: datetime) -> Iterator[Answer]:
    for entry in rows_of(followups):
        author = institution(entry, "institution_from")
        if author is None:
            # Only institutions answer; what a reporter wrote has nobody in this place.
            continue
        is_disposition = first(entry, "template_code") == DISPOSITION
        template = first(entry, "template_content") if is_disposition else None
        text = plain(filled(template or first(entry, "content") or "", words_of(entry)))
        mark = our_mark(text)
        pointer = None if mark else _attached(entry["attachments"])
        at = moment(first(entry, "created_at", "date") or "", zone)
        yield Answer(
            id=first(entry, "id") or sha256(text.encode()).hexdigest()[:16],
            text="\n".join(filter(None, (text, pointer))),
            at=at or otherwise,
            author=author,
            marker=mark,
            is_dated=at is not None,
        )


def _attached(files: Node) -> str | None:
    """Where an officer's files can be seen: nobody knows whether their addresses open to us."""
    count = sum(1 for file in (*rows_of(files), *rows_of(files["docs"])) if first(file, "path"))
    return f"({count} lampiran petugas dapat dilihat di lapor.go.id.)" if count else None
