"""Who may decide what, as docs/status.md says it: written down once more, and not read from mappings/."""

from collections.abc import Iterable
from dataclasses import replace

from tests.faults.simulated import words
from tests.faults.simulated.ties import OPERATOR, Change

# Who says the same with more weight is whose word it is from then on.
RANK = {OPERATOR: 1000, "sp4n": 30, "laporgub": 20, "call112": 10}


def holds(changes: Iterable[Change]) -> str:
    """Which status holds after all these, in the order of their own times."""
    status, by = words.RECEIVED, ""
    for change in changes:
        if change.repeats:
            continue
        confirms = change.status == status and RANK[change.by] > RANK.get(by, -1)
        if confirms or may(change, status=status, by=by):
            status, by = change.status, change.by
    return status


def may_hold(changes: Iterable[Change]) -> set[str]:
    """The same where nobody can say whether what SP4N-LAPOR! shows already was said anew.

    Its log dates every act of an officer; its list and its exports do not.
    """
    known = list(changes)
    anew = [replace(each, repeats=each.repeats and each.by != "sp4n") for each in known]
    return {holds(known), holds(anew)}


def may(change: Change, *, status: str, by: str) -> bool:
    """Whether whoever decided it may, while somebody's status holds."""
    if change.by == OPERATOR:
        return True
    if status in words.FINAL:
        # A channel opens again what it has ended itself, and nothing else.
        opens = change.status not in words.FINAL | {words.ANSWERED}
        return opens and change.by == by
    return change.status not in words.NOT_BACK_TO.get(status, frozenset())
