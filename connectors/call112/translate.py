"""A row of the log into news: a complaint, or only a count. Pure and total."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.call112 import payloads
from connectors.call112.fields import Fields, Said, fields_of, said
from connectors.call112.kept import where
from connectors.call112.kinds import NUISANCE, Decision, Kind, UnknownWord, decision_of
from connectors.call112.moments import moment
from connectors.call112.profiles import profile_named
from connectors.call112.records import count_key, is_told
from connectors.call112.settings import Settings
from connectors.call112.translate_report import report_of, status_news, with_status
from hub.contract import Counted, Mapping, News, Node, Raw, Unreadable, UnreadableError, parse_json
from hub.contract.privacy import masked

# Of a cell that is quoted in a sentence.
LONGEST_CELL = 40


class Unknown(Exception):
    """A cell says what nobody can read; the message names column and cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with what was made out of it."""

    fields: Fields
    said: Said
    decision: Decision


def read(raw: Raw, *, settings: Settings, mapping: Mapping) -> Iterator[News]:
    """The count of a call and, where it is a matter for the city, its report."""
    body = parse_json(raw.body)
    if not isinstance(body.value, dict) or not isinstance(body["row"].value, dict):
        raise UnreadableError("bukan baris log 112")
    place = where(body["file"].text() or "?", _number(body))
    try:
        row = _row(body, settings=settings, mapping=mapping)
    except (Unknown, UnreadableError) as error:
        yield Unreadable(key=raw.key, reason=f"{place}, {error}")
        return
    word = row.decision.kind.value
    yield Counted(key=count_key(row.fields), word=word, day=row.said.day)
    if row.decision.kind is Kind.REJECTED:
        # It may have been taken for a complaint before they looked at it.
        theirs = row.fields.profile.approve[row.fields[payloads.APPROVE]]
        yield status_news(
            theirs,
            row.fields,
            since=row.said.at,
            seen=_seen(body),
            settings=settings,
            mapping=mapping,
        )
    if is_told(row.decision, settings):
        report = report_of(row.fields, row.said, row.decision, settings=settings, mapping=mapping)
        yield from with_status(
            report, row.fields, seen=_seen(body), settings=settings, mapping=mapping
        )


def _row(body: Node, *, settings: Settings, mapping: Mapping) -> Row:
    profile = profile_named(mapping, body["profile"].text() or "")
    row = body["row"]
    cells = {name: row[name].text() or "" for name in row.value}
    fields = replace(fields_of(cells, profile), known_by=body["call"].text() or "")
    try:
        # What was written under an older mapping may be a prank by the present one.
        decision = decision_of(fields, mapping)
    except UnknownWord as error:
        raise _unknown(fields, error.ours, table=error.table) from None
    when = said(fields, settings)
    if when is None:
        raise _unknown(fields, payloads.TIME, quoted=decision.kind not in NUISANCE)
    return Row(fields, when, decision)


def _unknown(fields: Fields, ours: str, *, table: str = "", quoted: bool = True) -> Unknown:
    cell = masked(fields[ours])[:LONGEST_CELL]
    column = f"kolom {fields.headers.get(ours, ours)}"
    if not cell or not quoted:
        return Unknown(f"{column} kosong atau tidak terbaca" if not quoted else f"{column} kosong")
    if table:
        advice = f"tambahkan pada {table} di mappings/call112.toml"
        return Unknown(f"{column} tidak dikenal: {cell!r}; {advice}")
    return Unknown(f"{column} tidak terbaca: {cell!r}")


def _number(body: Node) -> int | str:
    number = body["number"]
    return number.value if isinstance(number.value, int) else number.text() or "baris ?"


def _seen(body: Node) -> datetime | None:
    known = moment(body["seen"].text() or "", ZoneInfo("UTC"))
    return known.at if known else None
