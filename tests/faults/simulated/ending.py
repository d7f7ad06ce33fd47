"""The right end: every channel and the hub show what was decided last, and nothing is left lying about."""

from collections.abc import Iterator

from tests.faults.simulated import words
from tests.faults.simulated.rules import holds
from tests.faults.simulated.seen import CHAT, UPSTREAMS, Json, Sent, standing
from tests.faults.simulated.ties import OPEN, Ties
from tests.faults.simulated.verdict import Kind, Verdict

MOVING = frozenset({"waiting", "leased"})


def wrong_status(ties: Ties) -> Iterator[Verdict]:
    """Whoever shows something else than what was decided last."""
    for complaint in standing(ties.seen.complaints):
        for sentence in (*_here(ties, complaint), *_invented(ties, complaint)):
            yield Verdict(Kind.WRONG_STATUS, sentence)
        if complaint["status"] != decided(ties, complaint):
            continue
        for sentence in _there(ties, complaint):
            yield Verdict(Kind.WRONG_STATUS, sentence)
        for sentence in (*_untold(ties, complaint), *_unread(ties, complaint)):
            yield Verdict(Kind.LOST, sentence)


def decided(ties: Ties, complaint: Json) -> str:
    """What was decided last of all that could be decided."""
    return holds(ties.decisions(complaint))


def _here(ties: Ties, complaint: Json) -> Iterator[str]:
    right = decided(ties, complaint)
    if complaint["status"] != right and not ties.asks_about(complaint):
        last = ties.decisions(complaint)
        who = f"by {last[-1].by} at {last[-1].at:%H:%M:%S}" if last else "by nobody"
        yield (
            f"{complaint['ticket']} is «{complaint['status']}», decided last was «{right}» {who}"
        )


def _there(ties: Ties, complaint: Json) -> Iterator[str]:
    right, shown = decided(ties, complaint), ties.seen.shown_there()
    for source in _listening(complaint):
        where, number = str(source["connector"]), str(source["external_id"])
        if (where, number) not in shown:
            yield f"{where} {number} of {complaint['ticket']} does not exist there"
            continue
        word = shown[where, number]
        agrees = words.means(where, word) in words.may_show(where, right)
        if not agrees and source["in_step"]:
            yield f"{where} {number} shows «{word}», the hub holds it to be in step with «{right}»"
        elif not agrees and not ties.asks_about(complaint):
            yield f"{where} {number} shows «{word}» instead of «{right}», and no card says so"


def _listening(complaint: Json) -> Iterator[Json]:
    for source in complaint["sources"]:
        if source["connector"] in UPSTREAMS and source["external_id"] and source["listens"]:
            yield source


def _untold(ties: Ties, complaint: Json) -> Iterator[str]:
    """A channel that did not decide it has been told, or shows it all the same."""
    right, shown = decided(ties, complaint), ties.seen.shown_there()
    if right == words.RECEIVED:
        return
    for source in _listening(complaint):
        where, number = str(source["connector"]), str(source["external_id"])
        if words.means(where, shown.get((where, number), "")) == right:
            continue
        if right not in words.TRACES[where] or ties.waits_for_person(complaint, where):
            continue
        told = [
            str(sent.parcel["status"])
            for _, sent in ties.marked(where, number, "followed_up", "referral_asked")
            if sent is not None and sent.parcel["kind"] == "status"
        ]
        if not told or told[-1] != right:
            yield f"{where} {number} was never told «{right}» of {complaint['ticket']}"


def _unread(ties: Ties, complaint: Json) -> Iterator[str]:
    """The last that each citizen read is what was decided last."""
    right, told = decided(ties, complaint), ties.told(complaint)
    listens = any(each["connector"] == CHAT and each["listens"] for each in complaint["sources"])
    if not listens or right == words.RECEIVED or ties.waits_for_person(complaint, CHAT):
        return
    for conversation in ties.conversations(complaint):
        read = [words.told_status(each.fact("text")) for each in told.get(conversation, ())]
        last = next((status for status in reversed(read) if status), None)
        if last != right:
            yield (
                f"{conversation} read «{last}» last, decided last was «{right}» "
                f"({complaint['ticket']})"
            )


def _invented(ties: Ties, complaint: Json) -> Iterator[str]:
    """Nobody is told a status that nobody decided."""
    changes = ties.changes(complaint)
    for conversation, messages in ties.told(complaint).items():
        for told in messages:
            status = words.told_status(told.fact("text"))
            if status in {None, words.RECEIVED}:
                continue
            if not any(each.status == status and each.at <= told.at for each in changes):
                yield (
                    f"{conversation} read «{status}» at {told.at:%H:%M:%S}, which nobody had "
                    f"decided ({complaint['ticket']})"
                )


def stuck(ties: Ties) -> Iterator[Verdict]:
    """Whatever is not through and has no card."""
    for sentence in (*_parcels(ties), *_unread_inbox(ties), *_out_of_step(ties)):
        yield Verdict(Kind.STUCK, sentence)


def _parcels(ties: Ties) -> Iterator[str]:
    known = {str(sent.parcel["parcel_id"]) for sent in ties.post.sent}
    others = [
        Sent(str(parcel["ticket"]), parcel)
        for parcel in ties.seen.parcels
        if str(parcel["parcel_id"]) not in known
    ]
    for sent in (*ties.post.sent, *others):
        parcel = sent.parcel
        if parcel["state"] not in OPEN or ties.is_shown(parcel):
            continue
        behind = parcel["state"] in MOVING and ties.waits_for_person(
            ties.speaks_for(sent.ticket), sent.where
        )
        if not behind:
            yield (
                f"the {parcel['kind']} {str(parcel['parcel_id'])[:12]} of {sent.ticket} for "
                f"{sent.where} is {parcel['state']} and has no card"
            )


def _unread_inbox(ties: Ties) -> Iterator[str]:
    carded = {card["connector"] for card in ties.seen.cards if card["inbox_id"] is not None}
    for channel in ties.seen.health:
        if channel["unreadable"] and channel["connector"] not in carded:
            yield f"{channel['unreadable']} things from {channel['connector']} lie unread, without a card"
        if channel["waiting"] and not channel["paused"]:
            waiting = f"{channel['waiting']} parcels for {channel['connector']}"
            if not any(card["connector"] == channel["connector"] for card in ties.seen.cards):
                yield f"{waiting} wait, and no card says why"


def _out_of_step(ties: Ties) -> Iterator[str]:
    for complaint in standing(ties.seen.complaints):
        if not complaint["in_step"] and not ties.asks_about(complaint):
            standings = ", ".join(
                f"{source['connector']}: {source['standing']}"
                for source in complaint["sources"]
                if not source["in_step"]
            )
            yield f"{complaint['ticket']} is not in step ({standings}) and has no card"
