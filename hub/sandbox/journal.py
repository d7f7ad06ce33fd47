"""What really happened at the imitations: the checker's only source, independent of the hub."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from hub.sandbox.clock import SandboxClock


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Kinds that checkers read:

    `said`  a citizen sent something (conversation, message)
    `filed` a complaint was made there (external_id, marker = our ticket)
    `moved` an officer changed a status (external_id, status)
    `wrote` an officer wrote words for the citizen (external_id, text)
    `followed_up` a follow-up was added by us (external_id, marker = parcel id)
    `told`  a citizen received a message (conversation, message, marker = parcel id, text)
    `fault` the harness made a call fail (route, fault)
    """

    number: int
    at: datetime
    imitation: str
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The event for the control API."""
        return asdict(self) | {"at": self.at.isoformat()}


class Journal:
    """Append-only, in memory."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self.events: list[Event] = []

    def write(self, imitation: str, kind: str, **facts: Any) -> Event:
        """Add an event now."""
        event = Event(len(self.events), self._clock.now(), imitation, kind, facts)
        self.events.append(event)
        return event

    def of(self, kind: str) -> list[Event]:
        """All events of one kind, oldest first."""
        return [event for event in self.events if event.kind == kind]
