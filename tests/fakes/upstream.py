"""Connectors that play a script, and the holder the hub hands around."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from hub.contract import (
    Absent,
    Acknowledged,
    Connector,
    Delivery,
    Entry,
    Mapping,
    Mode,
    News,
    Number,
    Opening,
    Pace,
    Raw,
    ReadBack,
    Slip,
    Traits,
    UpstreamError,
)

# Faster than a clock that stands still can tell.
UNPACED = Pace(per_second=1e9)

# What a scripted connector does when it is called: answer, fail, or be asked what to do.
Answer = Acknowledged | Exception | Callable[[Delivery], Acknowledged]
Look = ReadBack | Exception


@dataclass(frozen=True)
class Holder:
    """`hub.ports.Upstream`: a connector and its mapping."""

    connector: Connector
    mapping: Mapping = field(default_factory=lambda: Mapping(name="anywhere"))


class Silent:
    """A connector that neither brings nor takes anything. `news`: what each raw key is read as."""

    def __init__(
        self,
        name: str = "anywhere",
        *,
        traits: Traits | None = None,
        news: dict[str, Iterable[News]] | None = None,
    ) -> None:
        self.name = name
        self.traits = traits or Traits(title=name.title(), pace=UNPACED)
        self.news = news or {}

    def read(self, raw: Raw) -> Iterable[News]:
        return self.news.get(raw.key, ())

    async def aclose(self) -> None:
        return None


class Pushing(Silent):
    """Takes deliveries; `answers` are given in order, then every push is acknowledged as "ext-<n>".

    `gate`: while it is closed, pushes hang after they were noted in `deliveries`.
    """

    def __init__(
        self, name: str = "anywhere", *answers: Answer, traits: Traits | None = None
    ) -> None:
        super().__init__(name, traits=traits)
        self.answers = deque(answers)
        self.deliveries: list[Delivery] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()

    async def push(self, delivery: Delivery) -> Acknowledged:
        self.deliveries.append(delivery)
        number = len(self.deliveries)
        self.arrived.set()
        answer = self.answers.popleft() if self.answers else Acknowledged(f"ext-{number}")
        await self.gate.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer(delivery) if callable(answer) else answer

    @property
    def tickets(self) -> list[str]:
        """Whose news was pushed, in order."""
        return [delivery.ticket for delivery in self.deliveries]


class Searchable(Pushing):
    """Can also be asked what became of a push; `looks` are given in order, then it is absent."""

    def __init__(
        self, name: str = "anywhere", *answers: Answer, traits: Traits | None = None
    ) -> None:
        super().__init__(name, *answers, traits=traits)
        self.looks: deque[Look] = deque()
        self.sought: list[Delivery] = []
        self.asked = asyncio.Event()

    async def find(self, delivery: Delivery) -> ReadBack:
        self.sought.append(delivery)
        self.asked.set()
        look = self.looks.popleft() if self.looks else Absent()
        await self.gate.wait()
        if isinstance(look, Exception):
            raise look
        return look


class Carried(Pushing):
    """An upstream to which people or files carry the news, unless `mode` says that it is pushed.

    `lacks`: what stands in the way of a slip.
    """

    def __init__(
        self,
        name: str = "anywhere",
        *,
        mode: Mode = Mode.ASSISTED,
        lacks: UpstreamError | None = None,
        traits: Traits | None = None,
    ) -> None:
        super().__init__(name, traits=traits)
        self.lacks = lacks
        self.traits = replace(self.traits, mode=mode)

    def slip(self, delivery: Delivery) -> Slip:
        if self.lacks is not None:
            raise self.lacks
        text = getattr(delivery.content, "text", "") or type(delivery.content).__name__
        return Slip(
            todo=f"Salin ke {self.name}.",
            entries=(Entry("isi", "Isi laporan", f"{text}\n{delivery.ticket}"),),
            wants_number=isinstance(delivery.content, Opening),
        )

    def number(self, typed: str) -> Number:
        number = typed.strip().upper()
        return Number(number, None if number.startswith("X-") else f"{number} tidak lazim")


def upstreams_of(*connectors: Connector) -> dict[str, Holder]:
    """The connectors as the registry would hand them around."""
    return {connector.name: Holder(connector) for connector in connectors}
