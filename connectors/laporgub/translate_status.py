"""The present status of their complaint, and what its officers wrote. Pure and total."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from connectors.laporgub.moments import moment
from connectors.laporgub.numbers import OUR_MARK, our_mark
from connectors.laporgub.payloads import Aduan, Line
from connectors.laporgub.settings import Settings
from connectors.laporgub.shapes import digest
from connectors.laporgub.wording import plain
from hub.contract import Answer, Mapping, Status, StatusNews
from hub.contract.mapping import folded
from hub.contract.privacy import masked


@dataclass(frozen=True, slots=True)
class Dated:
    """A line of the timeline and its time, where it can be read."""

    line: Line
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """Since which line it has stood so; not `is_sure` if a line of an unknown word stands in between."""

    began: int
    is_sure: bool


def status_news(
    aduan: Aduan, *, seen: datetime | None, settings: Settings, mapping: Mapping
) -> StatusNews | None:
    """Their present word, since when, why, and every answer; None if there is no word or no time.

    The key is a hash of all that: list, look and file that say the same are the same news.
    """
    lines = _oldest_first(aduan, settings.zone)
    theirs = _word(aduan, lines)
    known = (moment(text, settings.zone) for text in (aduan.updated, aduan.created))
    otherwise = next(filter(None, known), seen)
    run = _run(theirs, lines, mapping)
    since = None if run is None else lines[run.began].at
    at = since or otherwise
    if not theirs or at is None:
        return None
    note = masked(plain(aduan.reason)) or None
    answers = tuple(_answers(lines, at, mapping))
    # Without a time of theirs, only the time of the look tells a status that returned.
    looked = seen.isoformat() if seen and at == seen else ""
    said = [folded(theirs), at.isoformat(), note, looked, [[a.id, a.text] for a in answers]]
    return StatusNews(
        key=f"status:{aduan.ticket}:{digest(said)}",
        external_id=aduan.ticket,
        theirs=theirs,
        status=mapping.to_status(theirs),
        at=at,
        note=note,
        answers=answers,
        by_then=since is None or (run is not None and not run.is_sure),
    )


def overwritten(aduan: Aduan, *, settings: Settings, mapping: Mapping) -> Iterator[StatusNews]:
    """What officers said last, where lines of ours alone have led on from there.

    A push that was late says what was decided before their word, and moves it on all the same.
    """
    lines = _oldest_first(aduan, settings.zone)
    word, is_present = _word(aduan, lines), True
    while word and (run := _run(word, lines, mapping)) is not None:
        first = lines[run.began]
        if not _mark(first.line, plain(first.line.text)):
            if not is_present and run.is_sure:
                yield from _overwritten(aduan.ticket, lines[run.began :], mapping)
            return
        lines, is_present = lines[: run.began], False
        word = plain(lines[-1].line.title) if lines else ""


def _overwritten(ticket: str, lines: list[Dated], mapping: Mapping) -> Iterator[StatusNews]:
    word, at = plain(lines[0].line.title), lines[0].at
    status = mapping.to_status(word)
    if at is not None and status not in (None, Status.RECEIVED):
        yield StatusNews(
            key=f"overwritten:{ticket}:{digest([folded(word), at.isoformat()])}",
            external_id=ticket,
            theirs=word,
            status=status,
            at=at,
            answers=tuple(_answers(lines, at, mapping)),
            overwritten=True,
        )


def marks(aduan: Aduan) -> Iterator[tuple[str, str | None]]:
    """The mark of each line that we wrote, and their id of it."""
    for line in aduan.lines:
        if mark := _mark(line, plain(line.text)):
            yield mark, line.id or None


def _oldest_first(aduan: Aduan, zone: ZoneInfo) -> list[Dated]:
    lines = [Dated(line, moment(line.at, zone)) for line in aduan.lines]
    # Which way they write it is not known; of two lines in one minute the order still tells.
    return lines[::-1] if _is_newest_first(lines) else lines


def _is_newest_first(lines: list[Dated]) -> bool:
    """By their numbers, which no clock disturbs; else by most of the steps from one line to the next."""
    numbers = [int(dated.line.id) for dated in lines if dated.line.id.isdecimal()]
    moments = [dated.at.timestamp() for dated in lines if dated.at]
    steps = pairwise(numbers if len(numbers) == len(lines) else moments)
    return sum((later < earlier) - (later > earlier) for earlier, later in steps) > 0


def _word(aduan: Aduan, lines: list[Dated]) -> str:
    return plain(aduan.status) or (plain(lines[-1].line.title) if lines else "")


def _run(theirs: str, lines: list[Dated], mapping: Mapping) -> Run | None:
    """Lines repeat the present status, whoever wrote them and whatever they say."""
    word, ours = folded(theirs), mapping.to_status(theirs)
    began: int | None = None
    is_sure, between = True, False
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].line
        title = plain(line.title)
        status = mapping.to_status(title)
        if word and (folded(title) == word or (ours and status is ours)):
            began, is_sure = number, is_sure and not between
        elif began is not None and status:
            break
        else:
            # An act whose word nobody knows: it may have led away and back.
            between = between or bool(
                title and began is not None and not _mark(line, plain(line.text))
            )
    return None if began is None else Run(began, is_sure)


def _answers(lines: list[Dated], otherwise: datetime, mapping: Mapping) -> Iterator[Answer]:
    for number, dated in enumerate(lines):
        line, text = dated.line, masked(plain(dated.line.text))
        mark = _mark(line, text)
        # What stands at the beginning of a timeline is the complaint itself; further down an
        # officer has answered before anybody moved it.
        begins = number == 0 and mapping.to_status(plain(line.title)) is Status.RECEIVED
        if mark or (text and not begins):
            yield Answer(
                id=line.id or digest([line.title, line.at, text])[:16],
                text=text,
                at=dated.at or otherwise,
                author=plain(line.author) or None,
                marker=mark,
                is_dated=dated.at is not None,
            )


def _mark(line: Line, text: str) -> str | None:
    return line.marker if OUR_MARK.fullmatch(line.marker) else our_mark(text)
