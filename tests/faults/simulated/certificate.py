"""CERTIFICATE.md: what was played, what failed, and what the checker counted, in tables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.faults.simulated.tally import Tally
from tests.faults.simulated.verdict import Kind

TITLES = {
    "whatsapp": "WhatsApp", "sp4n": "SP4N-LAPOR!", "laporgub": "LaporGub", "call112": "112",
    "hub": "the hub", "database": "database", "files": "attachments",
}  # fmt: skip
SAID: Mapping[str, str] = {
    "delay": "answer late", "drop_before": "cut off before anything was done",
    "drop_after": "done, answer dropped", "status": "refused (400 to 503, Retry-After)",
    "status_after": "done, then 5xx", "html": "done, then a gateway's HTML page",
    "truncated": "done, half a body", "kill": "kill -9 at an await",
    "second_process": "second process at once", "database_away": "database away",
    "disk_full": "disk full", "skew": "clock wrong by hours", "rotated": "key changed",
    "page_partial": "page with one row", "page_repeated": "page or cursor repeated",
    "drift_renamed": "drift: field renamed", "drift_missing": "drift: field missing",
    "drift_number_as_string": "drift: number as text", "drift_unknown_status": "drift: unknown status",
    "webhook_duplicate": "webhook twice", "webhook_reorder": "webhooks out of order",
    "webhook_delay": "webhook late",
}  # fmt: skip
COUNTED = (
    "complaints", "said", "filed", "officers' moves", "wrote", "followed_up", "told",
    "doubts held for a person", "settled by a person", "doubled on a person's order",
    "contradictions left to a person",
)  # fmt: skip
NOT_PROVEN = """\
* The upstreams are **imitations** made from public documents and client code (`connectors/*/sandbox/`).
  How the real ones fail, nobody outside knows; the faults are those that any such system can have.
* Time is virtual and everything runs in one process: the hub's own code runs unchanged, but sockets,
  threads and the operating system's scheduler are simulated. A "kill" stops a process at an await;
  between two awaits Python runs on.
* The database is SQLite without waiting for the disk. What a power cut does to a file system is not
  played; PostgreSQL and Redis are killed, stopped and cut off by `make faults-kill` and the tests
  beside it, on few days.
* Operators in these days look before they decide. Doubles that a person orders are counted apart.
* A sample is a sample: days that were not drawn were not played. CI draws new ones with every run.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a certificate is about: the code, when, and from which seed on."""

    commit: str
    at: datetime
    base_seed: int
    jobs: int
    minutes: float


def written(tally: Tally, issue: Issue) -> str:
    """The whole file."""
    parts = (
        _head(tally, issue),
        _verdicts(tally),
        _counted(tally),
        _faults(tally),
        _places(tally),
    )
    return "\n".join([*parts, _replay(tally, issue), "## What it does not prove\n", NOT_PROVEN])


def _head(tally: Tally, issue: Issue) -> str:
    moods = ", ".join(f"{number} {mood}" for mood, number in sorted(tally.moods.items()))
    return (
        "# Fault certificate\n\n"
        "Written by `make faults`; how it works stands in [docs/certificate.md](docs/certificate.md).\n\n"
        f"**{tally.days:,} days, {tally.faults:,} faults: {_sentence(tally)}.**\n\n"
        f"Commit {issue.commit}, {issue.at:%d %B %Y %H:%M} UTC, base seed {issue.base_seed}. "
        f"{tally.virtual_hours:,.0f} virtual hours in {issue.minutes:.0f} minutes on {issue.jobs} "
        f"processes ({tally.processor_seconds / max(tally.days, 1):.1f} processor seconds a day). "
        f"Kinds of day: {moods}.\n"
    )


def _sentence(tally: Tally) -> str:
    return ", ".join(f"{tally.verdicts[kind.value]} {kind.value}" for kind in Kind)


def _verdicts(tally: Tally) -> str:
    rows = [(kind.value, f"{tally.verdicts[kind.value]:,}", _MEANS[kind]) for kind in Kind]
    table = _table(("promise broken", "times", "what is counted"), rows)
    broken = "".join(
        f"* day {seed}: {sentences[0]}\n" for seed, sentences in sorted(tally.failed.items())
    )
    return f"## What the checker counted\n\n{table}" + (f"\n{broken}" if broken else "")


def _counted(tally: Tally) -> str:
    rows = [(name, f"{tally.counts[name]:,}") for name in COUNTED]
    return f"## What there was to break\n\n{_table(('what', 'number'), rows)}"


def _faults(tally: Tally) -> str:
    places = [name for name in TITLES if any(where == name for where, _ in tally.fired)]
    kinds = sorted({kind for _, kind in tally.fired}, key=lambda kind: list(SAID).index(kind))
    rows = [
        (SAID[kind], *(_number(tally.fired[where, kind]) for where in places), _sum(tally, kind))
        for kind in kinds
    ]
    head = ("fault", *(TITLES[where] for where in places), "all")
    return f"## Faults that fired\n\n{_table(head, rows)}"


def _sum(tally: Tally, kind: str) -> str:
    return _number(sum(number for (_, each), number in tally.fired.items() if each == kind))


def _number(number: int) -> str:
    return f"{number:,}" if number else ""


def _places(tally: Tally) -> str:
    modules: dict[str, Counter[str]] = {}
    for place, number in tally.kills.items():
        module, _, function = place.partition(":")
        modules.setdefault(module, Counter())[function] = number
    rows = [
        (f"`{module}`", ", ".join(f"{name} {number}" for name, number in sorted(inside.items())))
        for module, inside in sorted(modules.items())
    ]
    said = f"{tally.fired['hub', 'kill']:,} kills cut through {len(tally.kills):,} functions of the hub."
    return f"## Where the hub was killed\n\n{said}\n\n{_table(('module', 'function and how often'), rows)}"


def _replay(tally: Tally, issue: Issue) -> str:
    first = next(iter(sorted(tally.failed)), issue.base_seed)
    return (
        "## Play a day again\n\n"
        f"Day n has seed {issue.base_seed} + n; the same seed on the same commit is the same day, "
        "fault by fault.\n\n"
        "```\n"
        f"python -m tests.faults.simulated --replay {first}            # play it, say what happened\n"
        f"python -m tests.faults.simulated --replay {first} --shrink   # and make its story short\n"
        "```\n"
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in _lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    yield head
    yield ("---",) * len(head)
    yield from rows


_MEANS = {
    Kind.LOST: "said, filed, written or decided somewhere, and missing elsewhere without a card",
    Kind.DOUBLED: "the same report, follow-up or message twice, unless a person ordered it",
    Kind.TOLD_TWICE: "one act of an officer, read twice by one citizen, under whatever mark",
    Kind.OUT_OF_ORDER: "later before earlier, for one complaint at one recipient",
    Kind.WRONG_STATUS: "hub or channel shows something else than was decided last",
    Kind.STUCK: "anything not through at the end, without a card for a person",
}
