"""Reading kept things again with the reader and mapping of now: what was taken before is passed over."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog

from hub.contract.errors import UnreadableError
from hub.contract.news import Counted, Ignored, Linked, News, Report, StatusNews
from hub.intake.accept import Accept
from hub.intake.outcome import Outcome
from hub.intake.read import hold_speakers
from hub.intake.receipts import StillUnderway
from hub.ports import Begin, Clock, DatabaseAway, Work
from hub.record.write import write_down
from hub.rows import InboxItem

log = structlog.get_logger()

AT_ONCE = 100


class Becomes(StrEnum):
    """What comes of a piece of news that is read again."""

    CREATED = "created"
    CHANGED = "changed"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Again:
    """One piece, read again. `word` as in `Outcome`; `about`: a ticket or a number, nobody's words."""

    item_id: int
    connector: str
    becomes: Becomes
    word: str
    about: str | None = None


class _OnlyLooking(Exception):
    """Undoes the transaction; carries what would have come of it."""

    def __init__(self, found: list[Again]) -> None:
        super().__init__()
        self.found = found


@dataclass(slots=True)
class _Seen:
    """What a replay knows of its other items. `would_*`: what a dry run has undone again."""

    dry_run: bool
    newest: dict[tuple[str, str], datetime] = field(default_factory=dict)
    would_take: set[tuple[str, str]] = field(default_factory=set)
    would_open: set[tuple[str, str]] = field(default_factory=set)


