"""Channels that keep what they were told, lose answers now and then, and can be asked what arrived."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.contract import (
    Absent,
    Acknowledged,
    Delivery,
    Found,
    Opening,
    OutcomeUnknown,
    ReadBack,
    Status,
    StatusUpdate,
    Traits,
    Unreachable,
)
from hub.ports import Clock
from tests.fakes.upstream import UNPACED, Silent

# What may happen to the next push.
TROUBLES = ("unreachable", "lost before", "lost after")


@dataclass
class Shown:
    """What a channel shows of one complaint, and since when."""

    status: Status
    since: datetime


@dataclass
class Chapter:
    """One status as it arrived; `since`: when the channel itself had changed it last."""

    parcel_id: str
    status: Status
    note: str | None
    ticket: str
    since: datetime | None


@dataclass
class Office(Silent):
    """A channel. `told`: what it was told, by its own number or by the person's address."""

    name: str
    clock: Clock
    is_chat: bool = False
    troubles: deque[str] = field(default_factory=deque)
    arrived: dict[str, Acknowledged] = field(default_factory=dict)
    told: dict[str, list[Chapter]] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        traits = Traits(
            title=self.name.title(), speaks_to_citizens=self.is_chat,
            takes_complaints=not self.is_chat, pace=UNPACED,
        )  # fmt: skip
        super().__init__(self.name, traits=traits)

    async def push(self, delivery: Delivery) -> Acknowledged:
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble == "unreachable":
            raise Unreachable(trouble)
        if trouble == "lost before":
            raise OutcomeUnknown(trouble)
        done = self._take(delivery)
        if trouble == "lost after":
            raise OutcomeUnknown(trouble)
        return done

    def change(self, number: str, status: Status) -> None:
        """An officer there changes it."""
        self.shown[number] = Shown(status, self.clock())
        self.changed[number] = self.clock()

    async def find(self, delivery: Delivery) -> ReadBack:
        done = self.arrived.get(delivery.parcel_id)
        return Absent() if done is None else Found(done.external_id)

    def _take(self, delivery: Delivery) -> Acknowledged:
        if delivery.parcel_id in self.arrived:
            self.doubled.append(delivery.parcel_id)
        number = delivery.external_id
        content = delivery.content
        if isinstance(content, Opening):
            number = f"{self.name}-{delivery.ticket}"
            self.opened.append(delivery.ticket)
            self.shown[number] = Shown(Status.RECEIVED, self.clock())
        elif isinstance(content, StatusUpdate):
            key = number or ""
            self.told.setdefault(key, []).append(
                Chapter(
                    delivery.parcel_id,
                    content.status,
                    content.note,
                    delivery.ticket,
                    self.changed.get(key),
                )
            )
            self.shown[key] = Shown(content.status, self.clock())
        self.arrived[delivery.parcel_id] = Acknowledged(number)
        return self.arrived[delivery.parcel_id]


Offices = Mapping[str, Office]
