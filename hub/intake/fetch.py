"""Attachments: streamed to disk with a size cap, type sniffed, sha256 checked, late ones passed on."""

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import puremagic
import structlog

from hub.contract.connector import Fetches
from hub.contract.errors import UpstreamError, Verdict
from hub.intake.likeness import likeness_of
from hub.intake.pictured import Pictured
from hub.intake.shelved import DISK_CARD, NoRoom, Shelved, disk_card
from hub.ports import Begin, Clock, DatabaseAway, Upstream, Work
from hub.record.promises import promise_addition, promise_notice
from hub.rows import Card, ExpectedFile

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
# Shorter than the lease: nobody else starts the same download while this one trickles.
LONGEST_FETCH = 540.0
# An upstream that keeps files for 7 days leaves six after the alert to mend what is wrong.
ALERT_AFTER = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(days=7)
LONGEST_WAIT = timedelta(hours=1)
# Whoever made room wants to see that it was enough.
DISK_LOOKED_AT = timedelta(minutes=5)
SNIFFED_BYTES = 2048
# Half a download, or a gateway's 404, says nothing yet about the file.
TRIES_BEFORE_FINAL = 4
UNKNOWN = "application/octet-stream"
# Says less than what is in it: a voice note is audio/ogg.
CONTAINER = "application/ogg"


@dataclass(frozen=True, slots=True)
class FileRules:
    """`largest` in bytes; `folder` is where attachments lie."""

    folder: Path
    largest: int = 100 * 1024 * 1024
    at_once: int = 4
    first_wait: timedelta = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Stored:
    """What came. `path`: in the folder. `likeness`: see hub.intake.likeness."""

    path: str
    size: int
    media_type: str
    sha256: str
    likeness: str | None


class BrokenFile(Exception):
    """What came is not what was announced; the message is a sentence in Bahasa Indonesia."""


UNCOMPARED = Pictured()


class TooLarge(BrokenFile):
    """It will not be smaller the next time."""


