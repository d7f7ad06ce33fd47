"""Messages of one person within a few seconds are one thing said: three photos and a text, one complaint."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.contract.news import Report
from hub.domain.matching.tables import Matching
from hub.intake.additions import show_late_words
from hub.intake.judge import Said, Spoke, judge, said_apart
from hub.intake.outcome import Outcome
from hub.intake.recognise import Recognise
from hub.intake.signpost import DEFAULT, Signpost
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.promises import promise_addition, promise_notice
from hub.record.speaking import speaking
from hub.rows import KeptReport, Topic, Turn


@dataclass(frozen=True, slots=True)
class TurnRules:
    """A turn ends `quiet` after its last message, at the latest `longest` after its first."""

    quiet: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(seconds=60)

    def due(self, *, opened_at: datetime, now: datetime) -> datetime:
        """When a turn that has just grown is to be closed."""
        return min(now + self.quiet, opened_at + self.longest)


async def gather(
    work: Work,
    connector: str,
    report: Report,
    *,
    person_id: int,
    rules: TurnRules,
    at: datetime,
) -> Outcome:
    """Keep a message as part of the person's present turn."""
    turn_id = await work.turns.extend(
        connector,
        person_id=person_id,
        route=report.route or "",
        now=at,
        due=lambda opened_at: rules.due(opened_at=opened_at, now=at),
    )
    report_id = await work.reports.add(
        connector, report, at=at, person_id=person_id, turn_id=turn_id
    )
    if report_id is None:
        return Outcome("known", "a message we have")
    await work.files.expect(connector, report_id, report.attachments, route=report.route, at=at)
    work.nudge(Topic.TURNS)
    return Outcome("gathered")


class CloseTurns:
    """`step` closes one turn whose time has come; False when there is none."""

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        clock: Clock,
        signpost: Signpost = DEFAULT,
        matching: Matching | None = None,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._recognise = Recognise(upstreams, matching, signpost)

    async def step(self) -> bool:
        """Make a complaint, an addition or a friendly line of the next turn that is over."""
        now = self._clock()
        async with self._begin() as work:
            turn = await work.turns.next_due(now=now)
            if turn is None:
                return False
            await work.turns.close(turn.id, at=now)
            reports = await work.reports.of_turn(turn.id)
            for part in said_apart(reports):
                await self._conclude(work, turn, part, at=now)
        return True

    async def _conclude(
        self, work: Work, turn: Turn, reports: list[KeptReport], *, at: datetime
    ) -> None:
        latest = await work.reports.latest_complaint_of(turn.connector, turn.person_id, turn.route)
        before: Spoke | None = None
        if latest is not None:
            complaint = await speaking(work, latest[0])
            latest = complaint.id, latest[1]
            before = Spoke(latest[1], complaint.status, complaint.status_at)
        match judge(reports, before):
            case Said.COMPLAINT:
                await self._recognise.take_in(work, reports, at=at)
            case Said.MORE if latest is not None:
                await work.reports.assign([report.id for report in reports], latest[0])
                await promise_addition(
                    work, latest[0], [report.id for report in reports],
                    origin=turn.connector, upstreams=self._upstreams, at=at,
                )  # fmt: skip
                await show_late_words(work, latest[0], at=at)
            case polite:
                await promise_notice(
                    work, turn.connector, polite.value, person_id=turn.person_id,
                    route=turn.route or None, at=at,
                )  # fmt: skip
