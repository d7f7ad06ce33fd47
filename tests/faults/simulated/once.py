"""Nothing doubled: nothing filed, written or told twice, unless a person ordered it again."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby

from tests.faults.simulated import words
from tests.faults.simulated.seen import Happening
from tests.faults.simulated.ties import Ties
from tests.faults.simulated.verdict import Kind, Verdict

MARKED = ("filed", "followed_up", "referral_asked", "told")


def doubled(ties: Ties) -> Iterator[Verdict]:
    """Everything that is there more often than it was ordered."""
    for (where, kind, mark), times in _marks(ties).items():
        ordered = _orders(ties, where, mark)
        if times > 1 + ordered:
            yield Verdict(
                Kind.DOUBLED,
                f"{kind} {times} times at {where} under {mark}, ordered again {ordered} times",
            )


def doubled_on_order(ties: Ties) -> int:
    """How many doubles there are because a person said: once more."""
    return sum(
        times - 1
        for (where, _, mark), times in _marks(ties).items()
        if 1 < times <= 1 + _orders(ties, where, mark)
    )


def _marks(ties: Ties) -> Counter[tuple[str, str, str]]:
    return Counter(
        (each.where, each.kind, each.fact("marker"))
        for each in ties.seen.of(*MARKED)
        if each.fact("marker")
    )


def _orders(ties: Ties, where: str, mark: str) -> int:
    sent = ties.post.of_mark(where, mark)
    return 0 if sent is None else sent.orders


def told_twice(ties: Ties) -> Iterator[Verdict]:
    """The same news read twice by one citizen, under whatever mark."""
    read: dict[tuple[str, str], list[Happening]] = defaultdict(list)
    for told in ties.seen.of("told"):
        ticket = words.ticket_in(told.fact("text"))
        if ticket is not None and _orders(ties, told.where, told.fact("marker")) == 0:
            read[told.fact("conversation"), ticket].append(told)
    for (conversation, ticket), messages in read.items():
        for sentence in (*_the_same_words(ties, ticket, messages), *_the_same_act(messages)):
            yield Verdict(Kind.TOLD_TWICE, f"{conversation} read {sentence} of {ticket} twice")


def _the_same_words(ties: Ties, ticket: str, messages: list[Happening]) -> Iterator[str]:
    """The same in a row more often than anybody did it: some acts have the same words each time."""
    changes = ties.changes(ties.by_ticket[ticket]) if ticket in ties.by_ticket else []
    for text, same in groupby(messages, key=lambda told: told.fact("text")):
        # The same parcel twice is doubled, which is said already.
        times = len({told.fact("marker") for told in same})
        status = words.told_status(text)
        # That it came in is told for the first time without anybody's act.
        acts = sum(change.status == status for change in changes) + (status == words.RECEIVED)
        if times > max(acts, 1):
            yield repr(text[:60])


def _the_same_act(messages: list[Happening]) -> Iterator[str]:
    """What officers write is never the same: no two acts of a plan have one token."""
    by_token: dict[str, set[str]] = defaultdict(set)
    for told in messages:
        for token in words.tokens_in(told.fact("text")):
            by_token[token].add(told.fact("marker"))
    for token, markers in by_token.items():
        if len(markers) > 1:
            yield f"«{token}»"
