"""Packing: what a connector is given for a parcel, built at the moment it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hub.contract.connector import Traits
from hub.contract.delivery import (
    Addition,
    Content,
    Delivery,
    Notice,
    Opening,
    Reporter,
    StatusUpdate,
    StoredFile,
)
from hub.domain.status import Status
from hub.ports import Work
from hub.rows import FileRow, Kind, Listening, Parcel


class NotYet(Exception):
    """Its attachments are still being fetched; nothing was tried."""


@dataclass(frozen=True, slots=True)
class Packing:
    """`folder`: where attachments lie. `files_wait`: how long a parcel waits for them."""

    folder: Path
    files_wait: timedelta = timedelta(minutes=15)
    # A file that is stored hastens what waits for it; this only bounds a lost nudge.
    files_come_in: timedelta = timedelta(seconds=15)


async def pack(
    work: Work, parcel: Parcel, *, traits: Traits, packing: Packing, now: datetime
) -> Delivery:
    """Build the delivery. Raises `NotYet` while it waits for its attachments."""
    source = await work.complaints.source_by_id(parcel.source_id) if parcel.source_id else None
    ticket = ""
    if parcel.complaint_id is not None:
        ticket = (await work.complaints.get(parcel.complaint_id)).ticket
    listening = (
        await work.people.listening(parcel.person_id) if parcel.person_id is not None else None
    )
    return Delivery(
        parcel_id=parcel.parcel_id,
        ticket=ticket,
        content=await _content(work, parcel, traits=traits, packing=packing, now=now),
        external_id=source.external_id if source else None,
        recipient=listening.address if listening else None,
        route=parcel.route,
        conversation_open=_is_open(listening, traits, now),
    )


def _is_open(listening: Listening | None, traits: Traits, now: datetime) -> bool:
    if listening is None or listening.window_closed:
        return False
    if traits.conversation_window is None:
        return True
    heard = listening.heard_at
    return heard is not None and now - heard < traits.conversation_window


async def _content(
    work: Work, parcel: Parcel, *, traits: Traits, packing: Packing, now: datetime
) -> Content:
    given = parcel.content
    match parcel.kind:
        case Kind.STATUS:
            return StatusUpdate(
                status=Status(given["status"]),
                at=datetime.fromisoformat(given["at"]),
                note=given.get("note"),
                agency=given.get("agency"),
                is_first=given.get("is_first", False),
                by_hub=given.get("by_hub", False),
            )
        case Kind.NOTICE:
            return Notice(name=given["name"])
        case Kind.ADDITION:
            return await _addition(work, parcel, packing=packing, now=now)
        case Kind.OPENING:
            return await _opening(work, parcel, traits=traits, packing=packing, now=now)


async def _addition(work: Work, parcel: Parcel, *, packing: Packing, now: datetime) -> Addition:
    reports = await work.reports.get(parcel.content["report_ids"])
    files = [
        *await _files_of(work, parcel),
        *await work.files.get(parcel.content.get("file_ids", ())),
    ]
    _wait_for(files, parcel, packing=packing, now=now)
    said_at = reports[0].said_at if reports else parcel.promised_at
    places = [_place_line(r.latitude, r.longitude, r.place) for r in reports]
    lines = [report.text for report in reports] + places
    text = "\n".join(line for line in lines if line)
    return Addition(
        text=text or "Lampiran menyusul.", said_at=said_at, files=_stored(files, packing.folder)
    )


async def _opening(
    work: Work, parcel: Parcel, *, traits: Traits, packing: Packing, now: datetime
) -> Opening:
    if parcel.complaint_id is None:
        raise ValueError(f"opening {parcel.parcel_id} has no complaint")
    complaint = await work.complaints.get(parcel.complaint_id)
    files = await _files_of(work, parcel)
    _wait_for(files, parcel, packing=packing, now=now)
    return Opening(
        title=complaint.title,
        text=complaint.text,
        said_at=complaint.said_at,
        category=complaint.category,
        place=complaint.place,
        files=_stored(files, packing.folder),
        anonymous=complaint.anonymous,
        secret=complaint.secret,
        reporter=await _reporter(work, parcel, now=now) if traits.wants_identity else None,
    )


async def _files_of(work: Work, parcel: Parcel) -> list[FileRow]:
    """Files of the reports it carries, but for those that came too late once and go behind it."""
    files = await work.files.of_reports(parcel.content["report_ids"])
    behind = await work.outbox.sent_behind(parcel.source_id or 0)
    return [file for file in files if file.id not in behind]


def _wait_for(
    files: Sequence[FileRow], parcel: Parcel, *, packing: Packing, now: datetime
) -> None:
    expected = any(file.state == "expected" for file in files)
    if expected and now - parcel.promised_at < packing.files_wait:
        raise NotYet


async def _reporter(work: Work, parcel: Parcel, *, now: datetime) -> Reporter | None:
    """Who said what the parcel carries, never another one who said the same; nobody if unnamed."""
    reports = await work.reports.get(parcel.content["report_ids"])
    if any(report.anonymous for report in reports):
        return None
    person_id = next((each.person_id for each in reports if each.person_id is not None), None)
    if person_id is None:
        return None
    listening = await work.people.listening(person_id)
    await work.people.look(
        person_id, who="hub", why="diteruskan ke kanal yang mewajibkannya", at=now
    )
    return Reporter(name=listening.name, phone=listening.address.get("phone"))


def _stored(files: list[FileRow], folder: Path) -> tuple[StoredFile, ...]:
    return tuple(
        StoredFile(
            file_name=file.file_name or f"{file.kind}-{file.id}",
            media_type=file.media_type or "application/octet-stream",
            size=file.size or 0,
            path=folder / file.path,
        )
        for file in files
        if file.state == "stored" and file.path
    )


def _place_line(latitude: float | None, longitude: float | None, words: str | None) -> str:
    if latitude is None or longitude is None:
        return words or ""
    return f"Lokasi: {latitude:.6f}, {longitude:.6f}" + (f" ({words})" if words else "")