class Replaying:
    """`run` reads items again, each in a transaction of its own; a dry run undoes every one of them."""

    def __init__(self, *, begin: Begin, accept: Accept, clock: Clock) -> None:
        self._begin = begin
        self._accept = accept
        self._clock = clock

    async def run(
        self, item_ids: Sequence[int], *, dry_run: bool, wait: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[tuple[int, list[Again]]]:
        """Give the id of each item with what came of it. `wait` is asked before each: others go first."""
        seen = _Seen(dry_run)
        await self._look_ahead(item_ids, seen)
        for item_id in item_ids:
            await wait()
            yield item_id, await self._one(item_id, seen)

    async def _look_ahead(self, item_ids: Sequence[int], seen: _Seen) -> None:
        """Note each channel's newest word on each complaint: an older one would be told to be taken back."""
        for first in range(0, len(item_ids), AT_ONCE):
            async with self._begin() as work:
                items = await work.inbox.read_before(item_ids[first : first + AT_ONCE])
            for item in items:
                for piece in self._pieces(item):
                    if isinstance(piece, StatusNews) and piece.status is not None:
                        key = (item.connector, piece.external_id)
                        seen.newest[key] = max(piece.at, seen.newest.get(key, piece.at))

    def _pieces(self, item: InboxItem) -> list[News]:
        upstream = self._accept.upstreams.get(item.connector)
        try:
            return list(upstream.connector.read(item.raw)) if upstream is not None else []
        except UnreadableError:
            return []

    async def _one(self, item_id: int, seen: _Seen) -> list[Again]:
        async def write(work: Work) -> list[Again]:
            found = await self._read(work, item_id, seen)
            if seen.dry_run:
                raise _OnlyLooking(found)
            return found

        try:
            return await write_down(self._begin, write)
        except _OnlyLooking as looked:
            return looked.found
        except StillUnderway:
            return [Again(item_id, "", Becomes.SKIPPED, "underway")]
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - one item must not stop the others
            # Its text may quote what a citizen wrote; its kind does not.
            log.warning("replay.failed", inbox_id=item_id, problem=type(error).__name__)
            return [Again(item_id, "", Becomes.UNREADABLE, "bug", type(error).__name__)]

    async def _read(self, work: Work, item_id: int, seen: _Seen) -> list[Again]:
        items = await work.inbox.read_before([item_id], lock=True)
        if not items:
            return []  # pruned meanwhile, or unread again: then it is read as always
        [item] = items
        upstream = self._accept.upstreams.get(item.connector)
        if upstream is None:
            return [Again(item.id, item.connector, Becomes.UNREADABLE, "off")]
        try:
            pieces = list(upstream.connector.read(item.raw))
        except UnreadableError:
            return [Again(item.id, item.connector, Becomes.UNREADABLE, "unreadable")]
        await hold_speakers(work, item.connector, pieces)
        found = [await self._take(work, item, piece, seen=seen) for piece in pieces]
        if all(each.word != "unreadable" for each in found):
            await work.inbox.mended(item.id, at=self._clock())
            await work.cards.close(f"unreadable:{item.id}", at=self._clock(), by="hub replay")
        return found

    async def _take(self, work: Work, item: InboxItem, piece: News, *, seen: _Seen) -> Again:
        now, connector = self._clock(), item.connector
        if isinstance(piece, Counted):
            # A count keeps its own books.
            await self._accept.take(work, connector, piece, at=now)
            return Again(item.id, connector, Becomes.SKIPPED, "counted")
        key = f"{piece.key}:{item.id}" if isinstance(piece, Linked) else piece.key
        noted = None
        if (connector, key) not in seen.would_take:
            noted = await work.inbox.note_again(item, key=key, kind=type(piece).__name__, at=now)
        if noted is None:
            return Again(item.id, connector, Becomes.SKIPPED, "known", _number(piece))
        if isinstance(piece, Ignored):
            # Whoever wrote it was told so then; nobody waits for that line now.
            outcome = Outcome("ignored", piece.reason)
        elif _is_overtaken(connector, piece, seen):
            outcome = Outcome("overtaken", "the same channel has said something newer since")
        else:
            outcome = await self._accept.take(work, connector, piece, at=now)
        await work.inbox.conclude_news(
            noted, outcome=outcome.word, reason=outcome.reason, complaint_id=outcome.complaint_id
        )
        again = await _told(work, item, piece, outcome=outcome)
        return _foreseen(again, piece, key=key, seen=seen) if seen.dry_run else again


async def _told(work: Work, item: InboxItem, piece: News, *, outcome: Outcome) -> Again:
    becomes = _BECOMES.get(outcome.word, Becomes.CHANGED)
    about = _number(piece)
    if outcome.complaint_id is not None and becomes is Becomes.CHANGED:
        about = (await work.complaints.get(outcome.complaint_id)).ticket
    return Again(item.id, item.connector, becomes, outcome.word, about)


def _foreseen(again: Again, piece: News, *, key: str, seen: _Seen) -> Again:
    """Remember what would be there by now if nothing had been undone."""
    if again.becomes in (Becomes.CREATED, Becomes.CHANGED):
        seen.would_take.add((again.connector, key))
    if isinstance(piece, Report) and again.becomes is Becomes.CREATED:
        seen.would_open.add((again.connector, piece.external_id))
    if (
        isinstance(piece, StatusNews)
        and again.word == "unknown_source"
        and (again.connector, piece.external_id) in seen.would_open
    ):
        return Again(again.item_id, again.connector, Becomes.CHANGED, "moved", again.about)
    return again


def _is_overtaken(connector: str, piece: News, seen: _Seen) -> bool:
    """Whether its status is not the last one of the replay. What an officer wrote is read all the same."""
    if not isinstance(piece, StatusNews) or piece.answers or piece.note or piece.status is None:
        return False
    return piece.at < seen.newest.get((connector, piece.external_id), piece.at)


def _number(piece: News) -> str | None:
    """The number of a complaint there. A message's own id is none: it may hold who wrote it."""
    return piece.external_id if isinstance(piece, StatusNews) else None


_BECOMES = {
    **dict.fromkeys(("opened", "joined", "repeat", "gathered", "added"), Becomes.CREATED),
    **dict.fromkeys(
        ("known", "echo", "same", "ignored", "counted", "overtaken", "late"), Becomes.SKIPPED
    ),
    **dict.fromkeys(("unreadable", "unknown_word", "unknown_source"), Becomes.UNREADABLE),
}
