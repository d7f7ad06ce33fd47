"""Nothing lost: what was said is in a complaint, and what was decided has reached everybody."""

from collections.abc import Iterator

from tests.faults.simulated import words
from tests.faults.simulated.seen import CHAT, UPSTREAMS, Sent, standing
from tests.faults.simulated.ties import Ties
from tests.faults.simulated.verdict import Kind, Verdict

COUNTER, CREATED = "operator", 201
# What mappings/routes.toml is expected to do, written down once more by somebody who does not read it.
GOES_TO = {"jalan provinsi": "laporgub", "jalan nasional": "sp4n", "aduan biasa": "sp4n"}
# Where a parcel of each kind leaves its mark, and under which word of the journal.
LEAVES = {
    "opening": frozenset({"filed"}),
    "status": frozenset({"followed_up", "referral_asked", "told"}),
    "addition": frozenset({"followed_up"}),
    "notice": frozenset({"told"}),
}


def lost(ties: Ties) -> Iterator[Verdict]:
    """All that is missing somewhere."""
    for sentence in (
        *_unheard(ties),
        *_unfiled(ties),
        *_unread(ties),
        *_unpassed(ties),
        *_vanished(ties),
    ):
        yield Verdict(Kind.LOST, sentence)


def _unheard(ties: Ties) -> Iterator[str]:
    for said in ties.seen.of("said"):
        if said.fact("complaint") and ties.complaint_with(said) is None:
            yield f"what {said.where} brought as {said.fact('message')} is in no complaint"
    kept = {
        str(report["text"])
        for complaint in ties.seen.complaints
        for report in complaint["reports"]
        if report["connector"] == COUNTER
    }
    for opened in ties.seen.of("open"):
        if opened.fact("answered") == str(CREATED) and opened.fact("text") not in kept:
            yield f"the counter was told that {opened.fact('text')!r} is kept, and it is not"


def _unfiled(ties: Ties) -> Iterator[str]:
    filed = {(each.where, each.fact("marker")) for each in ties.seen.of("filed")}
    for complaint in standing(ties.seen.complaints):
        ticket = str(complaint["ticket"])
        where = GOES_TO.get(str(complaint["routed_by"]))
        if where is None or any((where, each) in filed for each in ties.tickets(complaint)):
            continue
        if not ties.waits_for_person(complaint, where):
            yield f"{ticket} was never filed at {where}, and no card says why"


def _unread(ties: Ties) -> Iterator[str]:
    """A citizen of the chat hears of the ticket at least once."""
    for complaint in standing(ties.seen.complaints):
        told = ties.told(complaint)
        for conversation in ties.conversations(complaint):
            if not told.get(conversation) and not ties.waits_for_person(complaint, CHAT):
                yield f"{conversation} never heard of {complaint['ticket']}"


def _unpassed(ties: Ties) -> Iterator[str]:
    """What an officer wrote for the citizen reaches the citizen."""
    for complaint in ties.seen.complaints:
        own = _filed_as(ties, str(complaint["ticket"]))
        listeners = [
            conversation
            for conversation, made in ties.conversations(complaint).items()
            if made["ticket"] == complaint["ticket"]
        ]
        told = ties.told(complaint)
        for wrote in ties.seen.of("wrote"):
            if (wrote.where, wrote.fact("external_id")) not in own:
                continue
            for conversation in listeners:
                read = " ".join(each.fact("text") for each in told.get(conversation, ()))
                for token in words.tokens_in(wrote.fact("text")):
                    if token not in read and not ties.waits_for_person(complaint, CHAT):
                        yield (
                            f"«{token}», written at {wrote.where} {wrote.fact('external_id')}, "
                            f"never reached {conversation} ({complaint['ticket']})"
                        )


def _filed_as(ties: Ties, ticket: str) -> set[tuple[str, str]]:
    """Numbers there of what was filed with our ticket, and that the hub knows by now."""
    known = {
        (str(source["connector"]), str(source["external_id"]))
        for complaint in ties.seen.complaints
        for source in complaint["sources"]
    }
    return {
        (each.where, each.fact("external_id"))
        for each in ties.seen.of("filed")
        if each.fact("marker") == ticket and (each.where, each.fact("external_id")) in known
    }


def _vanished(ties: Ties) -> Iterator[str]:
    """What the hub says has arrived has left its mark there."""
    marks = {
        (each.where, each.kind, each.fact("marker"))
        for each in ties.seen.of("filed", "followed_up", "referral_asked", "told")
    }
    for sent in ties.post.sent:
        if sent.parcel["state"] != "settled" or sent.is_settled_by_person:
            continue
        if not _leaves_a_mark(sent):
            continue
        whole = str(sent.parcel["parcel_id"])
        signs = (sent.ticket,) if sent.parcel["kind"] == "opening" else (whole, whole[:12])
        kinds = LEAVES[str(sent.parcel["kind"])]
        if not any((sent.where, kind, sign) in marks for kind in kinds for sign in signs):
            yield (
                f"the {sent.parcel['kind']} {whole[:12]} of {sent.ticket} is settled for "
                f"{sent.where}, but is not there"
            )


def _leaves_a_mark(sent: Sent) -> bool:
    if sent.where not in (*UPSTREAMS, CHAT):
        return False
    if sent.parcel["kind"] != "status":
        return True
    return str(sent.parcel["status"]) in words.TRACES[sent.where]
