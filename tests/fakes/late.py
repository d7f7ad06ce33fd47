"""An upstream that takes what it is sent, loses answers, and shows what it took only a while later."""

from collections import deque
from datetime import datetime, timedelta
from enum import StrEnum

from hub.contract import Absent, Acknowledged, Delivery, Found, OutcomeUnknown, ReadBack
from hub.ports import Clock
from tests.fakes.upstream import Silent


class Fate(StrEnum):
    """What becomes of a push."""

    ANSWERED = "answered"
    ANSWER_LOST = "answer lost"
    LOST = "lost"


class Late(Silent):
    """`taken`: the marker of everything that arrived and since when it is to be seen there.

    `fates` and `delays` are used up in order; afterwards every push is answered and seen at once.
    """

    def __init__(
        self, clock: Clock, *fates: Fate, name: str = "anywhere", delays: tuple[float, ...] = ()
    ) -> None:
        super().__init__(name)
        self._clock = clock
        self.fates = deque(fates)
        self.delays = deque(delays)
        self.taken: list[tuple[str, datetime]] = []
        self.looked_at: list[datetime] = []

    async def push(self, delivery: Delivery) -> Acknowledged:
        fate = self.fates.popleft() if self.fates else Fate.ANSWERED
        delay = timedelta(seconds=self.delays.popleft() if self.delays else 0)
        if fate is not Fate.LOST:
            self.taken.append((delivery.parcel_id, self._clock() + delay))
        if fate is not Fate.ANSWERED:
            raise OutcomeUnknown("timeout")
        return Acknowledged(f"n-{len(self.taken)}")

    async def find(self, delivery: Delivery) -> ReadBack:
        now = self._clock()
        self.looked_at.append(now)
        seen = [
            f"n-{number}"
            for number, (marker, since) in enumerate(self.taken, start=1)
            if marker == delivery.parcel_id and since <= now
        ]
        return Found.among(seen) if seen else Absent()
