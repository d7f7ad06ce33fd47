"""Webhooks: verify, keep the bytes, answer. Thinking comes later."""

import hashlib
from collections.abc import Mapping

from hub.contract.connector import Receives
from hub.contract.news import Raw
from hub.ports import Begin, Clock, Upstream
from hub.rows import How


class UnknownConnector(Exception):
    """No connector of that name takes webhooks here."""


class Receive:
    """`receive` returns only after the raw bytes are committed."""

    def __init__(self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock

    def challenge(self, connector: str, query: Mapping[str, str]) -> str:
        """Answer the upstream's question whether this address is ours. Raises `BadSignature`."""
        return self._receiver(connector).challenge(query)

    async def receive(self, connector: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep a webhook's body. The same bytes again are kept once. Raises `BadSignature`."""
        self._receiver(connector).verify(headers, body)
        # The bytes are the key: what differs in a single byte may hold other news.
        raw = Raw(key=f"webhook:{hashlib.sha256(body).hexdigest()}", body=body)
        now = self._clock()
        async with self._begin() as work:
            await work.inbox.keep(connector, raw, how=How.WEBHOOK, at=now)
            await work.upstreams.heard(connector, at=now)

    def _receiver(self, connector: str) -> Receives:
        upstream = self._upstreams.get(connector)
        if upstream is None or not isinstance(upstream.connector, Receives):
            raise UnknownConnector(connector)
        return upstream.connector
