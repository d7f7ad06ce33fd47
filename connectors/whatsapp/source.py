"""What the hub can do with WhatsApp."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta

import httpx

from connectors.whatsapp.client import Graph
from connectors.whatsapp.settings import Settings
from connectors.whatsapp.translate_in import read
from connectors.whatsapp.translate_out import compose, faults
from hub.contract import (
    Acknowledged,
    BadSignature,
    Delivery,
    News,
    Node,
    NotFound,
    OutcomeUnknown,
    Pace,
    Raw,
    Rejected,
    Traits,
    same_secret,
    verify_hmac_sha256,
)
from hub.contract import Mapping as Dictionary

SIGNATURE = "x-hub-signature-256"
# Ten minutes less than Meta's 24 hours: our clock and theirs differ, and sending takes time.
WINDOW = timedelta(hours=23, minutes=50)
# Meta lends 45 messages in 6 seconds to one citizen; nobody should get half as many.
PAIR_INTERVAL, PAIR_BURST = timedelta(seconds=6), 20


class WhatsApp:
    """Receives, fetches and pushes. Nothing to poll, nothing to read back: receipts tell."""

    name = "whatsapp"

    def __init__(
        self,
        settings: Settings,
        mapping: Dictionary,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if wrong := "\n".join(faults(mapping)):
            raise ValueError(wrong)
        self._settings = settings
        self._mapping = mapping
        self._graph = Graph(settings, transport=transport)
        self.traits = Traits(
            title="WhatsApp",
            speaks_to_citizens=True,
            conversation_window=WINDOW,
            receipt_within=timedelta(seconds=settings.receipt_seconds),
            pace=Pace(settings.per_second, PAIR_INTERVAL, PAIR_BURST),
        )

    def challenge(self, query: Mapping[str, str]) -> str:
        """Meta's question when our address is entered there; answered with it, verbatim."""
        expected = self._settings.verify_token.get_secret_value()
        fits = same_secret(query.get("hub.verify_token", ""), expected)
        if query.get("hub.mode") != "subscribe" or not fits:
            raise BadSignature("the verify token does not fit")
        return query.get("hub.challenge", "")

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), None)
        verify_hmac_sha256(body, given=given, secrets=self._settings.app_secrets)

    def read(self, raw: Raw) -> Iterable[News]:
        return read(raw, numbers=self._settings.numbers)

    async def fetch(self, ref: str, *, route: str | None) -> AsyncIterator[bytes]:
        """The file behind a media id; an address that has run out is asked for once more."""
        for last in (False, True):
            url = await self._graph.media_url(ref, sender=route)
            try:
                async with self._graph.download(url) as chunks:
                    size = 0
                    async for chunk in chunks:
                        size += len(chunk)
                        if size > self._settings.max_media_bytes:
                            raise Rejected("the file is larger than allowed", code="too_large")
                        yield chunk
            except NotFound:
                if last:
                    raise
            else:
                return

    async def push(self, delivery: Delivery) -> Acknowledged:
        message = compose(delivery, self._mapping)
        answer = await self._graph.send(self._sender(delivery.route), message)
        sent = next(iter(answer["messages"]), Node(None))
        message_id = sent["id"].text()
        if not message_id:
            raise OutcomeUnknown("the answer names no message", code="bad_body")
        held = sent["message_status"].text()
        return Acknowledged(message_id, {"message_status": held} if held else {})

    async def aclose(self) -> None:
        await self._graph.aclose()

    def _sender(self, route: str | None) -> str:
        numbers = self._settings.numbers
        return route if route in numbers else numbers[0]
