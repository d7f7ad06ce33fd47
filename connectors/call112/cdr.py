"""Asterisk's call detail records: one call is several rows, of which only the outcome is kept.

https://docs.asterisk.org/Configuration/Reporting/Call-Detail-Records-CDR/
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.call112 import payloads
from connectors.call112.exchange import ABANDONED, ANSWERED, EXITED, Call, key_of
from connectors.call112.fields import zone_of
from connectors.call112.moments import moment
from connectors.call112.profiles import Profile
from connectors.call112.settings import Settings
from connectors.call112.window import Window
from hub.contract import Counted, Mapping, UnreadableError

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - differences of local times alone are wanted


class BadCell(Exception):
    """A cell that cannot be read, by our name of its column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the columns are, and what the words in them mean."""

    start: int
    duration: int
    billsec: int
    disposition: int
    application: int
    unique_id: int
    linked_id: int
    width: int
    answered: frozenset[str]
    people: dict[str, int]
    zone: ZoneInfo
    city: ZoneInfo
    order: str | None

    def day_and_seconds(self, text: str) -> tuple[date, float]:
        """The day in the city, and seconds on their clock."""
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            local = None
        if local is None or local.tzinfo is not None or self.zone is not self.city:
            seen = moment(text, self.zone, order=self.order)
            if seen is None:
                raise BadCell(payloads.START)
            local = seen.at.astimezone(self.city).replace(tzinfo=None)
        return local.date(), (local - _EPOCH).total_seconds()


def shape_of(
    names: Sequence[str], *, profile: Profile, settings: Settings, mapping: Mapping
) -> Shape:
    """The shape of rows with these (folded) columns; `UnreadableError` names one that is missing."""

    def at(ours: str) -> int:
        theirs = profile.columns.get(ours, ())
        return next((names.index(name) for name in theirs if name in names), -1)

    for ours in (payloads.START, payloads.DISPOSITION, payloads.UNIQUE_ID):
        if at(ours) < 0:
            raise UnreadableError(f"kolom {profile.says(ours)} tidak ada (profil {profile.name})")
    words = mapping.tables.get("exchange", {})
    columns = {
        ours: at(ours)
        for ours in (
            payloads.START,
            payloads.DURATION,
            payloads.BILLSEC,
            payloads.DISPOSITION,
            payloads.APPLICATION,
            payloads.UNIQUE_ID,
            payloads.LINKED_ID,
        )
    }
    return Shape(
        **columns,
        width=len(names),
        answered=frozenset(words.get("answered", ("answered",))),
        people={name: rank for rank, name in enumerate(words.get("people", ()))},
        zone=zone_of(profile, settings),
        city=settings.zone,
        order=profile.dates,
    )


def id_of(row: Sequence[str], shape: Shape) -> str:
    """What all rows of one call have in common."""
    linked = row[shape.linked_id] if shape.linked_id >= 0 else ""
    return linked or row[shape.unique_id]


def tell(call: Call | None, row: Sequence[str], shape: Shape) -> Call:
    """The call after one more of its rows. Raises `BadCell`."""
    day, started = shape.day_and_seconds(row[shape.start])
    if call is None:
        call_id = id_of(row, shape)
        if not call_id:
            raise BadCell(payloads.UNIQUE_ID)
        call = Call(key_of(call_id), day)
    application = row[shape.application].lower() if shape.application >= 0 else ""
    is_answered = row[shape.disposition].lower() in shape.answered
    less = shape.people.get(application, -1)
    if less < 0 and application:
        # The greeting answers as well; only after the queue it says that nobody did.
        if is_answered and call.queued is not None:
            call.became(EXITED, waited=call.waited)
        return call
    if call.queued is None:
        call.queued = started
    talked = _seconds(row, shape.billsec, payloads.BILLSEC)
    ended = started + _seconds(row, shape.duration, payloads.DURATION)
    waited = max(0, round(ended - talked - call.queued))
    if is_answered:
        call.became(ANSWERED, waited=waited, talked=talked, less=max(less, 0))
    elif call.word == ABANDONED:
        call.waited = max(call.waited or 0, waited)
    else:
        call.became(ABANDONED, waited=waited)
    return call


def grouped(rows: Iterable[Sequence[str]], shape: Shape) -> Iterator[Counted]:
    """The calls of these rows, in the order they began; rows that cannot be read are left out.

    Of a call that was let go a later row makes the same call again, and the hub merges the two.
    """
    calls = Window[str, Call]()
    for row in rows:
        if len(row) < shape.width:
            continue
        call_id = id_of(row, shape)
        known = calls.get(call_id)
        try:
            call = tell(known, row, shape)
        except BadCell:
            continue
        if known is None and (oldest := calls.add(call_id, call)) is not None:
            yield oldest.counted()
    for call in calls.values():
        yield call.counted()


def _seconds(row: Sequence[str], column: int, ours: str) -> int:
    cell = row[column] if column >= 0 else ""
    if not cell:
        return 0
    try:
        return int(cell)
    except ValueError:
        raise BadCell(ours) from None