class FetchFiles:
    """`step` fetches a few files that are due; False when there were none."""

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        clock: Clock,
        rules: FileRules,
        pictured: Pictured = UNCOMPARED,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._rules = rules
        self._pictured = pictured
        self._under_way: set[asyncio.Task[None]] = set()

    async def step(self) -> bool:
        """Start fetching what is due; a slow download holds up no other."""
        if len(self._under_way) >= self._rules.at_once:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        now = self._clock()
        async with self._begin() as work:
            due = await work.files.take_due(
                now=now, until=now + LEASE, limit=self._rules.at_once - len(self._under_way)
            )
        for expected in due:
            task = asyncio.create_task(self._carry(expected))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(due)

    async def finish(self) -> None:
        """Break off what is under way; it is fetched again when its lease is over."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def drain(self) -> None:
        """Fetch until nothing is due (for scripts and tests)."""
        while await self.step() or self._under_way:
            await asyncio.gather(*self._under_way)

    async def _carry(self, expected: ExpectedFile) -> None:
        try:
            async with asyncio.timeout(LONGEST_FETCH):
                await self._fetch(expected)
        except TimeoutError:
            await self._postponed(expected, "Unduhannya terlalu lama.")
        except DatabaseAway:
            # What became of it cannot be written down: when its lease is over it is fetched again.
            log.warning("file.not_recorded", attachment=expected.id)
        except Exception as error:  # noqa: BLE001 - one file must not stop the others
            log.error("file.bug", attachment=expected.id, error=type(error).__name__)  # noqa: TRY400
            await self._postponed(expected, "kesalahan program")

    async def _postponed(self, expected: ExpectedFile, problem: str) -> None:
        with contextlib.suppress(DatabaseAway):
            await self._not_stored(expected, problem, final=False)

    async def _fetch(self, expected: ExpectedFile) -> None:
        upstream = self._upstreams.get(expected.connector)
        if upstream is None or not isinstance(upstream.connector, Fetches):
            await self._not_stored(expected, "Konektornya tidak aktif.", final=False)
            return
        relative = f"{uuid4().hex[:2]}/{uuid4().hex}"
        try:
            stored = await self._stream(upstream.connector, expected, relative)
        except BrokenFile as broken:
            final = isinstance(broken, TooLarge) or expected.tries >= TRIES_BEFORE_FINAL
            await self._not_stored(expected, str(broken), final=final)
        except UpstreamError as error:
            final = error.verdict is Verdict.GIVE_UP and expected.tries >= TRIES_BEFORE_FINAL
            await self._not_stored(expected, f"{error.code}: {error.detail}", final=final)
        except NoRoom as full:
            await self._not_stored(expected, str(full), final=False, card=disk_card(full))
        else:
            await self._record(expected, stored)

    async def _record(self, expected: ExpectedFile, stored: Stored) -> None:
        may_be_recorded = False
        try:
            async with self._begin() as work:
                await self._stored(work, expected, stored)
                # If the commit fails, it may have arrived and only the answer to it be lost.
                may_be_recorded = True
        finally:
            if not may_be_recorded:
                # Nobody knows of it: it is fetched again, to another place.
                (self._rules.folder / stored.path).unlink(missing_ok=True)

    async def _stored(self, work: Work, expected: ExpectedFile, stored: Stored) -> None:
        await work.cards.close(DISK_CARD, at=self._clock(), by="hub")
        # A complaint may have been made of the message while its file was on the way.
        complaint_id = await work.files.stored(
            expected.id, path=stored.path, media_type=stored.media_type, size=stored.size,
            sha256=stored.sha256, likeness=stored.likeness,
        )  # fmt: skip
        if complaint_id is not None:
            await work.outbox.hasten_opening(complaint_id, now=self._clock())
            await self._pass_on(work, expected, complaint_id)
            await self._pictured.look(
                work, expected.report_id, complaint_id=complaint_id, at=self._clock()
            )

    async def _stream(self, connector: Fetches, expected: ExpectedFile, relative: str) -> Stored:
        digest, size = hashlib.sha256(), 0
        target = self._rules.folder / relative
        async with Shelved(target) as file:
            async for chunk in connector.fetch(expected.ref, route=expected.route):
                size += len(chunk)
                self._check_size(size)
                digest.update(chunk)
                await file.write(chunk)
            _check_sha256(expected, digest.hexdigest())
        media_type = await asyncio.to_thread(sniff, target)
        likeness = await likeness_of(target, media_type)
        return Stored(relative, size, media_type, digest.hexdigest(), likeness)

    def _check_size(self, size: int) -> None:
        if size > self._rules.largest:
            largest = self._rules.largest // 1_048_576
            raise TooLarge(f"Berkas lebih besar dari {largest} MB.")

    async def _not_stored(
        self, expected: ExpectedFile, problem: str, *, final: bool, card: Card | None = None
    ) -> None:
        now = self._clock()
        age = now - expected.asked_at
        async with self._begin() as work:
            if final or age > GIVE_UP_AFTER:
                await self._give_up(work, expected, problem)
                return
            doublings = min(expected.tries, 12)
            longest = LONGEST_WAIT if card is None else DISK_LOOKED_AT
            wait = min(self._rules.first_wait * (1 << doublings), longest)
            await work.files.postpone(expected.id, until=now + wait, problem=problem)
            if card is None and age > ALERT_AFTER:
                card = self._old_card(expected, problem)
            if card is not None:
                await work.cards.open(card, at=now)

    def _old_card(self, expected: ExpectedFile, problem: str) -> Card:
        return Card(
            key=f"files:{expected.connector}",
            kind="files",
            connector=expected.connector,
            text=f"Lampiran dari {self._title(expected)} belum terambil sesudah 24 jam: {problem}",
            next_step="Periksa token dan jaringan; lampiran dihapus di sana sesudah 7 hari.",
        )

    def _title(self, expected: ExpectedFile) -> str:
        upstream = self._upstreams.get(expected.connector)
        return upstream.connector.traits.title if upstream else expected.connector

    async def _give_up(self, work: Work, expected: ExpectedFile, problem: str) -> None:
        """The file will not come: whoever sent it is asked once more, and an operator sees why."""
        now = self._clock()
        complaint_id = await work.files.failed(expected.id, problem=problem)
        card = Card(
            key=f"file:{expected.report_id}",
            kind="file",
            connector=expected.connector,
            complaint_id=complaint_id,
            text=f"Lampiran pelapor tidak dapat diambil: {problem}",
            next_step="Pelapor sudah diminta mengirim ulang. Tutup kartu ini bila tidak diperlukan.",
        )
        is_new = await work.cards.open(card, at=now)
        if is_new and expected.person_id is not None:
            await promise_notice(
                work, expected.connector, "media_failed", person_id=expected.person_id,
                route=expected.route, at=now,
            )  # fmt: skip
        if complaint_id is not None:
            await work.outbox.hasten_opening(complaint_id, now=now)

    async def _pass_on(self, work: Work, expected: ExpectedFile, complaint_id: int) -> None:
        """A file that comes after the parcel it belongs to has left is sent behind it.

        Where the words of a report that joined did not go, its photos do not go either.
        """
        for source in await work.complaints.sources(complaint_id):
            if expected.report_id not in await work.outbox.brought(source.id):
                continue
            waiting = await work.outbox.carrying(source.id)
            if any(expected.report_id in parcel.content["report_ids"] for parcel in waiting):
                continue
            await promise_addition(
                work, complaint_id, [], file_ids=[expected.id], origin=expected.connector,
                upstreams=self._upstreams, at=self._clock(), only=source.id,
            )  # fmt: skip


def _check_sha256(expected: ExpectedFile, digest: str) -> None:
    if expected.declared_sha256 not in (None, digest):
        raise BrokenFile("Isi berkas tidak sesuai sidik jari (sha256) yang diumumkan.")


def sniff(path: Path) -> str:
    """What a file is by its content, whatever it was called."""
    with path.open("rb") as file:
        head = file.read(SNIFFED_BYTES)
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    types = [match.mime_type for match in found if match.mime_type]
    return next((kind for kind in types if kind != CONTAINER), next(iter(types), UNKNOWN))
