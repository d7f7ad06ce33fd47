"""Taking a piece of news in: known source or new, moved or in conflict, and who is promised what."""

from collections.abc import Mapping
from datetime import datetime

from hub.contract.news import (
    Alarm,
    Counted,
    IdentityChanged,
    Ignored,
    Linked,
    News,
    Receipt,
    Reply,
    Report,
    StatusNews,
    Unreadable,
)
from hub.domain.authority import Authorities
from hub.domain.matching.tables import Matching
from hub.intake.additions import add_to_complaint
from hub.intake.case import EVERYBODY_ASKS
from hub.intake.emergency import heed
from hub.intake.gather import TurnRules, gather
from hub.intake.linked import take_linked
from hub.intake.outcome import Outcome
from hub.intake.receipts import take_receipt
from hub.intake.recognise import Recognise
from hub.intake.signpost import DEFAULT, Signpost
from hub.intake.statuses import take_status
from hub.ports import Upstream, Work
from hub.record.promises import promise_notice
from hub.record.settle import settle_opening
from hub.record.speaking import speaking
from hub.rows import Card, How, State


class Accept:
    """`take` is one piece of news inside the caller's transaction."""

    def __init__(
        self,
        *,
        upstreams: Mapping[str, Upstream],
        turns: TurnRules,
        signpost: Signpost = DEFAULT,
        matching: Matching | None = None,
        authorities: Authorities = EVERYBODY_ASKS,
    ) -> None:
        self.upstreams = upstreams
        self._authorities = authorities
        self._turns = turns
        self._signpost = signpost
        self._recognise = Recognise(upstreams, matching, signpost)

    async def take(
        self, work: Work, connector: str, news: News, *, at: datetime, how: How | None = None
    ) -> Outcome:
        """Take it in and say what came of it; `how` it came, if that still counts."""
        match news:
            case Report():
                return await self._said(work, connector, news, at=at)
            case Reply():
                return await self._reply(work, connector, news, at=at)
            case StatusNews() | Receipt() | Linked():
                return await self._of_known(work, connector, news, at=at, how=how)
            case IdentityChanged():
                return await self._identity(work, connector, news)
            case Counted() | Ignored() | Alarm() | Unreadable():
                return await self._remark(work, connector, news, at=at)

    async def _of_known(
        self,
        work: Work,
        connector: str,
        news: StatusNews | Receipt | Linked,
        *,
        at: datetime,
        how: How | None,
    ) -> Outcome:
        """News about a complaint or a parcel of ours."""
        match news:
            case StatusNews():
                return await take_status(
                    work, connector, news, upstreams=self.upstreams, at=at, how=how,
                    authorities=self._authorities,
                )  # fmt: skip
            case Receipt():
                return await take_receipt(work, connector, news, upstreams=self.upstreams, at=at)
            case Linked():
                return await take_linked(work, connector, news, upstreams=self.upstreams, at=at)

    async def _said(self, work: Work, connector: str, report: Report, *, at: datetime) -> Outcome:
        """Take a report in; an emergency in it waits for no turn to end."""
        outcome = await self._report(work, connector, report, at=at)
        await heed(
            work, connector, report, about=outcome, words=self._signpost.emergency,
            upstreams=self.upstreams, at=at,
        )  # fmt: skip
        return outcome

    async def _report(
        self, work: Work, connector: str, report: Report, *, at: datetime
    ) -> Outcome:
        if await work.complaints.source(connector, report.external_id) is not None:
            return Outcome("known", "a complaint we have under this id")
        if report.marker and (linked := await self._ours(work, connector, report, at=at)):
            return linked
        person_id = None
        if report.person is not None:
            person_id = await work.people.know(
                connector, report.person, at=at, heard_at=report.said_at
            )
        if report.in_reply_to and (
            quoted := await work.reports.complaint_quoted(connector, report.in_reply_to)
        ):
            return await add_to_complaint(
                work, connector, report, complaint_id=quoted, person_id=person_id,
                upstreams=self.upstreams, at=at,
            )  # fmt: skip
        if report.joins and person_id is not None:
            return await gather(
                work, connector, report, person_id=person_id, rules=self._turns, at=at
            )
        return await self._whole(work, connector, report, person_id=person_id, at=at)

    async def _whole(
        self, work: Work, connector: str, report: Report, *, person_id: int | None, at: datetime
    ) -> Outcome:
        """A report that stands by itself: a complaint, unless the same person called about it before."""
        repeated = await self._repeated(work, connector, report, person_id=person_id)
        report_id = await work.reports.add(
            connector, report, at=at, person_id=person_id, complaint_id=repeated
        )
        if report_id is None:
            return Outcome("known", "a report we have", repeated)
        if repeated is not None:
            return Outcome("repeat", "the same person about the same thing", repeated)
        await work.files.expect(
            connector, report_id, report.attachments, route=report.route, at=at
        )
        arrived = await self._recognise.take_in(
            work, await work.reports.get([report_id]), at=at, report=report
        )
        return Outcome("joined" if arrived.joined else "opened", complaint_id=arrived.complaint.id)

    async def _repeated(
        self, work: Work, connector: str, report: Report, *, person_id: int | None
    ) -> int | None:
        if report.repeat_within is None or person_id is None:
            return None
        repeated = await work.reports.repeated(
            connector, person_id, category=report.category, said_at=report.said_at,
            within=report.repeat_within,
        )  # fmt: skip
        return None if repeated is None else (await speaking(work, repeated)).id

    async def _ours(
        self, work: Work, connector: str, report: Report, *, at: datetime
    ) -> Outcome | None:
        """The report there is one that we opened ourselves: its ticket stands in it."""
        complaint = await work.complaints.by_ticket(report.marker or "")
        if complaint is None:
            return None
        opening = await work.outbox.opening_of(complaint.id, connector)
        if opening is None or opening.state is State.SETTLED or not opening.attempts:
            # Anybody may quote a ticket of ours: what we never sent there is not ours.
            return None
        await settle_opening(
            work, connector, complaint.id, external_id=report.external_id,
            upstreams=self.upstreams, at=at,
        )  # fmt: skip
        return Outcome("echo", "a complaint we opened there", complaint.id)

    async def _reply(self, work: Work, connector: str, reply: Reply, *, at: datetime) -> Outcome:
        said = Report(
            key=reply.key,
            external_id=reply.external_id,
            said_at=reply.said_at,
            text=reply.text,
            person=reply.person,
            route=reply.route,
            in_reply_to=reply.in_reply_to,
            attachments=reply.attachments,
            joins=reply.person is not None,
        )
        return await self._said(work, connector, said, at=at)

    async def _identity(self, work: Work, connector: str, news: IdentityChanged) -> Outcome:
        person_id = await work.people.rename(
            connector,
            known=news.known_alias,
            new=news.new_alias,
            address=news.address,
            replaces=news.replaces,
        )
        if person_id is None:
            return Outcome("ignored", "nobody we know under the old identity")
        return Outcome("renamed")

    async def _remark(
        self,
        work: Work,
        connector: str,
        news: Counted | Ignored | Alarm | Unreadable,
        *,
        at: datetime,
    ) -> Outcome:
        """What changes no complaint, but may have to be said to somebody."""
        if isinstance(news, Counted):
            await work.tallies.count(connector, [news])
            return Outcome("counted")
        if isinstance(news, Unreadable):
            return Outcome("unreadable", news.reason)
        if isinstance(news, Alarm):
            card = Card(
                key=f"alarm:{connector}:{news.code}",
                kind="alarm",
                connector=connector,
                text=news.text,
                next_step=news.next_step,
            )
            await work.cards.open(card, at=at)
            return Outcome("alarm", news.text)
        if news.notice and news.person is not None:
            person_id = await work.people.know(
                connector, news.person, at=at, heard_at=news.said_at
            )
            await promise_notice(
                work, connector, news.notice, person_id=person_id, route=news.route, at=at
            )
        return Outcome("ignored", news.reason)
