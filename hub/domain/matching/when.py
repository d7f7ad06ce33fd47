"""Two gists side by side: how long between them, since when it lasts, whether it is said or happens again."""

from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge

HOUR = 3600
DAY = 24 * HOUR
# A flood is another one the next night, a hole in the road is the same for weeks.
_HOURS = (1, 3, 8, 24, 72)
_DAYS = (1, 3, 6, 12, 25, 45)
# Who says within days that he has said so, means this report; who says so later may mean any.
_SAID_AGAIN = 5 * DAY
# What is back within days was hardly mended; later it is a new trouble.
_BACK_AGAIN = 10 * DAY


def compare_times(early: Gist, late: Gist, known: Knowledge) -> Facts:
    """What the clock says, and what the words say of the clock."""
    gap = late.at - early.at
    facts = {_gap(gap, _lasts(early, late, known)): 1.0}
    if late.began and late.began[0] > early.at:
        facts["began_after"] = 1.0
    elif early.began and late.began:
        overlap = min(early.began[1], late.began[1]) - max(early.began[0], late.began[0])
        facts["began_same" if overlap >= 0 else "began_other"] = 1.0
    if late.again:
        facts["again_soon" if gap <= _SAID_AGAIN else "again_late"] = 1.0
    if late.returned:
        facts["returned_soon" if gap <= _BACK_AGAIN else "returned_late"] = 1.0
    return facts


def _lasts(early: Gist, late: Gist, known: Knowledge) -> str:
    topics = (known.topic_of(early), known.topic_of(late))
    return "hours" if any(topic and topic.lasts == "hours" for topic in topics) else "days"


def _gap(gap: int, lasts: str) -> str:
    steps, unit = (_HOURS, HOUR) if lasts == "hours" else (_DAYS, DAY)
    step = next((limit for limit in steps if gap <= limit * unit), "more")
    return f"gap_{lasts}_{step}"
