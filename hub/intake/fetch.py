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

from hub.contract.connector import Fetches
from hub.contract.errors import UpstreamError, Verdict
from hub.ports import Begin, Card, Clock, ExpectedFile, State, Upstream, Work
from hub.record.promises import promise_addition

LEASE = timedelta(minutes=10)
# An upstream that keeps files for 7 days leaves six after the alert to mend what is wrong.
ALERT_AFTER = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(days=7)
SNIFFED_BYTES = 2048
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FileRules:
    """`largest` in bytes; `folder` is where attachments lie."""

    folder: Path
    largest: int = 100 * 1024 * 1024
    at_once: int = 4
    first_wait: timedelta = timedelta(seconds=2)


class BrokenFile(Exception):
    """What came is not what was announced; the message is a sentence in Bahasa Indonesia."""


class FetchFiles:
    """`step` fetches a few files that are due; False when there were none."""

    def __init__(
        self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock, rules: FileRules
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._rules = rules

    async def step(self) -> bool:
        """Take what is due, fetch it with no transaction open, write down what came."""
        now = self._clock()
        async with self._begin() as work:
            due = await work.files.take_due(now=now, until=now + LEASE, limit=self._rules.at_once)
        await asyncio.gather(*(self._fetch(expected) for expected in due))
        return bool(due)

    async def _fetch(self, expected: ExpectedFile) -> None:
        upstream = self._upstreams.get(expected.connector)
        if upstream is None or not isinstance(upstream.connector, Fetches):
            await self._not_stored(expected, "Konektornya tidak aktif.", final=False)
            return
        relative = f"{uuid4().hex[:2]}/{uuid4().hex}"
        target = self._rules.folder / relative
        try:
            size, media_type = await self._stream(upstream.connector, expected, target)
        except BrokenFile as broken:
            await self._not_stored(expected, str(broken), final=True)
        except UpstreamError as error:
            final = error.verdict is Verdict.GIVE_UP
            await self._not_stored(expected, f"{error.code}: {error.detail}", final=final)
        except OSError as error:
            await self._not_stored(
                expected, f"Tidak dapat disimpan: {error.strerror}", final=False
            )
        else:
            async with self._begin() as work:
                await work.files.stored(
                    expected.id, path=relative, media_type=media_type, size=size
                )
                await self._pass_on(work, expected)

    async def _stream(
        self, connector: Fetches, expected: ExpectedFile, target: Path
    ) -> tuple[int, str]:
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with target.open("wb") as file:
                async for chunk in connector.fetch(expected.ref, route=expected.route):
                    size += len(chunk)
                    self._check_size(size)
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
            _check_sha256(expected, digest.hexdigest())
        except BaseException:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(target.unlink)
            raise
        return size, await asyncio.to_thread(sniff, target)

    def _check_size(self, size: int) -> None:
        if size > self._rules.largest:
            largest = self._rules.largest // 1_048_576
            raise BrokenFile(f"Berkas lebih besar dari {largest} MB.")

    async def _not_stored(self, expected: ExpectedFile, problem: str, *, final: bool) -> None:
        now = self._clock()
        age = now - expected.asked_at
        async with self._begin() as work:
            if final or age > GIVE_UP_AFTER:
                await work.files.failed(expected.id, problem=problem)
                return
            wait = min(self._rules.first_wait * 2 ** min(expected.tries, 12), timedelta(hours=1))
            await work.files.postpone(expected.id, until=now + wait, problem=problem)
            if age > ALERT_AFTER:
                await work.cards.open(
                    Card(
                        key=f"files:{expected.connector}",
                        kind="files",
                        connector=expected.connector,
                        text=f"Lampiran dari {expected.connector} belum terambil sesudah 24 jam: {problem}",
                        next_step="Periksa token dan jaringan; lampiran dihapus di sana sesudah 7 hari.",
                    ),
                    at=now,
                )

    async def _pass_on(self, work: Work, expected: ExpectedFile) -> None:
        """A file that comes after its complaint has left is sent behind it."""
        if expected.complaint_id is None:
            return
        for source in await work.complaints.sources(expected.complaint_id):
            opening = await work.outbox.opening_of(expected.complaint_id, source.connector)
            if opening is not None and opening.state is not State.WAITING:
                await promise_addition(
                    work, expected.complaint_id, [], file_ids=[expected.id],
                    origin=expected.connector, upstreams=self._upstreams, at=self._clock(),
                )  # fmt: skip
                return


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
    return next((match.mime_type for match in found if match.mime_type), UNKNOWN)
