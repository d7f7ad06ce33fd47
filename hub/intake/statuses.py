"""News of a status: applied, recognised as an echo, or kept as a conflict. Never silently overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.contract.mapping import Dictionary
from hub.contract.news import Answer, StatusNews
from hub.domain.complaint import Complaint, Source
from hub.domain.complaint import Outcome as Move
from hub.domain.status import Status
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.disagree import agree, disagree, note_unmoved
from hub.record.promises import promise_status_to_others
from hub.record.settle import Settled, settle
from hub.record.speaking import speaking_for
from hub.rows import Card

SAME_MOMENT = timedelta(minutes=1)


async def take_status(
    work: Work,
    connector: str,
    news: StatusNews,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    typed_by: str | None = None,
    is_dated: bool = True,
) -> Outcome:
    """Take in what a channel says of a complaint now; `typed_by` copied it from the channel's page."""
    found = await work.complaints.source(connector, news.external_id)
    if found is None:
        return Outcome("unknown_source", f"no complaint of ours is {news.external_id} there")
    complaint, found = await speaking_for(work, found.id)
    case = _Case(
        work=work,
        complaint=complaint,
        source=found,
        news=news,
        upstreams=upstreams,
        at=at,
        typed_by=typed_by,
    )
    answers = await case.new_answers()
    # Our own words among the answers have just told the source something: look at it anew.
    source = case.source = await work.complaints.source_by_id(found.id) or found
    if case.is_outdated():
        return await case.answered(answers, word="known")
    was = replace(source)
    # What a person read off a page without its time must not outdate what the channel itself dates.
    source.shown_at = news.at if is_dated else source.shown_at
    source.their_status = news.theirs
    if news.status is None:
        return await case.unknown_word(answers)
    if case.is_echo(news.status):
        # They show what they can show after our follow-up: our own news coming back.
        source.shown, source.disagrees = complaint.status, None
        return await case.answered(answers, word="echo")
    if await case.is_overtaken(news.status):
        source.shown, source.disagrees = news.status, None
        return await case.answered(answers, word="echo")
    unchanged = await case.is_unchanged(news.status, was)
    return await (
        case.stands(answers)
        if unchanged
        else case.move(news.status, answers, shown_before=was.shown)
    )


