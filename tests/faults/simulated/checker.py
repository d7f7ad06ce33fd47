"""The independent checker: the imitations' journal on one side, the public API on the other."""

from collections import Counter

from tests.faults.simulated.arrived import lost
from tests.faults.simulated.ending import decided, stuck, wrong_status
from tests.faults.simulated.once import doubled, doubled_on_order, told_twice
from tests.faults.simulated.order import out_of_order
from tests.faults.simulated.seen import Seen, standing
from tests.faults.simulated.ties import Ties
from tests.faults.simulated.verdict import Checked, Verdict


def check(seen: Seen) -> Checked:
    """Every broken promise of a day, and what there was to break."""
    ties = Ties(seen)
    verdicts: list[Verdict] = [
        verdict
        for promise in (lost, doubled, told_twice, out_of_order, wrong_status, stuck)
        for verdict in promise(ties)
    ]
    # Some promises are one promise seen from two sides.
    return Checked(tuple(dict.fromkeys(verdicts)), _counts(ties))


def _counts(ties: Ties) -> Counter[str]:
    seen = ties.seen
    counts = Counter(each.kind for each in seen.journal)
    counts["complaints"] = sum(1 for _ in standing(seen.complaints))
    counts["officers' moves"] = sum(1 for _ in seen.officers_moves())
    counts["doubled on a person's order"] = doubled_on_order(ties)
    counts["doubts held for a person"] = _held(ties)
    counts["settled by a person"] = sum(sent.is_settled_by_person for sent in ties.post.sent)
    counts["contradictions left to a person"] = sum(
        complaint["status"] != decided(ties, complaint) or not complaint["in_step"]
        for complaint in standing(seen.complaints)
    )
    return counts


def _held(ties: Ties) -> int:
    """Parcels of which the hub said: I cannot know, look there."""
    return sum(
        any(
            each["phase"] == "readback" and each["outcome"] == "unclear"
            for each in sent.parcel["tries"]
        )
        for sent in ties.post.sent
    )
