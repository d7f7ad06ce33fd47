"""The connector: what the hub may ask of SP4N-LAPOR!."""

import json
from collections.abc import Mapping as Table
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import httpx

from connectors.sp4n import (
    check,
    translate_in,
    translate_listed,
    translate_out,
    translate_slips,
    wording,
)
from connectors.sp4n.client import Client
from connectors.sp4n.fingerprint import fingerprint
from connectors.sp4n.offline import OfflineSp4n
from connectors.sp4n.paging import Listed, joined
from connectors.sp4n.settings import Settings
from hub.contract import (
    Absent,
    Acknowledged,
    Addition,
    Delivery,
    Found,
    Mapping,
    Master,
    Node,
    NotFound,
    Notice,
    Opening,
    Page,
    Raw,
    ReadBack,
    Status,
    StatusNews,
    StatusUpdate,
    StoredFile,
    Unclear,
    Unsendable,
)

NO_LIST = (
    "SP4N-LAPOR! tidak punya daftar laporan yang dapat dicari. Cari nomor tiket {ticket} di laman "
    "admin LAPOR!: bila ada, masukkan Tracking ID-nya; bila tidak ada, kirim lagi."
)

NOT_WHOLE = (
    "Daftar tindak lanjut laporan {number} di SP4N-LAPOR! tidak terbaca utuh; periksa di laman admin "
    "apakah kabar ini sudah ada sebelum mengirim ulang."
)


class Sp4n(OfflineSp4n):
    """Everything API v3 is known to allow."""

    def __init__(
        self,
        settings: Settings,
        mapping: Mapping,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, mapping)
        self._client = Client(settings, transport)

    async def push(self, delivery: Delivery) -> Acknowledged:
        """Open a complaint, tell of a move, add what the citizen said."""
        match delivery.content:
            case Opening() as opening:
                return await self._open(delivery, opening)
            case StatusUpdate() as update:
                return await self._update(delivery, update)
            case Addition() as addition:
                return await self._add(delivery, addition)
            case Notice():
                raise Unsendable(translate_slips.NO_NOTICE)

    async def _open(self, delivery: Delivery, opening: Opening) -> Acknowledged:
        taken, kept = translate_out.sorted_out(opening.files, self._settings)
        # Whatever the mapping lacks must show before anything is left there.
        translate_out.category_id(opening.category, self._mapping)
        ids = await self._client.upload(taken) if taken else []
        complaint = translate_out.opened(
            delivery,
            opening,
            settings=self._settings,
            mapping=self._mapping,
            file_ids=ids,
            kept=kept,
        )
        return Acknowledged(await self._client.create(complaint))

    async def _update(self, delivery: Delivery, update: StatusUpdate) -> Acknowledged:
        match translate_out.done_there(update, self._mapping):
            case "nothing":
                return Acknowledged()
            case "remark":
                text = translate_out.told(update, self._mapping)
                return await self._follow_up(delivery, text, self._settings.addition_template_code)
            case "refer":
                rejection = translate_out.rejected(
                    delivery, update, settings=self._settings, mapping=self._mapping
                )
                await self._client.reject(translate_out.their_id(delivery), rejection)
                return Acknowledged()
            case "follow_up":
                text = translate_out.told(update, self._mapping)
                return await self._follow_up(delivery, text, self._settings.template_code)

    async def _add(self, delivery: Delivery, addition: Addition) -> Acknowledged:
        taken, kept = translate_out.sorted_out(addition.files, self._settings)
        text = translate_out.added(addition, kept, delivery.ticket)
        code = self._settings.addition_template_code
        return await self._follow_up(delivery, text, code, files=taken)

    async def _follow_up(
        self,
        delivery: Delivery,
        text: str,
        template_code: str,
        *,
        files: Sequence[StoredFile] = (),
    ) -> Acknowledged:
        translate_out.their_id(delivery)
        form = translate_out.followed_up(
            delivery, text, template_code=template_code, settings=self._settings
        )
        return Acknowledged(await self._client.add_followup(form, files))

    async def find(self, delivery: Delivery) -> ReadBack:
        """Look whether a push in doubt arrived."""
        if isinstance(delivery.content, Opening):
            return await self._find_opened(delivery)
        try:
            if self._does(delivery) == "refer":
                return await self._find_referred(delivery)
            followups = await self._client.followups(translate_out.their_id(delivery))
            return _found_in(followups, delivery)
        except NotFound as error:
            return Unclear(
                f"SP4N-LAPOR! tidak menemukan laporan {delivery.external_id}: {error.detail}"
            )

    async def _find_opened(self, delivery: Delivery) -> ReadBack:
        return Unclear(NO_LIST.format(ticket=delivery.ticket))

    async def _find_referred(self, delivery: Delivery) -> ReadBack:
        complaint_id = translate_out.their_id(delivery)
        detail, _ = await self._client.detail(complaint_id)
        # Their history quotes the reason of a request, and ours ends in the marker.
        if delivery.parcel_id[:12] in json.dumps(detail):
            return Found(complaint_id)
        body = json.dumps({"detail": detail}).encode()
        seen = self.read(Raw(key=complaint_id, body=body, external_id=complaint_id))
        if any(isinstance(news, StatusNews) and news.status is Status.REFERRED for news in seen):
            return Found(complaint_id)
        return Unclear(
            f"Permintaan bukan wewenang untuk laporan {complaint_id} belum terlihat di "
            "SP4N-LAPOR!; periksa riwayat laporan itu di laman admin sebelum mengirim ulang.",
            may_show=True,
        )

    def _does(self, delivery: Delivery) -> str:
        content = delivery.content
        if isinstance(content, StatusUpdate):
            return translate_out.done_there(content, self._mapping)
        return "follow_up"

    async def inspect(self, external_id: str) -> Raw:
        """The complaint with every follow-up, under a key that changes only with what we read."""
        detail, seen = await self._client.detail(external_id)
        try:
            followups = (await self._client.followups(external_id)).rows
        except NotFound:
            # The complaint was there a moment ago: it has no follow-ups yet.
            followups = []
        body: dict[str, Any] = {"detail": detail, "followups": followups}
        changed = translate_in.undated_change(Node(detail), self._settings.zone)
        mark = fingerprint([detail, followups, *filter(None, [changed])])
        return Raw(
            key=f"inspect:{external_id}:{mark}",
            body=json.dumps(body | {"seen": seen}, ensure_ascii=False).encode(),
            external_id=external_id,
        )

    async def masters(self) -> Table[str, tuple[Master, ...]]:
        """Institutions and templates; there are no other tables to be had."""
        return {
            "institutions": tuple(
                Master(str(row.get("id")), str(row.get("name")))
                for row in await self._client.institutions()
            ),
            "templates": tuple(
                Master(str(row.get("template_code")), str(row.get("title")))
                for row in await self._client.templates()
            ),
        }

    def check_masters(self, masters: Table[str, tuple[Master, ...]]) -> tuple[str, ...]:
        """Sentences on every id of ours that they do not know."""
        return tuple(check.problems(masters, settings=self._settings, mapping=self._mapping))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class PollingSp4n(Sp4n):
    """With SP4N_INBOUND_PATH the reports sent to our institution can be pulled, and searched."""

    async def poll(self, cursor: str | None) -> Page:
        """One page; the order of the list is unknown, so every round sees all of it."""
        page = int(cursor or 1)
        listed = await self._client.inbound(page)
        raws, has_more = tuple(map(_listed, listed.rows)), listed.has_more
        return Page(raws=raws, cursor=str(page + 1) if has_more else None, has_more=has_more)

    async def _find_opened(self, delivery: Delivery) -> ReadBack:
        first = await self._walk(delivery.ticket)
        if isinstance(first, Found):
            return first
        # A report that was never disposed to us may be there without being in our list.
        if first is not None and self._settings.dispose_at_once:
            # While a list changes, an entry may slip onto the page that was just read. Two walks
            # that saw the same have missed nothing.
            again = await self._walk(delivery.ticket)
            if isinstance(again, Found):
                return again
            if again == first:
                return Absent()
        return Unclear(NO_LIST.format(ticket=delivery.ticket), may_show=True)

    async def _walk(self, ticket: str) -> Found | list[str] | None:
        """The complaint of this ticket, else the ids of the list; None if that cannot be read whole."""
        pages: list[Listed] = []
        for page in range(1, self._settings.max_pages + 1):
            pages.append(await self._client.inbound(page))
            entries = [Node(row) for row in pages[-1].rows]
            if ours := [entry for entry in entries if translate_listed.mentions(entry, ticket)]:
                # A copy on a later page shows itself when the list is polled.
                return Found.among(map(translate_listed.listed_id, ours))
            if not pages[-1].has_more:
                return _ids_of(pages)
        return None


