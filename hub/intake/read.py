"""Reading the inbox: one raw thing, one transaction, every piece of news noted once."""

import traceback
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from hub.contract.errors import UnreadableError
from hub.contract.news import Counted, Ignored, Linked, News, Reply, Report, StatusNews
from hub.intake.accept import Accept
from hub.intake.receipts import StillUnderway
from hub.ports import Begin, Clock, DatabaseAway, Work
from hub.rows import Card, How, InboxItem

log = structlog.get_logger()

TRIES = 5
TRY_AGAIN = timedelta(seconds=5)


class ReadInbox:
    """`step` reads the oldest unread item; False when there is none."""

    def __init__(self, *, begin: Begin, accept: Accept, clock: Clock) -> None:
        self._begin = begin
        self._accept = accept
        self._clock = clock

    async def step(self) -> bool:
        """Read one item. A failure of ours keeps it unread and is tried again, then shown.

        A transaction that lost against another one is simply done again by the next step.
        """
        item: InboxItem | None = None
        try:
            async with self._begin() as work:
                item = await work.inbox.next_unread(now=self._clock())
                if item is None:
                    return False
                await self._read(work, item)
        except StillUnderway as early:
            await self._later(item, early)
        except DatabaseAway:
            # It is no fault of what was to be read, and costs it none of its tries.
            raise
        except Exception as error:
            if getattr(error, "go_again", False):
                return True
            if item is None:
                raise
            await self._failed(item, error)
        return True

    async def _read(self, work: Work, item: InboxItem) -> None:
        now = self._clock()
        upstream = self._accept.upstreams.get(item.connector)
        if upstream is None:
            await self._show(work, item, f"Konektor {item.connector} tidak aktif.", at=now)
            return
        try:
            pieces = list(upstream.connector.read(item.raw))
        except UnreadableError as error:
            await self._show(work, item, str(error), at=now)
            return
        await hold_speakers(work, item.connector, pieces)
        await work.inbox.forget_unreadable(item.id)
        counted, unreadable = await self._take_all(work, item, pieces, at=now)
        if unreadable:
            await self._show(work, item, "; ".join(unreadable), at=now)
            return
        await work.cards.close(f"unreadable:{item.id}", at=now, by="hub")
        await work.inbox.conclude(item.id, state="read", at=now, summary=_summary(counted))

    async def _take_all(
        self, work: Work, item: InboxItem, pieces: Iterable[News], *, at: datetime
    ) -> tuple[Counter[str], list[str]]:
        """Count what came of the pieces; say why some could not be taken in."""
        counted: Counter[str] = Counter()
        unreadable: list[str] = []
        # However late it is read: nothing that came since says otherwise.
        how: How | None = item.how
        if how is How.INSPECT and await work.inbox.heard_after(item):
            how = None
        for piece in pieces:
            if isinstance(piece, Counted):
                # A count keeps its own books, and may change its word.
                await self._accept.take(work, item.connector, piece, at=at)
                counted["counted"] += 1
                continue
            # What an answer file says is said by that file: tomorrow's may say the same anew.
            key = f"{piece.key}:{item.id}" if isinstance(piece, Linked) else piece.key
            noted = await work.inbox.note_news(item, key=key, kind=type(piece).__name__, at=at)
            if noted is None and how is How.INSPECT and isinstance(piece, StatusNews):
                noted = await work.inbox.passed_over(item.connector, key)
            if noted is None:
                counted["known"] += 1
                continue
            outcome = await self._accept.take(work, item.connector, piece, at=at, how=how)
            counted[outcome.word] += 1
            if outcome.word == "unreadable":
                unreadable.append(outcome.reason or "tanpa alasan")
            await work.inbox.conclude_news(
                noted,
                outcome=outcome.word,
                reason=outcome.reason,
                complaint_id=outcome.complaint_id,
            )
        return counted, unreadable

    async def _show(self, work: Work, item: InboxItem, reason: str, *, at: datetime) -> None:
        await work.inbox.conclude(item.id, state="unreadable", at=at, summary=reason)
        upstream = self._accept.upstreams.get(item.connector)
        title = upstream.connector.traits.title if upstream else item.connector
        await work.cards.open(
            Card(
                key=f"unreadable:{item.id}",
                kind="unreadable",
                connector=item.connector,
                inbox_id=item.id,
                text=f"Kiriman dari {title} tidak terbaca: {reason}",
                next_step="Kiriman aslinya tersimpan. Perbaiki pemetaan atau laporkan ke pengembang, "
                "lalu tekan «baca ulang».",
            ),
            at=at,
        )

    async def _later(self, item: InboxItem | None, early: StillUnderway) -> None:
        if item is None:
            raise early
        async with self._begin() as work:
            until = self._clock() + TRY_AGAIN
            await work.inbox.postpone(item.id, until=until, problem="push still under way")

    async def _failed(self, item: InboxItem, error: Exception) -> None:
        # The text of an exception may quote what a citizen wrote; its kind and place do not.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__} ({frame.name}, line {frame.lineno})"
        log.error("inbox.failed", inbox_id=item.id, connector=item.connector, problem=problem)
        now = self._clock()
        async with self._begin() as work:
            if item.tries + 1 < TRIES:
                await work.inbox.postpone(item.id, until=now + TRY_AGAIN, problem=problem)
            else:
                await self._show(work, item, f"kesalahan program: {problem}", at=now)


async def hold_speakers(work: Work, connector: str, pieces: Iterable[News]) -> None:
    """Before several people are written to: always in the same order."""
    speakers = {
        piece.person.aliases[0]
        for piece in pieces
        if isinstance(piece, Report | Reply | Ignored) and piece.person
    }
    if len(speakers) > 1:
        await work.people.hold(connector, speakers)


def _summary(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counted.items())) or "nothing"
