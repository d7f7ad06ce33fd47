"""Deliveries of every kind, addressed as the recordings of a connector are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, get_args

from hub.contract import (
    Addition,
    Content,
    Delivery,
    Notice,
    Opening,
    Place,
    Reporter,
    Status,
    StatusUpdate,
)
from tests.contract.recordings import situations
from tests.contract.subjects import Subject, categories

PARCEL_ID = "0123456789abcdef0123456789abcdef"
TICKET = "PKL-2026-000123"
SAID_AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
TEXT = "Jalan berlubang di depan pasar, sudah dua minggu dan sering ada motor jatuh."
REPORTER = Reporter(name="Warga Rekaan", phone="628110000001")


def envelopes(subject: Subject) -> Iterator[Delivery]:
    """One recorded delivery per kind of content that has any, for what is around the content."""
    recorded = [each.delivery for each in situations(subject, "push")]
    for kind in get_args(Content):
        of_kind = [each for each in recorded if isinstance(each.content, kind)]
        yield from of_kind[:1]


def samples(subject: Subject) -> Iterator[Delivery]:
    """Every content that the hub may want to send to this connector."""
    known = {type(each.content): each for each in envelopes(subject)}
    # Whoever was recorded last is known there, so news about a complaint can be addressed like it.
    anyone = next(
        reversed(known.values()),
        Delivery(parcel_id=PARCEL_ID, ticket=TICKET, content=Notice(name="")),
    )
    for content in contents(subject):
        around = known.get(type(content), anyone)
        opened = replace(
            around,
            content=content,
            external_id=None if isinstance(content, Opening) else around.external_id,
        )
        yield opened
        yield replace(opened, conversation_open=not opened.conversation_open)


def one_of_each(subject: Subject) -> list[Delivery]:
    """The first sample of every kind of content."""
    return list({type(each.content): each for each in reversed([*samples(subject)])}.values())


def contents(subject: Subject) -> Iterator[Any]:
    """Each status, first and later; each category; an addition; each notice of the mapping."""
    for status, is_first in product(Status, (True, False)):
        yield StatusUpdate(
            status=status,
            at=SAID_AT,
            note="Petugas sudah meninjau lokasi.",
            agency="Dinas Pekerjaan Umum" if status is Status.REFERRED else None,
            is_first=is_first,
        )
    for category in (*sorted(categories()), None):
        yield Opening(
            title="Jalan berlubang",
            text=TEXT,
            said_at=SAID_AT,
            category=category,
            place=Place(-6.8886, 109.6753, "Jalan Contoh 1"),
            reporter=REPORTER,
        )
    yield Addition(text="Tadi malam ada yang jatuh lagi.", said_at=SAID_AT)
    for name in sorted({*subject.mapping().notices, *_recorded_notices(subject)}):
        yield Notice(name=name)


def _recorded_notices(subject: Subject) -> Iterator[str]:
    for situation in situations(subject, "push"):
        content = situation.delivery.content
        if isinstance(content, Notice):
            yield content.name
