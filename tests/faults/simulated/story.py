"""A day in English sentences: what anybody needs who wants to see it go wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.simulated.plan import Plan, Step

TITLES = {
    "sp4n": "SP4N",
    "laporgub": "LaporGub",
    "whatsapp": "WhatsApp",
    "call112": "112",
    "*": "everybody",
}
LONGEST_QUOTE = 60
FAILS: Mapping[str, str] = {
    "delay": "comes {seconds:g} s late",
    "drop_before": "is cut off before anything is done",
    "drop_after": "is done, and its answer dropped",
    "status": "is refused with {status}",
    "status_after": "is done, and answered with {status}",
    "html": "is done, and answered with a gateway's HTML page",
    "truncated": "is done, and answered with half a body",
}
BENDS: Mapping[str, str] = {
    "renamed": "has a field by another name",
    "missing": "lacks a field",
    "number_as_string": "has a number as a text",
    "unknown_status": "has a status word that nobody knows",
    "partial": "is a page with one row only",
    "repeated": "is the page before once more",
}
Facts = Mapping[str, Any]


def story(plan: Plan) -> list[str]:
    """Every step as a sentence, in the order of time, and what kind of day it is."""
    lines = [f"{clock(step.at)} {sentence(step)}" for step in sorted(plan.steps, key=_at)]
    lists = "lets us list reports" if plan.lists else "has no list of reports"
    matching = "on" if plan.matching else "off"
    return [f"SP4N {lists}; matching is {matching}", *lines]


def _at(step: Step) -> float:
    return step.at


def clock(seconds: float) -> str:
    """Virtual time as hours, minutes and seconds: at 00:12:07."""
    whole = int(seconds)
    return f"at {whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def sentence(step: Step) -> str:
    """One step, without its time."""
    tell = _TELLS.get(step.act)
    return tell(step.facts) if tell else f"{step.act} {_others(step.facts)}".strip()


def _says(facts: Facts) -> str:
    how = facts.get("how", "say")
    text = str(facts.get("text", ""))
    short = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    what = f"says {short!r}" if how == "say" else f"sends a {how} {short!r}"
    return f"a citizen ({facts.get('who')}) {what}"


def _officer(facts: Facts) -> str:
    who = f"somebody at {_title(facts)}"
    if "of" not in facts:
        return f"{who} does «{facts.get('action')}» ({_others(facts, 'text', 'isi', 'status')})"
    rest = _others(facts, "text", "status")
    return f"{who} does «{facts.get('action')}» with report {facts['of']}" + (
        f" ({rest})" if rest else ""
    )


def _operator(facts: Facts) -> str:
    which = f" with complaint {facts['of']}" if "of" in facts else ""
    rest = _others(facts, "status", "note", "reason", "text")
    return f"an operator does «{facts.get('action')}»{which}" + (f" ({rest})" if rest else "")


def _fault(facts: Facts) -> str:
    how = FAILS[str(facts["kind"])].format(
        seconds=facts.get("seconds", 0.5), status=facts.get("status", 500)
    )
    return f"{_calls(facts)} {how}{_until(facts)}"


def _bend(facts: Facts) -> str:
    return f"the answer to {_calls(facts)} {BENDS[str(facts['kind'])]}"


def _calls(facts: Facts) -> str:
    route = str(facts.get("route", "")).strip("^$") or "any call"
    times, share = facts.get("times"), facts.get("share", 1.0)
    which = "each" if times is None else f"{times} times"
    drawn = "" if share == 1.0 else f" ({share:.0%} of them)"
    return f"{which} {route} at {_title(facts)}{drawn}"


def _until(facts: Facts) -> str:
    return f", for {facts['until']:g} s" if facts.get("until") else ""


def _webhooks(facts: Facts) -> str:
    what = {"duplicate": "come twice", "reorder": "overtake each other", "delay": "come late"}
    return f"{facts.get('share', 1.0):.0%} of the webhooks {what.get(str(facts['kind']), '')}"


def _kill(facts: Facts) -> str:
    down = facts.get("down")
    rest = f", and comes back {down:g} s later" if down is not None else ""
    return f"the hub is killed at its {_nth(int(facts['awaits']))} await from here{rest}"


def _nth(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 < number % 100 < 14 else suffix}"


_TELLS: Mapping[str, Callable[[Facts], str]] = {
    "say": _says,
    "officer": _officer,
    "operator": _operator,
    "fault": _fault,
    "drift": _bend,
    "page": _bend,
    "webhooks": _webhooks,
    "kill": _kill,
    "second_process": lambda facts: (
        f"a second hub runs beside the first for {facts['seconds']:g} s"
    ),
    "database_away": lambda facts: f"the database is away for {facts['seconds']:g} s",
    "disk_full": lambda facts: (
        f"the disk is full for {facts['seconds']:g} s ({facts.get('where', 'both')})"
    ),
    "skew": lambda facts: (
        f"the clock of {_title(facts)} is {facts['hours']:+g} hours wrong for {facts['seconds']:g} s"
    ),
    "rotate": lambda facts: (
        f"{_title(facts)} changes its key; an operator puts it right {facts['seconds']:g} s later"
    ),
}


def _title(facts: Facts) -> str:
    name = str(facts.get("connector", ""))
    return TITLES.get(name, name)


def _others(facts: Facts, *names: str) -> str:
    wanted = names or tuple(facts)
    return ", ".join(f"{name} {facts[name]!r}" for name in wanted if facts.get(name))
