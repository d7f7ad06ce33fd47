"""The abilities of the board, in every mode."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import httpx

from hub.contract import (
    Absent,
    Acknowledged,
    BadSignature,
    Delivery,
    Found,
    ImportFile,
    News,
    Number,
    Opening,
    Raw,
    Slip,
    Traits,
    Unsendable,
    parse_json,
    verify_hmac_sha256,
)
from hub.contract import Mapping as Dictionary
from tests.contract.example_connector import export, translate
from tests.contract.example_connector.client import Client
from tests.contract.example_connector.settings import Settings


class Board:
    """Receives, Inspects, Pushes, ReadsBack, HandsOver and Imports."""

    name = "board"

    def __init__(
        self,
        settings: Settings,
        mapping: Dictionary,
        *,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._secret = settings.secret
        self._mapping = mapping
        self.traits = Traits(title="Papan Warga", mode=settings.mode, takes_complaints=True)
        self._client = Client(settings, transport)

    def challenge(self, _: Mapping[str, str]) -> str:
        raise BadSignature("the board asks nothing")

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        given = headers.get("x-board-signature")
        verify_hmac_sha256(body, given=given, secrets=[self._secret.get_secret_value()])

    def read(self, raw: Raw) -> Iterator[News]:
        return translate.read(raw, self._mapping)

    async def inspect(self, external_id: str) -> Raw:
        body = await self._client.look(external_id)
        return Raw(sha256(body).hexdigest(), body, external_id=external_id)

    async def push(self, delivery: Delivery) -> Acknowledged:
        words = translate.told(delivery, self._mapping)
        if isinstance(delivery.content, Opening):
            return Acknowledged(await self._client.pin(words))
        if delivery.external_id is None:
            raise Unsendable("no post to write below")
        return Acknowledged(await self._client.answer(delivery.external_id, words))

    async def find(self, delivery: Delivery) -> Found | Absent:
        opens = isinstance(delivery.content, Opening)
        marker = delivery.ticket if opens else delivery.parcel_id
        found = parse_json(await self._client.search(marker))["id"].text()
        return Found(found) if found else Absent()

    def slip(self, delivery: Delivery) -> Slip:
        return translate.slip(delivery, self._mapping)

    def number(self, typed: str) -> Number:
        return translate.number(typed)

    def open_export(self, path: Path) -> ImportFile:
        return export.open_export(path)

    async def aclose(self) -> None:
        await self._client.aclose()
