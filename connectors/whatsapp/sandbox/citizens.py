"""The people with phones, and what stands in their chats."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

WINDOW = timedelta(hours=24)
# Meta's pair limit: one message per six seconds, 45 of them may be borrowed.
PAIR_INTERVAL, PAIR_BURST = timedelta(seconds=6), 45
# Seconds until Meta has one of our messages, the phone shows it, and somebody looks at it.
STEPS = {"sent": 0.05, "delivered": 0.3, "read": 1.0}
BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")


@dataclass(slots=True)
class Bubble:
    """One message in a chat."""

    id: str
    by_citizen: bool
    text: str
    at: datetime

    def ticks(self, now: datetime) -> str:
        """How far one of ours got, as a phone shows it."""
        age = (now - self.at).total_seconds()
        return "✓✓ dibaca" if age >= STEPS["read"] else "✓✓" if age >= STEPS["delivered"] else "✓"


@dataclass(slots=True)
class Citizen:
    """Somebody with a phone. `conversation` never changes, whatever happens to number and id."""

    conversation: str
    name: str
    user_id: str
    phone: str | None
    blocked: bool = False
    bubbles: list[Bubble] = field(default_factory=list)
    last_said: datetime | None = None
    _allowance: float = PAIR_BURST
    _counted_at: datetime | None = None

    def may_be_told_freely(self, now: datetime) -> bool:
        """Whether the 24 hours since the citizen's last message are not over."""
        return self.last_said is not None and now - self.last_said < WINDOW

    def takes_another(self, now: datetime) -> bool:
        """Count a message against the pair limit."""
        gained = (now - (self._counted_at or now)) / PAIR_INTERVAL
        self._allowance = min(self._allowance + gained, PAIR_BURST)
        self._counted_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True


class PhoneBook:
    """All citizens; somebody unheard of is invented."""

    def __init__(self) -> None:
        self._people: dict[str, Citizen] = {}

    def latest_first(self) -> list[Citizen]:
        """Everybody, whoever wrote or was written to last on top."""
        talking = [citizen for citizen in self._people.values() if citizen.bubbles]
        return sorted(talking, key=lambda citizen: citizen.bubbles[-1].at, reverse=True)

    def named(self, conversation: str, *, name: str | None = None) -> Citizen:
        """The citizen of a conversation: a phone number, or a BSUID where the number is hidden."""
        if conversation not in self._people:
            self._people[conversation] = _invented(conversation, name or "Warga")
        return self._people[conversation]

    def reached_at(self, *, phone: str | None, user_id: str | None) -> Citizen | None:
        """Who gets what is sent there; the number wins, as at Meta."""
        for citizen in self._people.values():
            if (phone and citizen.phone == phone) or (not phone and citizen.user_id == user_id):
                return citizen
        return None


def _invented(conversation: str, name: str) -> Citizen:
    if BSUID.fullmatch(conversation):
        return Citizen(conversation, name, user_id=conversation, phone=None)
    if not (conversation.isascii() and conversation.isdigit()):
        raise ValueError(f"{conversation!r} bukan nomor telepon dan bukan ID pengguna")
    return Citizen(conversation, name, user_id=user_id_for(conversation), phone=conversation)


def user_id_for(seed: str) -> str:
    """A made-up BSUID, always the same for the same seed."""
    number = int.from_bytes(sha256(seed.encode()).digest()[:9], "big")
    return f"ID.{number:020d}"[:23]
