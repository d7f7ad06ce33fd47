"""What needs the network: the agreed interface, or the public page."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from connectors.laporgub import fields, numbers, shapes, slips, translate_out
from connectors.laporgub.client import Client
from connectors.laporgub.offline import LaporGub
from connectors.laporgub.page import PageReader
from connectors.laporgub.paging import Round, after, newest_of
from connectors.laporgub.payloads import Aduan
from connectors.laporgub.profile import Paging, Profile
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_out import Told
from connectors.laporgub.translate_status import marks
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
    StatusUpdate,
    Unclear,
    Unsendable,
)

NO_SEARCH = (
    "LaporGub tidak punya pencarian menurut nomor kita. Cari {ticket} di LaporGub: bila ada, "
    "masukkan nomornya; bila tidak ada, kirim lagi."
)
ODD_SEARCH = (
    "Pencarian LaporGub menjawab dengan aduan lain, jadi tidak jelas apakah {ticket} ada di sana; "
    "periksa di LaporGub sebelum mengirim ulang."
)
NO_NUMBER = (
    "LaporGub menyimpan {ticket}, tetapi tanpa nomor yang terbaca; cari aduan itu di LaporGub dan "
    "masukkan nomornya."
)

NOT_WHOLE = (
    "Linimasa aduan {number} di LaporGub tidak terbaca utuh; periksa di LaporGub apakah kabar ini "
    "sudah ada sebelum mengirim ulang."
)


class PageLaporGub(LaporGub):
    """By cards and files, and the public page is read, slowly."""

    def __init__(
        self,
        settings: Settings,
        mapping: Mapping,
        *,
        profile: Profile,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, mapping, profile=profile)
        self._pages = PageReader(settings, profile, transport=transport)

    async def inspect(self, external_id: str) -> Raw:
        """The timeline of the public page."""
        return await self._pages.look(external_id)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pages.aclose()


class ApiLaporGub(LaporGub):
    """By the interface that the profile describes."""

    def __init__(
        self,
        settings: Settings,
        mapping: Mapping,
        *,
        profile: Profile,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(settings, mapping, profile=profile)
        self._client = Client(settings, profile, transport=transport)
        self._round = Round()
        self._clock = clock

    async def push(self, delivery: Delivery) -> Acknowledged:
        """Open a complaint, tell of a move, add what the citizen said: one call."""
        settings = self._settings
        match delivery.content:
            case Opening() as opening:
                return await self._open(delivery, opening)
            case StatusUpdate() as update:
                told = translate_out.moved(
                    delivery, update, settings=settings, mapping=self._mapping
                )
                return await self._tell(delivery, told)
            case Addition() as addition:
                told = translate_out.added(
                    delivery, addition, settings=settings, kept=addition.files
                )
                return await self._tell(delivery, told)
            case Notice():
                raise Unsendable(slips.NO_NOTICE)

    async def _open(self, delivery: Delivery, opening: Opening) -> Acknowledged:
        # They have agreed to no way for files: all stay with the ticket.
        opened = translate_out.opened(
            delivery,
            opening,
            settings=self._settings,
            mapping=self._mapping,
            kept=opening.files,
        )
        body = fields.create_body(
            delivery, opening, opened, profile=self._profile, settings=self._settings
        )
        return Acknowledged(await self._client.create(body))

    async def _tell(self, delivery: Delivery, told: Told) -> Acknowledged:
        if told.do == "nothing":
            return Acknowledged()
        call = self._profile.update if told.word else self._profile.comment
        body = fields.told_body(delivery, told, call)
        return Acknowledged(await self._client.tell(call, _their_id(delivery), body))

    async def poll(self, cursor: str | None) -> Page:
        """One page of the list; an entry that has not changed keeps its key."""
        call = self._profile.list
        items, told, seen = await self._client.page(cursor)
        read = [shapes.item_of(Node(item), self._profile) for item in items]
        now = seen or datetime.fromtimestamp(self._clock(), UTC)
        newest, ahead = newest_of((each.updated for each in read), self._settings.zone, now=now)
        size = self._settings.page_size
        following = after(call, cursor, count=len(items), told=told, size=size, newest=newest)
        raws = tuple(map(self._listed, items, read))
        following = self._round.after(following, call, [raw.key for raw in raws])
        remarks = (*following.remarks, *(ahead if call.paging is Paging.SINCE else ()))
        return Page(raws, following.cursor, following.has_more, remarks)

    async def inspect(self, external_id: str) -> Raw:
        """The complaint with its timeline, under a key that changes only with what we read."""
        item, seen = await self._client.one(external_id)
        body = {
            "one": shapes.kept_of(Node(item), self._profile),
            "seen": seen and seen.isoformat(),
        }
        mark = shapes.fingerprint(shapes.item_of(Node(item), self._profile))
        return Raw(
            key=f"inspect:{external_id}:{mark}",
            body=json.dumps(body, ensure_ascii=False).encode(),
            external_id=external_id,
        )

    async def find(self, delivery: Delivery) -> ReadBack:
        """Look whether a push in doubt arrived, by our marker."""
        if isinstance(delivery.content, Opening):
            return await self._find_opened(delivery.ticket)
        external_id = _their_id(delivery)
        try:
            item, _ = await self._client.one(external_id)
        except NotFound as error:
            return Unclear(f"LaporGub tidak menemukan aduan {external_id}: {error.detail}")
        aduan = shapes.item_of(Node(item), self._profile)
        ours = [line for mark, line in marks(aduan) if mark == numbers.mark_of(delivery)]
        if ours:
            return Found.among(ours)
        if shapes.has_timeline(Node(item), self._profile):
            return Absent()
        # What cannot be read does not prove that ours is not in it.
        return Unclear(NOT_WHOLE.format(number=external_id), may_show=True)

    async def masters(self) -> dict[str, tuple[Master, ...]]:
        """Kabupaten and kota."""
        table = self._profile.regions
        rows = await self._client.regions(table) if table else []
        return {"regions": tuple(Master(code, name) for code, name in rows)}

    def check_masters(self, masters: Any) -> tuple[str, ...]:
        """A sentence if they do not know our kabupaten or kota."""
        known = {master.id for master in masters.get("regions", ())}
        ours = self._settings.region_id
        if not known or ours in known:
            return ()
        problem = (
            f"LAPORGUB_REGION_ID {ours} tidak ada di daftar kabupaten/kota LaporGub; "
            "isi kode Kemendagri kota Anda tanpa titik."
        )
        return (problem,)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _find_opened(self, ticket: str) -> ReadBack:
        search = self._profile.search
        if search is None:
            return Unclear(NO_SEARCH.format(ticket=ticket))
        found = await self._client.search(search, ticket)
        listed = [shapes.item_of(Node(item), self._profile) for item in found]
        ours = [each for each in listed if ticket in {each.marker, numbers.ticket_in(each.text)}]
        if numbered := [each.ticket for each in ours if each.ticket]:
            return Found.among(numbered)
        if ours:
            return Unclear(NO_NUMBER.format(ticket=ticket))
        # A search that gives others was not understood there.
        return Unclear(ODD_SEARCH.format(ticket=ticket)) if found else Absent()

    def _listed(self, item: Any, aduan: Aduan) -> Raw:
        body = {"item": shapes.kept_of(Node(item), self._profile)}
        # Without a number only the whole entry tells it from the next one.
        mark = shapes.fingerprint(aduan) if aduan.ticket else shapes.digest({"item": item})
        return Raw(
            key=f"list:{aduan.ticket or '-'}:{mark}",
            body=json.dumps(body, ensure_ascii=False).encode(),
            external_id=aduan.ticket or None,
        )


def _their_id(delivery: Delivery) -> str:
    if not delivery.external_id:
        raise Unsendable("aduan ini belum punya nomor LaporGub", code="no_external_id")
    return delivery.external_id
