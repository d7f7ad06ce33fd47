"""A call that is a matter for the city, as a report with its status. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.call112 import payloads
from connectors.call112.fields import Fields, Said, zone_of
from connectors.call112.kinds import Decision
from connectors.call112.moments import moment
from connectors.call112.phones import digits_of
from connectors.call112.places import pin_of
from connectors.call112.settings import Settings
from hub.contract import Mapping, News, Person, Place, Report, Status, StatusNews
from hub.contract.mapping import folded
from hub.contract.privacy import masked

# Of a status word in a key, which has its limits.
LONGEST_WORD = 80
_PLACE = (payloads.LOCATION, payloads.VILLAGE, payloads.DISTRICT)


def report_of(
    fields: Fields, said: Said, decision: Decision, *, settings: Settings, mapping: Mapping
) -> Report:
    """What the caller reported; the agent's words, without names and numbers."""
    call_id = fields.call_id()
    facts = _facts(fields, said, settings)
    return Report(
        key=f"report:{call_id}",
        external_id=call_id,
        said_at=said.at,
        text=_text(fields),
        person=_person(fields),
        place=_place(fields, settings),
        category=decision.category,
        repeat_within=timedelta(minutes=settings.repeat_minutes) or None,
        wants_news=settings.callback and _asks(fields, mapping),
        facts={label: text for label, text in facts.items() if text},
    )


def with_status(
    report: Report,
    fields: Fields,
    *,
    seen: datetime | None,
    settings: Settings,
    mapping: Mapping,
) -> Iterator[News]:
    """The report, and its present status as news of its own: a row that changed tells that alone."""
    theirs = _their_status(fields)
    if theirs is None:
        yield report
        return
    news = status_news(
        theirs, fields, since=report.said_at, seen=seen, settings=settings, mapping=mapping
    )
    yield replace(report, their_status=theirs, status=news.status, status_at=news.at)
    yield news


def status_news(
    theirs: str,
    fields: Fields,
    *,
    since: datetime,
    seen: datetime | None,
    settings: Settings,
    mapping: Mapping,
) -> StatusNews:
    """Where the call stands; `since` it came, `seen` is when the file was written."""
    external_id, status = fields.call_id(), mapping.to_status(theirs)
    at = max(since, _status_at(fields, status, seen=seen, settings=settings) or since)
    word = folded(theirs)[:LONGEST_WORD]
    returns = f"{seen:%Y%m%dT%H%M%S}" if seen else ""
    known_by = filter(None, (external_id, word, f"{at:%Y%m%dT%H%M%S}", returns))
    return StatusNews(
        key=":".join(("status", *known_by)),
        external_id=external_id,
        theirs=theirs,
        status=status,
        at=at,
        agency=masked(fields[payloads.AGENCY]) or None,
    )


def _their_status(fields: Fields) -> str | None:
    if word := " ".join(fields[payloads.STATUS].split()):
        return masked(word)
    if fields.profile.done_means and fields[payloads.DONE]:
        return fields.profile.done_means
    return fields.profile.approve.get(fields[payloads.APPROVE])


def _status_at(
    fields: Fields, status: Status | None, *, seen: datetime | None, settings: Settings
) -> datetime | None:
    """When it was settled; of a call that is open nobody notes since when."""
    if status is Status.ARCHIVED:
        return seen
    if status is not Status.CLOSED:
        return None
    order = fields.profile.dates
    done = moment(fields[payloads.DONE], zone_of(fields.profile, settings), order=order)
    return done.at if done else seen


def _text(fields: Fields) -> str:
    text = fields[payloads.TEXT] or " - ".join(
        filter(None, (fields[payloads.CATEGORY], fields[payloads.SUB_CATEGORY]))
    )
    return masked(text)


def _person(fields: Fields) -> Person | None:
    digits = digits_of(fields[payloads.PHONE])
    if digits is None:
        return None
    return Person(aliases=(f"phone:{digits}",), address={"phone": digits})


def _place(fields: Fields, settings: Settings) -> Place | None:
    words = ", ".join(dict.fromkeys(filter(None, (masked(fields[name]) for name in _PLACE))))
    point = pin_of(fields[payloads.POINT], settings).point
    if point is None:
        return Place(words=words) if words else None
    return Place(latitude=point.lat, longitude=point.lon, words=words or None)


def _facts(fields: Fields, said: Said, settings: Settings) -> dict[str, str]:
    facts = {
        label: masked(" ".join(fields.others.get(column, "").split()))
        for label, column in fields.profile.facts.items()
    }
    outside = pin_of(fields[payloads.POINT], settings).outside
    facts["Koordinat"] = f"{outside} (di luar wilayah kota, tidak dipakai)" if outside else ""
    facts["Waktu lapor"] = said.odd or ""
    return facts


def _asks(fields: Fields, mapping: Mapping) -> bool:
    words = mapping.tables.get("callback", {}).get("words", ())
    note = folded(f"{fields[payloads.NOTE]} {fields[payloads.TEXT]}")
    return any(folded(word) in note for word in words)
