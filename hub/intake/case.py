"""One piece of status news about one complaint, inside one transaction: what is known, and what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hub.contract.mapping import Dictionary
from hub.contract.news import Answer, StatusNews
from hub.domain.authority import Authorities, Ruling, Word
from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.conflicts import reconciled
from hub.record.disagree import agree
from hub.record.promises import promise_status_to_others
from hub.record.settle import Settled, settle

EVERYBODY_ASKS = Authorities()
# How long ago it may have been said what comes dated in the future.
OF_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Contest:
    """What held, what a channel said instead, and how the rules decide."""

    ours: Word
    theirs: Word
    ruling: Ruling


@dataclass(slots=True, kw_only=True)
class Case:
    """`ahead`: how far the channel's clock runs ahead of ours. `typed_by` copied the news from its page."""

    work: Work
    complaint: Complaint
    source: Source
    news: StatusNews
    upstreams: Mapping[str, Upstream]
    at: datetime
    typed_by: str | None = None
    authorities: Authorities = EVERYBODY_ASKS
    ahead: timedelta = field(default_factory=timedelta)

    @property
    def mapping(self) -> Dictionary:
        """Our words and theirs."""
        return self.upstreams[self.source.connector].mapping

    @property
    def title(self) -> str:
        """What operators call the channel."""
        return self.title_of(self.source.connector)

    def title_of(self, channel: str) -> str:
        """What operators call a channel; one that is off by now, by its name."""
        upstream = self.upstreams.get(channel)
        return channel if upstream is None else upstream.connector.traits.title

    def dated(self, theirs: datetime) -> datetime:
        """A time of theirs by our clock."""
        return theirs - self.ahead

    @property
    def said_at(self) -> datetime:
        """When they say it became so."""
        return self.dated(self.news.at)

    def contest(self, status: Status) -> Contest:
        """What holds against what they say, as the rules decide."""
        # Nobody has said anything in the future, or a fast clock would have the last word for hours. The
        # order of a channel's own words is known before they come here.
        ours = self._by_now(self.complaint.word)
        theirs = self._by_now(Word(status, self.said_at, self.source.connector))
        is_undated = self._is_undated and self.at - ours.at <= OF_LATE
        return Contest(ours, theirs, self.authorities.rule(ours, theirs, is_undated=is_undated))

    @property
    def _is_undated(self) -> bool:
        """Whether their clock is ahead, and nobody knows by how much."""
        return self.said_at - self.at > self.authorities.clock_tolerated

    def _by_now(self, word: Word) -> Word:
        return replace(word, at=min(word.at, self.at))

    async def answered(self, answers: Sequence[Answer], *, word: str) -> Outcome:
        """No move, but perhaps somebody wrote something that the citizen should read."""
        await self.keep_source()
        if not answers:
            return Outcome(word, complaint_id=self.complaint.id)
        note, status = text_of(answers), self.complaint.status
        at = self.dated(answers[-1].at)
        await self.write(before=status, status=status, at=at, outcome="answered", note=note)
        await self.tell_others(note)
        return Outcome("answered", complaint_id=self.complaint.id)

    async def keep_source(self) -> None:
        """Keep what they show; where that agrees, put away what contradicted."""
        await self.work.complaints.save_source(self.source)
        await self._settle_carried()
        if self.source.disagrees is not None:
            return
        await agree(self.work, self.complaint, self.source, at=self.at, by="hub")
        agrees = self.source.shown in self.mapping.shown_after(self.complaint.status)
        if agrees and self.complaint.held_at is None:
            await reconciled(self.work, self.source, at=self.at)

    async def _settle_carried(self) -> None:
        """What they show proves that somebody has carried our status there."""
        for parcel in await self.work.hands.of_source(self.source.id):
            # That they show the status says nothing of words that were to go with it.
            if self.source.shown == parcel.content["status"] and not parcel.content.get("note"):
                await settle(
                    self.work, parcel, upstreams=self.upstreams, external_id=None, at=self.at,
                    how=Settled("readback", "they show it"),
                )  # fmt: skip

    async def write(
        self, *, before: Status, status: Status, at: datetime, outcome: str, note: str | None
    ) -> None:
        """Add to the complaint's history."""
        await self.work.complaints.add_history(
            self.complaint.id, before=before, status=status, at=at, known_at=self.at,
            origin=self.source.connector, outcome=outcome, note=note, typed_by=self.typed_by,
            source_id=self.source.id,
        )  # fmt: skip

    async def tell_others(self, note: str | None) -> None:
        """Promise the present status to every other channel."""
        await promise_status_to_others(
            self.work, self.complaint, origin=self.source.id, upstreams=self.upstreams,
            at=self.at, note=note,
        )  # fmt: skip


def text_of(answers: Sequence[Answer]) -> str | None:
    """What officers wrote, as one note."""
    return "\n\n".join(answer.text for answer in answers if answer.text) or None
