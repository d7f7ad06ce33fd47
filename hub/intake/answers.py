"""What officers wrote under a complaint: new words, words told before, and our own coming back."""

from datetime import datetime, timedelta

from hub.contract.news import Answer
from hub.domain import clocks
from hub.intake.case import Case
from hub.record.settle import Settled, settle

SAME_MOMENT = timedelta(minutes=1)
# A sample that says what is known already is not worth a write.
AS_KNOWN = 5.0


async def new_answers(case: Case) -> list[Answer]:
    """Those not seen before. Our own words coming back settle their parcel and are no news."""
    return [answer for answer in case.news.answers if await _is_new(case, answer)]


async def new_note(case: Case) -> str | None:
    """The reason they gave, unless it was told as an answer already."""
    note = case.news.note
    return None if note is None or await _was_told(case, note, at=case.news.at) else note


async def _is_new(case: Case, answer: Answer) -> bool:
    if await _is_ours(case, answer):
        return False
    work, source = case.work, case.source
    if not await work.complaints.note_answer(source.id, answer.id, at=case.at):
        return False
    return not await _was_told(case, answer.text, at=answer.at)


async def _was_told(case: Case, text: str, *, at: datetime) -> bool:
    # A channel shows one act in two places, its log and its follow-ups, and they are read one
    # after the other: the same words of the same moment are the same news.
    notes = await case.work.complaints.notes_near(
        case.complaint.id, origin=case.source.connector, at=case.dated(at), within=SAME_MOMENT
    )
    return any(text == note or text in note.split("\n\n") for note in notes)


async def _is_ours(case: Case, answer: Answer) -> bool:
    if answer.marker is None:
        return False
    parcel = await case.work.outbox.by_marker(case.source.connector, answer.marker)
    if parcel is None:
        return False
    is_new = await case.work.complaints.note_answer(case.source.id, answer.id, at=case.at)
    if is_new and answer.is_dated:
        await _learn_clock(case, parcel.parcel_id, written_at=answer.at)
    await settle(
        case.work, parcel, upstreams=case.upstreams, external_id=answer.id, at=case.at,
        how=Settled("readback", "its marker came back to us"),
    )  # fmt: skip
    return True


async def _learn_clock(case: Case, parcel_id: str, *, written_at: datetime) -> None:
    """When we wrote it by our clock and by theirs: the difference is theirs being ahead."""
    began = await case.work.echoes.began_at(parcel_id)
    if began is None or case.typed_by is not None:
        return
    name = case.source.connector
    samples, new = await case.work.echoes.clock(name), (written_at - began).total_seconds()
    if len(samples) == clocks.KEPT and all(abs(old - new) <= AS_KNOWN for old in samples):
        return
    await case.work.echoes.note_clock(name, clocks.kept(samples, new))