@dataclass(slots=True)
class _Case:
    """One piece of status news about one complaint, inside one transaction."""

    work: Work
    complaint: Complaint
    source: Source
    news: StatusNews
    upstreams: Mapping[str, Upstream]
    at: datetime
    typed_by: str | None = None

    @property
    def _words(self) -> Dictionary:
        return self.upstreams[self.source.connector].mapping

    @property
    def _title(self) -> str:
        return self.upstreams[self.source.connector].connector.traits.title

    def is_outdated(self) -> bool:
        """Whether the channel itself has said something else since; news comes in any order."""
        since, shown = self.source.shown_at, self.source.shown
        return since is not None and self.news.at < since and self.news.status is not shown

    def is_echo(self, status: Status) -> bool:
        """Whether they show just what our own news made them show."""
        ours = self.complaint.status
        if self.source.told != ours or status is ours:
            return False
        return status in self._words.shown_after(ours)

    async def is_overtaken(self, status: Status) -> bool:
        """Whether they show what we told them last, while a newer word of ours is on its way to them."""
        if self.source.told is not status or status is self.complaint.status:
            return False
        return await self.work.outbox.has_news_for(self.source.id)

    async def move(
        self, status: Status, answers: Sequence[Answer], *, shown_before: Status | None
    ) -> Outcome:
        """Move the complaint, or say why not."""
        complaint, source = self.complaint, self.source
        before, since = complaint.status, complaint.status_at
        move = complaint.move_to(status, at=self.news.at, origin=source.connector)
        if move is Move.LATE and status is shown_before:
            return await self.stands(answers)
        source.shown, source.disagrees = status, None
        if move is Move.SAME:
            await self.work.complaints.save(complaint, at=self.at)
            await self._note_same(status, shown_before=shown_before)
            return await self.answered(answers, word="same")
        note = _text_of(answers) or await self._new_note()
        await self._write(before=before, status=status, at=self.news.at, outcome=move, note=note)
        if move.is_conflict:
            if answers:
                await self._tell_others(note)
            reason = _reason(move, before=before, since=since, status=status, at=self.news.at)
            if not source.listens:
                # It is told nothing, so it cannot be expected to agree; the history has it.
                await self._keep_source()
                return Outcome("conflict", reason, complaint.id)
            await disagree(
                self.work, complaint, source, title=self._title, reason=reason, at=self.at
            )
            return Outcome("conflict", reason, complaint.id)
        complaint.agency = self.news.agency or complaint.agency
        await self.work.complaints.save(complaint, at=self.at)
        await self._keep_source()
        # What lay waiting to be carried there would set them back.
        await self.work.hands.overtake(source.id, at=self.at)
        await self._tell_others(note)
        return Outcome("moved", complaint_id=complaint.id)

    async def is_unchanged(self, status: Status, was: Source) -> bool:
        """Whether their word is what it was, and has been heard: a merge makes no news of it."""
        at = self.news.at
        if status is not was.shown or status is self.complaint.status:
            return False
        if was.disagrees is None and was.shown_at is not None and at <= was.shown_at:
            return True
        ledger = await self.work.matches.merges_of(self.complaint.id)
        return any(row.kind == "merge" and row.undone_at is None and at < row.at for row in ledger)

    async def stands(self, answers: Sequence[Answer]) -> Outcome:
        """They have not moved, we have: our news is on its way, or it moved nothing there."""
        outcome = await self.answered(answers, word="same")
        unmoved = await note_unmoved(
            self.work, self.complaint, self.source, title=self._title, at=self.at
        )
        if not unmoved:
            return outcome
        return Outcome("conflict", self.source.disagrees, self.complaint.id)

    async def _note_same(self, status: Status, *, shown_before: Status | None) -> None:
        """That they say so themselves counts when what was merged is taken apart again."""
        if status in (shown_before, self.source.told):
            return
        known = await self.work.complaints.sources(self.complaint.id)
        if self.complaint.voices > 1 or len({source.thread_id for source in known}) > 1:
            await self._write(
                before=status, status=status, at=self.news.at, outcome="same", note=None
            )

    async def answered(self, answers: Sequence[Answer], *, word: str) -> Outcome:
        """No move, but perhaps somebody wrote something that the citizen should read."""
        await self._keep_source()
        if not answers:
            return Outcome(word, complaint_id=self.complaint.id)
        note, status = _text_of(answers), self.complaint.status
        await self._write(
            before=status, status=status, at=answers[-1].at, outcome="answered", note=note
        )
        await self._tell_others(note)
        return Outcome("answered", complaint_id=self.complaint.id)

    async def new_answers(self) -> list[Answer]:
        """Those not seen before. Our own words coming back settle their parcel and are no news."""
        return [answer for answer in self.news.answers if await self._is_new(answer)]

    async def unknown_word(self, answers: Sequence[Answer]) -> Outcome:
        """Keep their word, pass on what was written, ask for the mapping to be mended."""
        name, theirs = self.source.connector, self.news.theirs
        await self.answered(answers, word="unknown_word")
        await self.work.cards.open(
            Card(
                key=f"word:{name}:{theirs.lower()[:100]}",
                kind="unknown_word",
                connector=name,
                complaint_id=self.complaint.id,
                text=f"Kata status «{theirs}» dari {self._title} belum dikenal "
                f"(aduan {self.complaint.ticket}). Status aduan tidak diubah.",
                next_step=f"Tambahkan kata itu ke [status_in] di mappings/{name}.toml, "
                "mulai ulang, lalu jalankan `hub replay`.",
            ),
            at=self.at,
        )
        return Outcome("unknown_word", f"status {theirs!r}", self.complaint.id)

    async def _is_new(self, answer: Answer) -> bool:
        if await self._is_ours(answer):
            return False
        if not await self.work.complaints.note_answer(self.source.id, answer.id, at=self.at):
            return False
        return not await self._was_told(answer.text, at=answer.at)

    async def _new_note(self) -> str | None:
        note = self.news.note
        return None if note is None or await self._was_told(note, at=self.news.at) else note

    async def _was_told(self, text: str, *, at: datetime) -> bool:
        # A channel shows one act in two places, its log and its follow-ups, and they are read one
        # after the other: the same words of the same moment are the same news.
        notes = await self.work.complaints.notes_near(
            self.complaint.id, origin=self.source.connector, at=at, within=SAME_MOMENT
        )
        return any(text == note or text in note.split("\n\n") for note in notes)

    async def _is_ours(self, answer: Answer) -> bool:
        if answer.marker is None:
            return False
        parcel = await self.work.outbox.by_marker(self.source.connector, answer.marker)
        if parcel is None:
            return False
        await settle(
            self.work, parcel, upstreams=self.upstreams, external_id=answer.id, at=self.at,
            how=Settled("readback", "its marker came back to us"),
        )  # fmt: skip
        return True

    async def _keep_source(self) -> None:
        await self.work.complaints.save_source(self.source)
        await self._settle_carried()
        if self.source.disagrees is None:
            await agree(self.work, self.complaint, self.source, at=self.at, by="hub")

    async def _settle_carried(self) -> None:
        """What they show proves that somebody has carried our status there."""
        for parcel in await self.work.hands.of_source(self.source.id):
            # That they show the status says nothing of words that were to go with it.
            if self.source.shown == parcel.content["status"] and not parcel.content.get("note"):
                await settle(
                    self.work, parcel, upstreams=self.upstreams, external_id=None, at=self.at,
                    how=Settled("readback", "they show it"),
                )  # fmt: skip

    async def _write(
        self, *, before: Status, status: Status, at: datetime, outcome: str, note: str | None
    ) -> None:
        await self.work.complaints.add_history(
            self.complaint.id, before=before, status=status, at=at, known_at=self.at,
            origin=self.source.connector, outcome=outcome, note=note, typed_by=self.typed_by,
            source_id=self.source.id,
        )  # fmt: skip

    async def _tell_others(self, note: str | None) -> None:
        await promise_status_to_others(
            self.work, self.complaint, origin=self.source.id, upstreams=self.upstreams,
            at=self.at, note=note,
        )  # fmt: skip


def _text_of(answers: Sequence[Answer]) -> str | None:
    return "\n\n".join(answer.text for answer in answers if answer.text) or None


def _reason(move: Move, *, before: Status, since: datetime, status: Status, at: datetime) -> str:
    if move is Move.LATE:
        return (
            f"Kabar «{status.label}» bertanggal {at:%d-%m-%Y %H:%M} UTC, lebih lama daripada "
            f"«{before.label}» ({since:%d-%m-%Y %H:%M} UTC) yang sudah berlaku."
        )
    return f"Dari «{before.label}» tidak boleh langsung ke «{status.label}»."
