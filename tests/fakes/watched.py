"""An upstream that can be looked at: what each of its complaints shows, and who looked when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hub.contract import News, Raw, Status, StatusNews, Traits
from hub.ports import Clock
from tests.fakes.upstream import UNPACED, Pushing


class Watched(Pushing):
    """Shows "<id> <status>" until `shows` says otherwise; `fails`: what a look at an id raises."""

    def __init__(self, clock: Clock, name: str = "anywhere", **traits: Any) -> None:
        super().__init__(name, traits=Traits(title=name.title(), pace=UNPACED, **traits))
        self.clock = clock
        self.shows: dict[str, Status] = {}
        self.fails: dict[str, Exception] = {}
        self.away: Exception | None = None
        self.looks: list[tuple[datetime, str]] = []

    @property
    def looked(self) -> list[str]:
        """At what, in order."""
        return [external_id for _, external_id in self.looks]

    async def inspect(self, external_id: str) -> Raw:
        self.looks.append((self.clock(), external_id))
        failure = self.away or self.fails.get(external_id)
        if failure is not None:
            raise failure
        status = self.shows.get(external_id, Status.RECEIVED)
        return Raw(
            key=f"inspect:{external_id}:{status}",
            body=f"{external_id} {status.value}".encode(),
            external_id=external_id,
        )

    def read(self, raw: Raw) -> Iterable[News]:
        external_id, _, status = raw.body.decode().partition(" ")
        yield StatusNews(
            key=raw.key, external_id=external_id, theirs=status, status=Status(status),
            at=self.clock(),
        )  # fmt: skip
