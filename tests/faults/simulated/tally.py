"""What many days add up to; it can be handed from one process to another."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.simulated.judge import Judged
from tests.faults.simulated.plan import Plan

# The innermost awaits of a killed process that lie in these packages are the places that count.
WHERE = (
    "hub.delivery",
    "hub.intake",
    "hub.record",
    "hub.store",
    "hub.web",
    "hub.watch",
    "hub.clockwork",
)


@dataclass(slots=True)
class Tally:
    """Counts of one day, or of many."""

    days: int = 0
    moods: Counter[str] = field(default_factory=Counter)
    fired: Counter[tuple[str, str]] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    failed: dict[int, list[str]] = field(default_factory=dict)
    trouble: dict[int, list[str]] = field(default_factory=dict)
    virtual_hours: float = 0.0
    processor_seconds: float = 0.0

    @property
    def faults(self) -> int:
        """How many calls, processes, disks and clocks failed."""
        return self.fired.total()

    @property
    def is_clean(self) -> bool:
        """Whether every promise held on every day."""
        return not self.failed and not self.trouble

    def add(self, other: "Tally") -> None:
        """Count another one in."""
        self.days += other.days
        self.moods += other.moods
        self.fired += other.fired
        self.kills += other.kills
        self.counts += other.counts
        self.settled += other.settled
        self.verdicts += other.verdicts
        self.failed |= other.failed
        self.trouble |= other.trouble
        self.virtual_hours += other.virtual_hours
        self.processor_seconds += other.processor_seconds


def tally_of(plan: Plan, day: Judged, *, seed: int) -> Tally:
    """One day."""
    played, checked = day.played, day.checked
    return Tally(
        days=1,
        moods=Counter([plan.mood]),
        fired=Counter(played.fired),
        kills=Counter(place for kill in played.kills for place in _functions(kill.place)),
        counts=Counter(checked.counts),
        settled=Counter(played.settled),
        verdicts=Counter(verdict.kind.value for verdict in checked.verdicts),
        failed={seed: [str(each) for each in checked.verdicts]} if checked.verdicts else {},
        trouble={seed: list(played.trouble)} if played.trouble else {},
        virtual_hours=played.seconds / 3600,
    )


def _functions(place: Iterable[str]) -> list[str]:
    """The functions of the hub that a kill cut through, each once: module:function."""
    cut = (each.rpartition(":")[0] for each in place)
    return sorted({each for each in cut if each.startswith(WHERE)})
