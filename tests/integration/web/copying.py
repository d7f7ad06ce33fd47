"""A city that copies: parcels laid out by the real handwork, and the pages over them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from bs4 import BeautifulSoup

from hub.contract import Delivery, Opening, Slip
from hub.domain.status import Status
from hub.rows import Kind
from hub.store import tables
from hub.web.doors import Connectors, Hands
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, upstreams_of
from tests.integration.web import invented
from tests.integration.web.conftest import HERE, Web

FORM = "https://kanal.test/buat"
KEYS = {"rini": "kunci-rini", "budi": "kunci-budi"}


class WithAForm(Carried):
    """An upstream whose form has a page of its own and takes files."""

    def slip(self, delivery: Delivery) -> Slip:
        files = delivery.content.files if isinstance(delivery.content, Opening) else ()
        return replace(super().slip(delivery), link=FORM, files=files)


@dataclass
class City:
    """What is promised is laid out; the pages show it."""

    web: Web
    books: Books
    shop: Shop
    upstream: Carried
    folder: Path

    async def lay_out(self, *, kind: Kind = Kind.OPENING, photos: Sequence[str] = ()) -> str:
        """One parcel that waits to be copied."""
        about = await self.books.complaint(external_id=None if kind is Kind.OPENING else "X-1")
        content = None
        if photos:
            content = {"report_ids": [await self._report(about.complaint_id, photos)]}
        parcel_id = await self.books.promise(
            about, kind=kind, status=Status.IN_PROGRESS, content=content
        )
        await self.shop.hand_over(self.upstreams).drain()
        return parcel_id

    @asynccontextmanager
    async def browser(self, name: str = "rini") -> AsyncIterator[httpx.AsyncClient]:
        """An operator who is logged in."""
        async with self.web.client(origin=HERE) as client:
            await client.post("/login", data={"key": KEYS[name]})
            yield client

    async def _report(self, complaint_id: int, photos: Sequence[str]) -> int:
        now = self.books.clock()
        async with self.books.database.engine.begin() as connection:
            report = await invented.report(connection, complaint_id)
            for path in photos:
                file = self.folder / path
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(f"isi {path}".encode())
                await invented.put(
                    connection, tables.attachments, report_id=report, connector="whatsapp",
                    ref=path, kind="image", file_name=file.name, media_type="image/png",
                    size=file.stat().st_size, state="stored", path=path, due_at=now, asked_at=now,
                )  # fmt: skip
        return report

    @property
    def upstreams(self) -> dict[str, Any]:
        return upstreams_of(self.upstream)


def a_city(web: Web, shop: Shop, folder: Path) -> City:
    upstream = WithAForm()
    upstreams = upstreams_of(upstream)
    web.needs = replace(
        web.needs,
        carries=Hands(shop.handwork(upstreams)),
        connectors=Connectors(upstreams, {}),
        api_keys=KEYS,
        clock=shop.clock,
    )
    return City(web, shop.books, shop, upstream, folder)


def soup(answer: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")