def _found_in(followups: Listed, delivery: Delivery) -> ReadBack:
    texts = [wording.plain(str(entry.get("content") or "")) for entry in followups.rows]
    ours = [
        str(entry["id"]) if "id" in entry else None
        for entry, text in zip(followups.rows, texts, strict=True)
        if translate_out.our_mark(text) == delivery.parcel_id[:12]
    ]
    if ours:
        return Found.among(ours)
    # Whoever quotes it has read it.
    if any(translate_out.marker_line(delivery) in text for text in texts):
        return Found()
    if followups.is_whole and all("content" in entry for entry in followups.rows):
        return Absent()
    # What cannot be read does not prove that ours is not in it.
    return Unclear(NOT_WHOLE.format(number=delivery.external_id), may_show=True)


def _ids_of(pages: Sequence[Listed]) -> list[str] | None:
    """An empty page says that something is wrong with the list rather than that nobody ever reported."""
    whole = joined(pages)
    entries = [Node(row) for row in whole.rows]
    if not (whole.is_whole and all(page.rows for page in pages)):
        return None
    if not all(map(translate_listed.has_words, entries)):
        return None
    return [translate_listed.listed_id(entry) or fingerprint(entry.value) for entry in entries]


def _listed(entry: Table[str, Any]) -> Raw:
    external_id = translate_listed.listed_id(Node(entry))
    body = json.dumps(entry, ensure_ascii=False).encode()
    # Without an id only the whole entry tells it from the next one; without its time a status
    # that returns looks like the one before.
    changed = translate_listed.changed_at(Node(entry))
    read = [entry, changed] if changed else entry
    mark = fingerprint(read) if external_id else sha256(body).hexdigest()
    return Raw(
        key=f"inbound:{external_id or '-'}:{mark}",
        body=body,
        external_id=external_id,
    )
