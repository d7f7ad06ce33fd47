"""What the checker says: each broken promise as a sentence, and what it counted."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The promises that can be broken."""

    LOST = "lost"
    DOUBLED = "doubled"
    TOLD_TWICE = "told twice"
    OUT_OF_ORDER = "out of order"
    WRONG_STATUS = "wrong status"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A broken promise."""

    kind: Kind
    sentence: str

    def __str__(self) -> str:
        return f"{self.kind.upper()}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Checked:
    """All verdicts of a day. `counts`: what there was to check, and what people were left to decide."""

    verdicts: tuple[Verdict, ...]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def kinds(self) -> frozenset[Kind]:
        """Which promises were broken."""
        return frozenset(verdict.kind for verdict in self.verdicts)
