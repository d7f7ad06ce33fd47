"""What officers do when nobody tells them what: one step at a time, mostly the straight way."""

from random import Random

from connectors.sp4n.sandbox.desk import Desk
from connectors.sp4n.sandbox.records import INSTITUTIONS, OWN_INSTITUTION, Report, Stand

ARCHIVED_SHARE = 0.08
NEXT = {
    Stand.POSTPONED: "resume",
    Stand.VERIFIED: "dispose",
    Stand.DISPOSED: "answer",
    Stand.ANSWERED: "close",
    Stand.REPLIED: "answer",
}


class Officers:
    """They postpone one report of the day and refer one, so that both are seen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._still_to_do = {"postpone", "refer"}

    def act(self, rng: Random) -> bool:
        """Take one step with one report; False when every report is at its end."""
        on_desk = [report for report in self._desk.reports.values() if not report.is_at_end]
        if not on_desk:
            return False
        report = rng.choice(on_desk)
        if report.asked_for is not None:
            self._desk.agree(report)
            return True
        action = NEXT.get(report.stand) or self._with_new(report, rng)
        others = [number for number in INSTITUTIONS if number != OWN_INSTITUTION]
        target = rng.choice(others) if action in {"dispose", "refer"} else None
        self._desk.step(report, action, institution=target)
        return True

    def _with_new(self, report: Report, rng: Random) -> str:
        was_here_before = any(line.old == Stand.POSTPONED for line in report.lines)
        if self._still_to_do and not was_here_before:
            # In the order of the alphabet: a set has none, and the day must be the same each time.
            action = min(self._still_to_do)
            self._still_to_do.discard(action)
            return action
        return "archive" if rng.random() < ARCHIVED_SHARE else "verify"
