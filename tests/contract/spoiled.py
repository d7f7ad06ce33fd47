"""The small connector, spoiled in one way each: what the suite must find."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any

import httpx

from hub.contract import (
    Acknowledged,
    Delivery,
    Ignored,
    News,
    OutcomeUnknown,
    Raw,
    Rejected,
    Report,
    Throttled,
    Unavailable,
    Unmapped,
    Unsendable,
    UpstreamError,
)
from tests.contract.example import EXAMPLE
from tests.contract.example_connector.settings import Settings
from tests.contract.example_connector.source import Board
from tests.contract.subjects import Subject

log = logging.getLogger("board")


@dataclass(frozen=True, kw_only=True)
class Spoiled(Subject):
    """The small connector with another class for its source."""

    kind: type[Board]

    def build(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> Any:
        settings = self.settings(environment)
        assert isinstance(settings, Settings)
        return self.kind(settings, self.mapping(), transport=transport)


def spoiled(kind: type[Board]) -> Spoiled:
    """The small connector, with this class."""
    same = {field.name: getattr(EXAMPLE, field.name) for field in fields(EXAMPLE)}
    return Spoiled(**same, kind=kind)


class Looping(Board):
    """Tries a push again by itself."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        try:
            return await super().push(delivery)
        except UpstreamError:
            return await super().push(delivery)


class Hopeful(Board):
    """Takes a lost answer for a lost request."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        try:
            return await super().push(delivery)
        except OutcomeUnknown as error:
            raise Unavailable(error.detail) from error


class Trusting(Board):
    """Takes whatever comes for success."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        try:
            return await super().push(delivery)
        except OutcomeUnknown:
            return Acknowledged()


class Impatient(Board):
    """Forgets when it may come back."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        try:
            return await super().push(delivery)
        except Throttled as error:
            raise Throttled(error.detail) from error


class Overeager(Board):
    """Makes a call that nobody recorded."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        done = await super().push(delivery)
        await self._client.search(delivery.ticket)
        return done


class Refusing(Board):
    """Gives up without a call, as if the board had refused."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        try:
            return await super().push(delivery)
        except Unsendable as error:
            raise Rejected(error.detail) from error


class Wordless(Board):
    """Has no word for what it is told."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        raise Unmapped(f"no word for {type(delivery.content).__name__}")


class Leaky(Board):
    """Names its secret when something fails."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        try:
            return await super().push(delivery)
        except UpstreamError as error:
            raise type(error)(f"{error.detail} with {self._secret.get_secret_value()}") from error


class Gossip(Board):
    """Logs what the citizen wrote."""

    async def push(self, delivery: Delivery) -> Acknowledged:
        log.info("pushing %s", getattr(delivery.content, "text", ""))
        return await super().push(delivery)


class Boastful(Board):
    """Shows its secret when printed."""

    def __repr__(self) -> str:
        return f"Board({self._secret.get_secret_value()})"


class Fragile(Board):
    """Trusts that a body is what it was told."""

    def read(self, raw: Raw) -> Iterator[News]:
        json.loads(raw.body)["pos"][0]["id"].upper()
        return super().read(raw)


class Keyless(Board):
    """Gives news no key."""

    def read(self, raw: Raw) -> Iterator[News]:
        return (replace(news, key="") for news in super().read(raw))


class Monotonous(Board):
    """Gives all news the same key."""

    def read(self, raw: Raw) -> Iterator[News]:
        return (replace(news, key="post") for news in super().read(raw))


class Fickle(Board):
    """Remembers what it has read."""

    _times = count()

    def read(self, raw: Raw) -> Iterator[News]:
        yield Ignored(key=raw.key, reason=f"time {next(self._times)}")


class Indiscreet(Board):
    """Shows the number of the citizen in a fact."""

    def read(self, raw: Raw) -> Iterator[News]:
        for news in super().read(raw):
            if isinstance(news, Report) and news.person:
                yield replace(news, facts={"from": news.person.address["phone"]})
