"""An upstream with officers of its own: it keeps what it was told, shows it, and loses answers."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hub.contract import (
    Absent,
    Acknowledged,
    Answer,
    Delivery,
    Found,
    NotFound,
    Opening,
    OutcomeUnknown,
    ReadBack,
    Rejected,
    Status,
    StatusNews,
    StatusUpdate,
    Throttled,
    Traits,
    Unauthorized,
    Unreachable,
)
from hub.ports import Clock
from tests.fakes.upstream import UNPACED, Silent


class Killed(BaseException):
    """The process that was pushing is gone; no `except Exception` sees it go."""


class Fate(StrEnum):
    """What becomes of a push. The `lost` ones never arrived, the `unanswered` ones did."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    THROTTLED = "throttled"
    UNAUTHORIZED = "unauthorized"
    LOST = "lost"
    UNANSWERED = "unanswered"
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the upstream's own log. `number`: how the complaint (or the message) is called there.

    `since`: when, by our word, the complaint came to the `status`.
    """

    parcel_id: str
    ticket: str
    number: str
    status: Status | None
    since: datetime | None
    at: datetime
    seen_from: datetime


@dataclass
class Shown:
    """What it shows of one complaint, and since when by its own clock."""

    status: Status
    since: datetime


class Officers(Silent):
    """A system that numbers what is opened there. `ahead`: how far its clock runs before ours.

    `late`: how long it takes until what it took can be read back.
    """

    def __init__(
        self, name: str, clock: Clock, *, ahead: timedelta, late: timedelta = timedelta()
    ) -> None:
        traits = Traits(title=name.title(), takes_complaints=True, pace=UNPACED)
        super().__init__(name, traits=traits)
        self._clock, self._ahead, self._late = clock, ahead, late
        self.fates: deque[Fate] = deque()
        self.log: list[Entry] = []
        self.shown: dict[str, Shown] = {}

    @property
    def now(self) -> datetime:
        """By their clock."""
        return self._clock() + self._ahead

    async def push(self, delivery: Delivery) -> Acknowledged:
        fate = self.fates.popleft() if self.fates else None
        match fate:
            case Fate.REFUSED:
                raise Rejected("422")
            case Fate.UNREACHABLE:
                raise Unreachable("no route")
            case Fate.THROTTLED:
                raise Throttled("429")
            case Fate.UNAUTHORIZED:
                raise Unauthorized("401")
            case Fate.LOST:
                raise OutcomeUnknown("timeout")
            case Fate.KILLED_BEFORE:
                raise Killed
            case Fate.UNANSWERED | Fate.KILLED_AFTER | None:
                pass
        number = self._take(delivery)
        if fate is Fate.UNANSWERED:
            raise OutcomeUnknown("502")
        if fate is Fate.KILLED_AFTER:
            raise Killed
        return Acknowledged(number if isinstance(delivery.content, Opening) else None)

    def _take(self, delivery: Delivery) -> str:
        number = delivery.external_id or ""
        if isinstance(delivery.content, Opening):
            number = f"{self.name}-{len(self.shown) + 1}"
            self.shown[number] = Shown(Status.RECEIVED, self.now)
        if isinstance(delivery.content, StatusUpdate):
            if number not in self.shown:
                raise NotFound(number)
            self.shown[number] = Shown(delivery.content.status, self.now)
        self._log(delivery, number)
        return number

    def _log(self, delivery: Delivery, number: str) -> None:
        now, content = self._clock(), delivery.content
        update = content if isinstance(content, StatusUpdate) else None
        self.log.append(
            Entry(
                parcel_id=delivery.parcel_id,
                ticket=delivery.ticket,
                number=number,
                status=update.status if update else None,
                since=update.at if update else None,
                at=now,
                seen_from=now + self._late,
            )
        )

    def arrived(self, parcel_id: str) -> list[Entry]:
        """How often, and as what."""
        return [entry for entry in self.log if entry.parcel_id == parcel_id]

    def change(self, number: str, status: Status, *, ago: timedelta) -> StatusNews:
        """An officer there changes it, and dates it back by `ago`."""
        self.shown[number] = Shown(status, self.now - ago)
        return self.word(number)

    def word(self, number: str) -> StatusNews:
        """How it stands there, with every follow-up of ours."""
        shown = self.shown[number]
        answers = tuple(
            Answer(f"f-{index}", "", entry.at + self._ahead, marker=entry.parcel_id[:12])
            for index, entry in enumerate(self.log)
            if entry.number == number and entry.status and entry.seen_from <= self._clock()
        )
        return StatusNews(
            key="", external_id=number, theirs=shown.status.label, status=shown.status,
            at=shown.since, answers=answers,
        )  # fmt: skip


class Readable(Officers):
    """It can be asked what became of a push."""

    async def find(self, delivery: Delivery) -> ReadBack:
        now = self._clock()
        seen = [
            entry.number if isinstance(delivery.content, Opening) else f"f-{index}"
            for index, entry in enumerate(self.log)
            if entry.parcel_id == delivery.parcel_id and entry.seen_from <= now
        ]
        return Found.among(seen) if seen else Absent()


class Phones(Officers):
    """Citizens on the phone. It cannot be asked, but it sends receipts."""

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name, clock, ahead=timedelta())
        self.traits = Traits(
            title="Obrolan", speaks_to_citizens=True, pace=UNPACED,
            receipt_within=timedelta(minutes=5),
        )  # fmt: skip

    def _take(self, delivery: Delivery) -> str:
        number = f"wamid-{len(self.log) + 1}"
        self._log(delivery, number)
        return number

    async def push(self, delivery: Delivery) -> Acknowledged:
        await super().push(delivery)
        return Acknowledged(self.log[-1].number)
