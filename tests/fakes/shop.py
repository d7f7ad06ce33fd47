"""Everything that delivers, put together over one database."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.delivery.consequence import Consequences
from hub.delivery.decide import Decide
from hub.delivery.doubt import Doubts
from hub.delivery.exporting import ExportFiles
from hub.delivery.handover import HandOver
from hub.delivery.handwork import Handwork
from hub.delivery.pack import Packing
from hub.delivery.patience import Patience
from hub.delivery.relay import Relay, RelayRules
from hub.ports import Upstream
from hub.watch.reach import Reach
from tests.fakes.books import Books


class Shop:
    """Relay, doubts and decisions over one database, with no jitter and a clock that is stepped."""

    def __init__(self, books: Books, folder: Path) -> None:
        self.books = books
        self.begin = books.database.begin
        self.clock = books.clock
        self.packing = Packing(folder=folder)
        self.reach = Reach(begin=self.begin, clock=self.clock)
        self.rules = RelayRules(
            owner="a worker",
            consequences=Consequences(Patience(chance=lambda: 1.0)),
            packing=self.packing,
        )

    def relay(
        self, upstreams: Mapping[str, Upstream], name: str = "anywhere", **rules: Any
    ) -> Relay:
        return Relay(
            begin=self.begin, upstreams=upstreams, name=name, clock=self.clock, reach=self.reach,
            rules=replace(self.rules, **rules),
        )  # fmt: skip

    def doubts(self, upstreams: Mapping[str, Upstream], name: str = "anywhere") -> Doubts:
        return Doubts(
            begin=self.begin, upstreams=upstreams, name=name, clock=self.clock, reach=self.reach,
            packing=self.packing, patience=self.rules.consequences.patience,
            settling=self.rules.consequences.settling,
        )  # fmt: skip

    def hand_over(self, upstreams: Mapping[str, Upstream], name: str = "anywhere") -> HandOver:
        return HandOver(
            begin=self.begin, upstreams=upstreams, name=name, clock=self.clock, rules=self.rules
        )

    def handwork(self, upstreams: Mapping[str, Upstream]) -> Handwork:
        return Handwork(
            begin=self.begin, upstreams=upstreams, clock=self.clock, packing=self.packing
        )

    def export(self, upstreams: Mapping[str, Upstream]) -> ExportFiles:
        return ExportFiles(
            begin=self.begin, upstreams=upstreams, clock=self.clock, packing=self.packing
        )

    def decide(self, upstreams: Mapping[str, Upstream]) -> Decide:
        return Decide(begin=self.begin, upstreams=upstreams, clock=self.clock)
