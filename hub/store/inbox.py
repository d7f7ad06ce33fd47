"""Raw things: kept before they are read, sealed, unique by connector and key."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, exists, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.contract.news import Raw
from hub.rows import How, InboxItem, Topic
from hub.store.seal import Seal
from hub.store.statements import insert_new
from hub.store.tables import inbox, news

# Behind a key that has come back after something else, with the id of what was last before it.
RETURNED = "#"
_RETURN = re.compile(rf"{RETURNED}\d+$")
LONGEST_KEY = 270
# Outcomes of news that changed nothing here, but may after a fix.
NOTHING_CAME_OF_IT = ("unreadable", "unknown_word", "unknown_source")


class SqlInbox:
    """`hub.ports.Inbox`."""

    def __init__(
        self, connection: AsyncConnection, *, seal: Seal, nudge: Callable[[Topic], None]
    ) -> None:
        self._connection = connection
        self._seal = seal
        self._nudge = nudge

    async def keep(self, connector: str, raw: Raw, *, how: How, at: datetime) -> bool:
        """Keep the bytes; False if the same thing is here already.

        What an upstream showed before, then something else, and now again, is new: its content came
        back, and with it a status.
        """
        if await self._insert(connector, raw, key=_short(raw.key), how=how, at=at):
            return True
        last = await self._last(connector, raw)
        if last is None or last[1] == _short(raw.key):
            return False
        key = f"{_short(raw.key)}{RETURNED}{last[0]}"
        return await self._insert(connector, raw, key=key, how=how, at=at)

    async def _insert(self, connector: str, raw: Raw, *, key: str, how: How, at: datetime) -> bool:
        kept = await insert_new(
            self._connection,
            inbox,
            {
                "connector": connector,
                "key": key,
                "how": how,
                "external_id": raw.external_id,
                "media_type": raw.media_type,
                "sealed_body": self._seal.close(raw.body),
                "received_at": at,
                "state": "unread",
                "due_at": at,
            },
        )
        if kept is not None:
            self._nudge(Topic.INBOX)
        return kept is not None

    async def _last(self, connector: str, raw: Raw) -> tuple[int, str] | None:
        """The last thing kept about the same complaint there, by the same way in."""
        if raw.external_id is None:
            return None
        way = raw.key.partition(":")[0]
        row = (
            await self._connection.execute(
                select(inbox.c.id, inbox.c.key)
                .where(
                    inbox.c.connector == connector,
                    inbox.c.external_id == raw.external_id,
                    inbox.c.key.startswith(f"{way}:", autoescape=True),
                )
                .order_by(inbox.c.id.desc())
                .limit(1)
            )
        ).first()
        return None if row is None else (row.id, _RETURN.sub("", row.key))

    async def has(self, connector: str, raw: Raw) -> bool:
        """Whether `keep` would say that this is here already."""
        key = _short(raw.key)
        found = await self._connection.scalar(
            select(inbox.c.id).where(inbox.c.connector == connector, inbox.c.key == key)
        )
        if found is None:
            return False
        last = await self._last(connector, raw)
        return last is None or last[1] == key

    async def unreadable_among(self, connector: str, how: How, keys: Sequence[str]) -> list[str]:
        """Why some of these cannot be read, as far as they cannot."""
        rows = await self._connection.execute(
            select(inbox.c.summary)
            .where(
                inbox.c.connector == connector,
                inbox.c.how == how,
                inbox.c.state == "unreadable",
                inbox.c.key.in_([_short(key) for key in keys]),
            )
            .order_by(inbox.c.id)
        )
        return [str(summary) for (summary,) in rows]

    async def next_unread(self, *, now: datetime) -> InboxItem | None:
        """The oldest unread item, locked until the transaction ends; other workers pass over it."""
        row = (
            await self._connection.execute(
                select(inbox)
                .where(inbox.c.state == "unread", inbox.c.due_at <= now)
                .order_by(inbox.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
        ).first()
        return None if row is None else self._item(row)

    async def read_before(self, item_ids: Sequence[int], *, lock: bool = False) -> list[InboxItem]:
        """Those of these that were read, or tried, and whose bytes are still kept; oldest first."""
        query = (
            select(inbox)
            .where(
                inbox.c.id.in_(list(item_ids)),
                inbox.c.state != "unread",
                inbox.c.sealed_body.is_not(None),
            )
            .order_by(inbox.c.id)
        )
        rows = await self._connection.execute(query.with_for_update() if lock else query)
        return [self._item(row) for row in rows]

    def _item(self, row: Row[Any]) -> InboxItem:
        return InboxItem(
            id=row.id,
            connector=row.connector,
            how=How(row.how),
            raw=Raw(
                key=row.key,
                body=self._seal.open(row.sealed_body),
                media_type=row.media_type,
                external_id=row.external_id,
            ),
            tries=row.tries,
            received_at=row.received_at,
        )

    async def conclude(self, item_id: int, *, state: str, at: datetime, summary: str) -> None:
        """The item is read, or shown to be unreadable."""
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == item_id)
            .values(state=state, read_at=at, summary=summary)
        )

    async def postpone(self, item_id: int, *, until: datetime, problem: str) -> None:
        """Reading failed for a reason of ours; try again later."""
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == item_id)
            .values(due_at=until, tries=inbox.c.tries + 1, summary=problem)
        )

    async def again(self, item_id: int, *, now: datetime) -> bool:
        """Have an item read again, after a mapping or a parser was mended. Known news changes nothing."""
        found = await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == item_id, inbox.c.sealed_body.is_not(None))
            .values(state="unread", due_at=now, tries=0)
        )
        self._nudge(Topic.INBOX)
        return bool(found.rowcount)

    async def mended(self, item_id: int, *, at: datetime) -> None:
        """What could not be read can be read now; what was read keeps its time, and so its end."""
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == item_id, inbox.c.state == "unreadable")
            .values(state="read", read_at=at, summary="mended")
        )

    async def let_go(self, item_id: int, *, at: datetime, summary: str) -> bool:
        """Somebody says that it need not be read; False if it is not among the unreadable."""
        found = await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == item_id, inbox.c.state == "unreadable")
            .values(state="read", read_at=at, summary=summary)
        )
        return bool(found.rowcount)

    async def prune(self, *, before: datetime) -> int:
        """Forget the bytes of what was read long ago; what could not be read stays."""
        pruned = await self._connection.execute(
            update(inbox)
            .where(
                inbox.c.state == "read",
                inbox.c.read_at < before,
                inbox.c.sealed_body.is_not(None),
            )
            .values(sealed_body=None)
        )
        return pruned.rowcount

    async def heard_after(self, item: InboxItem) -> bool:
        """Whether something else about the same complaint has come in since."""
        later = exists().where(
            inbox.c.connector == item.connector,
            inbox.c.external_id == item.raw.external_id,
            inbox.c.received_at > item.received_at,
            inbox.c.id != item.id,
        )
        return bool(await self._connection.scalar(select(later)))

    async def passed_over(self, connector: str, key: str) -> int | None:
        """News that was set aside as older than what was known; a look may say that it holds after all."""
        found: int | None = await self._connection.scalar(
            select(news.c.id).where(
                news.c.connector == connector,
                news.c.key == _short(key),
                news.c.outcome == "known",
            )
        )
        return found

    async def note_news(self, item: InboxItem, *, key: str, kind: str, at: datetime) -> int | None:
        """Write a piece of news down; None if it was known before."""
        return await insert_new(
            self._connection,
            news,
            {
                "inbox_id": item.id,
                "connector": item.connector,
                "key": _short(key),
                "kind": kind,
                "at": at,
                "outcome": "new",
            },
        )

    async def conclude_news(
        self, news_id: int, *, outcome: str, reason: str | None, complaint_id: int | None
    ) -> None:
        """Say what came of it."""
        await self._connection.execute(
            update(news)
            .where(news.c.id == news_id)
            .values(outcome=outcome, reason=reason, complaint_id=complaint_id)
        )

    async def note_again(
        self, item: InboxItem, *, key: str, kind: str, at: datetime
    ) -> int | None:
        """Write a piece down that nothing came of so far; None if it was taken in before.

        What was passed over, and is read as something else now, is taken up, too.
        """
        noted = await self.note_news(item, key=key, kind=kind, at=at)
        if noted is not None:
            return noted
        passed_over = and_(news.c.kind == "Ignored", literal(kind) != "Ignored")
        reopened = await self._connection.execute(
            update(news)
            .where(
                news.c.connector == item.connector,
                news.c.key == _short(key),
                or_(news.c.outcome.in_(NOTHING_CAME_OF_IT), passed_over),
            )
            .values(kind=kind, at=at, outcome="new", reason=None, inbox_id=item.id)
            .returning(news.c.id)
        )
        row = reopened.first()
        return None if row is None else int(row[0])

    async def forget_unreadable(self, item_id: int) -> None:
        """Before reading an item again: what could not be read, or had no word, may have one now."""
        await self._connection.execute(
            delete(news).where(
                and_(
                    news.c.inbox_id == item_id, news.c.outcome.in_(("unreadable", "unknown_word"))
                )
            )
        )


def _short(key: str) -> str:
    """A key as it is, or its beginning and a hash where a stranger made it longer than a column."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[:150]}~{hashlib.sha256(key.encode()).hexdigest()}"
