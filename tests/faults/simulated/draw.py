"""A random day by its seed: who complains, who decides what, what fails, and how it ends."""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

from tests.faults.simulated.cast import MORE, SHARED, Trouble, shared, troubles
from tests.faults.simulated.failing import MOODS, Mood, failing
from tests.faults.simulated.plan import Plan, Step

HOUR = 3600.0
# So long after the last fault comes the end; what still waits then waits in its order.
QUIET = 1500.0
SP4N_STEPS = ("verify", "verify", "dispose", "answer", "answer", "reply", "postpone", "resume")
LAPORGUB_WORDS = ("Verifikasi", "Diverifikasi", "PROGRES", "PROGRES", "Dalam Tindakan")
OPERATORS_WORDS = ("in_progress", "answered", "needs_info", "in_progress")
SP4N_ENDS = ("close", "close", "refer", "archive")
LAPORGUB_ENDS = ("Selesai", "Selesai", "Bukan wewenang", "Tidak Layak")
TO_THE_END = ("resume", "verify", "dispose", "answer", "close")


def draw(seed: int, *, mood: str | None = None) -> Plan:
    """The day of this seed: the same seed, the same day."""
    rng = Random(f"{seed}/plan")  # noqa: S311 - play, not secrets
    names = list(MOODS)
    drawn = rng.choices(names, [MOODS[name][0] for name in names])[0]
    return _Drawing(rng, MOODS[mood or drawn][1]).plan(mood or drawn)


class _Drawing:
    """One day while it is drawn. `ends_early`: somebody ends complaints before the day ends."""

    def __init__(self, rng: Random, mood: Mood) -> None:
        self._rng = rng
        self._mood = mood
        self._number = count(1)
        self._until = rng.uniform(0.65, 0.95) * HOUR
        many = rng.randint(10, 14) if mood.flood else rng.randint(5, 9)
        self._troubles = troubles(rng, many)
        self._shares = rng.randint(1, len(SHARED)) if rng.random() < 0.4 else 0
        self._ends_early = bool(self._shares) or rng.random() < 0.4
        # Where a channel ends twice it must say the same both times.
        self._sp4n_end = "close" if self._ends_early else rng.choice(SP4N_ENDS)
        self._laporgub_end = "Selesai" if self._ends_early else rng.choice(LAPORGUB_ENDS)

    def plan(self, mood: str) -> Plan:
        """All of it, in the order of time."""
        steps = [
            *self._citizens(),
            *self._officers(),
            *self._operators(),
            *failing(self._rng, self._mood, until=self._until),
            *self._end(),
        ]
        return Plan(
            steps=tuple(sorted(steps, key=lambda step: step.at)),
            lists=self._rng.random() < 0.5,
            matching=bool(self._shares),
            mood=mood,
        )

    def _words(self, who: str) -> str:
        return f"catatan {who}-{next(self._number)}"

    def _citizens(self) -> Iterator[Step]:
        latest = 600.0 if self._mood.flood else self._until / 2
        for trouble in self._troubles:
            at = self._rng.uniform(5, latest)
            yield Step(at, *trouble.said())
            if trouble.channel == "whatsapp":
                yield from self._more(trouble, at)

        for number in range(self._shares):
            yield from shared(self._rng, number, self._rng.uniform(5, latest))

    def _more(self, trouble: Trouble, at: float) -> Iterator[Step]:
        rng = self._rng
        shared: dict[str, Any] = {"who": trouble.who, "complaint": trouble.name}
        if rng.random() < 0.3:
            yield Step(at + rng.uniform(1, 4), "say", {**shared, "how": "photo"})
        if rng.random() < 0.4:
            text = f"{rng.choice(MORE)} ({next(self._number)})"
            yield Step(at + rng.uniform(60, 1500), "say", {**shared, "text": text})

    def _officers(self) -> Iterator[Step]:
        rng = self._rng
        for _ in range(3 * len(self._troubles)):
            at = rng.uniform(120, self._until)
            yield self._sp4n(at) if rng.random() < 0.6 else self._laporgub(at)
            # Late meets early: somebody else moves within the same minute.
            if rng.random() < 0.15:
                yield self._laporgub(at + rng.uniform(0, 50))

    def _sp4n(self, at: float) -> Step:
        actions = (*SP4N_STEPS, "close") if self._ends_early else SP4N_STEPS
        return self._act(at, "sp4n", self._rng.choice(actions), of=self._rng.randrange(8))

    def _laporgub(self, at: float) -> Step:
        rng, of = self._rng, self._rng.randrange(5)
        if rng.random() < 0.2:
            return self._act(at, "laporgub", "answer", of=of)
        statuses = (*LAPORGUB_WORDS, "Selesai") if self._ends_early else LAPORGUB_WORDS
        return self._act(at, "laporgub", "move", of=of, status=rng.choice(statuses))

    def _act(self, at: float, connector: str, action: str, **facts: Any) -> Step:
        words = self._words("sp" if connector == "sp4n" else "lg")
        given = {"connector": connector, "action": action, "text": words, **facts}
        return Step(at, "officer", given)

    def _operators(self) -> Iterator[Step]:
        rng = self._rng
        for _ in range(rng.randrange(4)):
            yield self._move(rng.uniform(600, self._until), rng.choice(OPERATORS_WORDS))
        if self._ends_early and rng.random() < 0.5:
            yield self._move(rng.uniform(600, self._until), "closed")
            yield self._move(rng.uniform(600, self._until), "in_progress", reason="dibuka lagi")

    def _move(self, at: float, status: str, **facts: Any) -> Step:
        of = self._rng.randrange(12)
        note = self._words("op")
        return Step(
            at, "operator", {"action": "move", "of": of, "status": status, "note": note, **facts}
        )

    def _end(self) -> Iterator[Step]:
        """Every complaint gets one more decision, long after everything else."""
        at = self._until + QUIET
        many = len(self._troubles) + 2 * self._shares
        for of in range(many + 1):
            yield from self._sp4n_ends(at + of * 30, of)
        for of in range(many // 2 + 2):
            yield self._laporgub_ends(at + 15 + of * 30, of)
        if self._ends_early:
            # What was opened again here cannot be closed again there.
            for of in range(many + 2):
                facts = {"action": "move", "of": of, "status": "closed"}
                yield Step(at + 1500 + of, "operator", facts)

    def _sp4n_ends(self, at: float, of: int) -> Iterator[Step]:
        # Where that is not the turn, it is closed, step by step.
        for second, action in enumerate((self._sp4n_end, *TO_THE_END)):
            yield self._act(at + second, "sp4n", action, of=of)

    def _laporgub_ends(self, at: float, of: int) -> Step:
        return self._act(at, "laporgub", "move", of=of, status=self._laporgub_end)
