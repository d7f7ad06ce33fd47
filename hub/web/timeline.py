"""The journey as a picture: a lane per channel, the hub in the first, time running down."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.authority import Ends
from hub.store.desk import ConflictRow, HistoryRow, Journey, ParcelRow, ReportRow
from hub.web import words
from hub.web.rulings import done_with, rule_of

HUB = "Simpul"
LONGEST_TIMELINE = 300
WITHIN_THE_SECOND = timedelta(microseconds=999_999)
# What was surely not done is no doubt: it is tried again.
TRY_MARKS = {
    "doubt": "doubt",
    "unclear": "doubt",
    "give_up": "failed",
    "spent": "failed",
    "failed_later": "failed",
}

Title = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened. `way`: in (to the hub), out (to the channel) or at (in the lane).

    `mark`: done, waiting, doubt, failed or note; the text says the same for those who do not see.
    `receipts`: how far a parcel got, shown below it whatever happened in between.
    """

    at: datetime
    lane: str
    way: str
    mark: str
    text: str
    detail: str | None = None
    receipts: tuple["Step", ...] = ()
    known_at: datetime | None = None

    @property
    def order(self) -> datetime:
        """Where it stands among the others.

        Channels tell the second only: it happened within that second, and before we knew of it.
        """
        if self.known_at is None or self.at.microsecond:
            return self.at
        return max(self.at, min(self.at + WITHIN_THE_SECOND, self.known_at))


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes from left to right, steps from top to bottom; `hidden` earlier ones are left out."""

    lanes: tuple[str, ...]
    steps: tuple[Step, ...]
    hidden: int

    def x(self, lane: str) -> str:
        """Where a lane runs, in per cent of the picture's width."""
        number = self.lanes.index(lane) if lane in self.lanes else 0
        return f"{(number + 0.5) * 100 / len(self.lanes):.2f}%"


def timeline(journey: Journey, title: Title, contradicted: Sequence[ConflictRow] = ()) -> Timeline:
    """Put everything that is known of a complaint in the order it happened."""
    lanes = dict.fromkeys(
        [
            HUB,
            *(report.connector for report in journey.reports),
            *(source.connector for source in journey.sources),
            *(parcel.connector for parcel in journey.parcels),
        ]
    )
    steps = [
        *(_report(report, title) for report in journey.reports),
        *(_move(row, title, lanes=lanes) for row in journey.history),
        *(step for row in contradicted for step in _contradicted(row, title)),
        *(step for parcel in journey.parcels for step in _parcel(parcel, title)),
    ]
    steps.sort(key=lambda step: step.order)
    shown = tuple(steps[-LONGEST_TIMELINE:])
    return Timeline(tuple(lanes), shown, len(steps) - len(shown))


def _report(report: ReportRow, title: Title) -> Step:
    return Step(
        at=report.said_at,
        lane=report.connector,
        way="in",
        mark="done",
        text=f"Laporan masuk lewat {title(report.connector)}",
        detail=report.title,
    )


def _move(row: HistoryRow, title: Title, *, lanes: dict[str, None]) -> Step:
    is_channel = row.origin in lanes
    by = title(row.origin) if words.origin(row.origin) == row.origin else words.origin(row.origin)
    if row.outcome in words.GATHERED:
        moved = "" if row.before is row.status else f"; status menjadi {row.status.label}"
        text = f"{words.GATHERED[row.outcome]} oleh {by}{moved}"
        return Step(
            at=row.at, lane=HUB, way="at", mark="note", text=text, detail=row.note,
            known_at=row.known_at,
        )  # fmt: skip
    what = "Aduan dibuka" if row.before is None else "Status"
    remark = words.MOVES.get(row.outcome, row.outcome)
    return Step(
        at=row.at,
        lane=row.origin if is_channel and row.before is not None else HUB,
        way="in" if is_channel and row.before is not None else "at",
        mark="note" if remark else "done",
        text=f"{what}: {row.status.label}, dari {by}"
        + (f", dicatat oleh {row.typed_by}" if row.typed_by else "")
        + (f" ({remark})" if remark else ""),
        detail=row.note,
        known_at=row.known_at,
    )


def _contradicted(row: ConflictRow, title: Title) -> Iterator[Step]:
    theirs = title(row.connector)
    ours, said = row.ours.status.label, row.theirs.status.label
    yield Step(
        at=row.at,
        lane=row.connector,
        way="in",
        mark="failed" if row.asks_person else "note",
        text=f"Bertentangan: {theirs} berkata «{said}», hub «{ours}». {rule_of(row, title)}",
        detail=f"{done_with(row, theirs)} {row.reason}",
    )
    if row.ended_at is None or row.outcome == Ends.THEIRS:
        return
    text = f"Pertentangan dengan {theirs} berakhir"
    if row.decided is not None:
        text = f"{text}: petugas {row.decided_by} memutuskan «{row.decided.label}»"
    yield Step(at=row.ended_at, lane=HUB, way="at", mark="done", text=text)


def _parcel(parcel: ParcelRow, title: Title) -> Iterator[Step]:
    what = words.KINDS.get(parcel.kind, parcel.kind)
    if parcel.status is not None:
        what = f"{what} {parcel.status.label}"
    state = words.PARCEL_STATES.get(parcel.state, parcel.state).lower()
    marks = {"settled": "done", "doubt": "doubt", "abandoned": "failed", "dropped": "note"}
    last = parcel.tries[-1].at if parcel.tries else parcel.promised_at
    at = {
        "settled": parcel.settled_at, "waiting": parcel.promised_at, "handed": parcel.handed_at,
    }.get(parcel.state) or last  # fmt: skip
    yield from _tries(parcel, title)
    yield Step(
        at=at,
        lane=parcel.connector,
        way="out",
        mark=marks.get(parcel.state, "waiting"),
        text=f"{what} ke {title(parcel.connector)}: {state}",
        detail=words.explain(parcel.code) if parcel.state != "settled" else None,
        receipts=tuple(_receipts(parcel)),
    )


def _receipts(parcel: ParcelRow) -> Iterator[Step]:
    # Channels tell the second only: of two in the same one, the further is the later.
    further = {state: number for number, state in enumerate(words.RECEIPTS)}
    for receipt in sorted(
        parcel.receipts, key=lambda each: (each.at, further.get(each.state, len(further)))
    ):
        yield Step(
            at=receipt.at,
            lane=parcel.connector,
            way="at",
            mark="failed" if receipt.state == "failed" else "note",
            text=words.RECEIPTS.get(receipt.state, receipt.state),
            detail=words.explain(receipt.code),
        )


def _tries(parcel: ParcelRow, title: Title) -> Iterator[Step]:
    for attempt in parcel.tries:
        # A beginning is told by its end, and the end that settled by the parcel itself.
        is_last = attempt.phase == "ended" and attempt.outcome == "settled"
        is_laid = attempt.outcome == "laid_out" and parcel.state == "handed"
        if attempt.phase == "began" or is_last or is_laid:
            continue
        outcome = words.OUTCOMES.get(attempt.outcome or "", attempt.outcome or "tanpa hasil")
        by = f" oleh {attempt.who}" if attempt.who else ""
        phase = words.PHASES.get(attempt.phase, attempt.phase)
        name = f"Percobaan {attempt.number}" if attempt.phase == "ended" else phase
        yield Step(
            at=attempt.at,
            lane=parcel.connector,
            way="at",
            mark=TRY_MARKS.get(attempt.outcome or "", "note"),
            text=f"{name} di {title(parcel.connector)}{by}: {outcome}",
            detail=words.explain(attempt.code),
        )
