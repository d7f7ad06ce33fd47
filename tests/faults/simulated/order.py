"""In order: each recipient hears of the changes of one complaint as they happened."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tests.faults.simulated import words
from tests.faults.simulated.rules import may, may_hold
from tests.faults.simulated.seen import Happening, Json, Sent, moment, standing
from tests.faults.simulated.ties import Change, Ties
from tests.faults.simulated.verdict import Kind, Verdict

# Of two channels that move within one minute the rank decides, not the clock.
SAME_MINUTE = timedelta(minutes=1)


def out_of_order(ties: Ties) -> Iterator[Verdict]:
    """All that came to somebody before what had happened earlier."""
    for complaint in standing(ties.seen.complaints):
        for sentence in (*_parcels(ties, complaint), *_told(ties, complaint)):
            yield Verdict(Kind.OUT_OF_ORDER, sentence)


def _parcels(ties: Ties, complaint: Json) -> Iterator[str]:
    """One place hears in the order in which the hub promised."""
    for where, number in sorted(ties.numbers_there(complaint)):
        marked = ties.marked(where, number, "followed_up", "referral_asked")
        yield from _backwards(marked, at=f"{where} {number}")
    for conversation, messages in ties.told(complaint).items():
        marked = [(told, ties.post.of_mark(told.where, told.fact("marker"))) for told in messages]
        yield from _backwards(marked, at=conversation)


def _backwards(marked: Iterable[tuple[Happening, Sent | None]], *, at: str) -> Iterator[str]:
    seen: set[str] = set()
    by_lane: dict[str, list[tuple[datetime, Sent]]] = defaultdict(list)
    for _, sent in marked:
        if sent is None or sent.orders or str(sent.parcel["parcel_id"]) in seen:
            continue
        seen.add(str(sent.parcel["parcel_id"]))
        by_lane[sent.ticket].append((moment(sent.parcel["promised_at"]), sent))
    for lane in by_lane.values():
        for (before, first), (after, then) in pairwise(lane):
            if after < before:
                yield (
                    f"at {at} the {then.parcel['kind']} promised at {after:%H:%M:%S} came after "
                    f"the {first.parcel['kind']} promised at {before:%H:%M:%S}"
                )


@dataclass(frozen=True, slots=True)
class _Heard:
    """A change that a citizen read of, where the words name who decided it."""

    change: Change
    token: str
    told_at: datetime


def _told(ties: Ties, complaint: Json) -> Iterator[str]:
    decided = decided_by_token(ties, complaint)
    for conversation, messages in ties.told(complaint).items():
        heard = [
            each
            for told in messages
            if not _is_ordered_and_true(ties, complaint, told)
            for each in _heard(told, decided)
        ]
        for first, then in pairwise(heard):
            if _is_backwards(first.change, then.change) and not _is_so_again(
                ties, complaint, first=first, then=then
            ):
                yield (
                    f"{conversation} read «{then.change.status}» of {then.change.at:%H:%M:%S} "
                    f"({then.token}) after «{first.change.status}» of "
                    f"{first.change.at:%H:%M:%S} ({first.token})"
                )


def _is_ordered_and_true(ties: Ties, complaint: Json, told: Happening) -> bool:
    """Sent again because a person said so: old words may come late, but not under an old status."""
    sent = ties.post.of_mark(told.where, told.fact("marker"))
    if sent is None or not sent.orders:
        return False
    before = [change for change in ties.changes(complaint) if change.at <= told.at]
    return words.told_status(told.fact("text")) in may_hold(before)


def _heard(told: Happening, decided: Mapping[str, Change]) -> Iterator[_Heard]:
    status = words.told_status(told.fact("text"))
    for token in words.tokens_in(told.fact("text")):
        change = decided.get(token)
        # Late words may be passed on under a status that has come since.
        if change is not None and change.status == status:
            yield _Heard(change, token, told.at)


def _is_so_again(ties: Ties, complaint: Json, *, first: _Heard, then: _Heard) -> bool:
    """Whether somebody has decided the same anew: then the older words are told under a status that holds."""
    return any(
        change.status == then.change.status and first.change.at < change.at <= then.told_at
        for change in ties.changes(complaint)
        if not change.repeats and change is not then.change
    )


def _is_backwards(first: Change, then: Change) -> bool:
    if (first.by, first.place) == (then.by, then.place):
        return (then.at, then.number) < (first.at, first.number)
    is_older = then.status != first.status and then.at < first.at - SAME_MINUTE
    # Had they been heard in their order, the later one would have been refused: then the older one holds.
    return is_older and may(first, status=then.status, by=then.by)


def decided_by_token(ties: Ties, complaint: Json) -> dict[str, Change]:
    """Every change whose words can be recognised."""
    found = {
        token: change for change in ties.operators_changes(complaint) for token in change.tokens
    }
    for where, number in ties.numbers_there(complaint):
        found |= _by_officers(ties, where, number)
    return found


def _by_officers(ties: Ties, where: str, number: str) -> dict[str, Change]:
    """What an officer wrote belongs to the move that stands beside it in the journal."""
    moved = {
        each.number: each
        for each in ties.seen.officers_moves()
        if each.fact("external_id") == number
    }
    found: dict[str, Change] = {}
    for wrote in ties.seen.of("wrote"):
        beside = moved.get(wrote.number + 1)
        if wrote.where != where or wrote.fact("external_id") != number or beside is None:
            continue
        status = words.means(where, beside.fact("status"))
        if status is not None:
            for token in words.tokens_in(wrote.fact("text")):
                found[token] = Change(wrote.at, status, where, wrote.number, place=number)
    return found
