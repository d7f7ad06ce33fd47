"""A contradiction as people read it: the rule, what the hub did, where it stands, what can be chosen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from hub.domain.status import Status
from hub.store.desk import ConflictRow, SaidStatus, SourceRow, Standing
from hub.web.rulings import Title, done_with, rule_of, who_said

LOCALE = "id"
# Clocks that are this near tell the same time.
SAME_CLOCK = timedelta(minutes=1)


STANDS = {
    Standing.IN_STEP: "{theirs} selaras",
    Standing.CONTRADICTS: "{theirs} tetap berkata lain",
    Standing.PERSON: "kabar ke {theirs} menunggu petugas",
    Standing.DOUBT: "hasil kiriman ke {theirs} diragukan",
    Standing.ON_ITS_WAY: "kabar ke {theirs} dalam perjalanan",
    Standing.UNREADABLE: "status di {theirs} berkali-kali tidak dapat dilihat",
    Standing.UNTOLD: "{theirs} belum diberi tahu",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: the status it decides for, and what stands on it."""

    status: Status
    label: str
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Ours or theirs; `by`: who said it, `clock`: how their time was put right. No `choice`: no button."""

    name: str
    mark: str
    said: SaidStatus
    by: str
    clock: str | None
    is_now: bool
    choice: Choice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A row with all its sentences. `now`: how the channel stands; `where`: why there is no button."""

    row: ConflictRow
    rule: str
    done: str
    decided: str | None
    now: str
    is_agreed: bool
    where: str | None
    sides: tuple[Side, Side]


def contradictions(rows: Sequence[ConflictRow], title: Title) -> list[Contradiction]:
    """Put every row into words."""
    return [contradiction(row, title) for row in rows]


def contradiction(row: ConflictRow, title: Title) -> Contradiction:
    """Put a row into words."""
    theirs, offered = title(row.connector), _offered(row)
    return Contradiction(
        row=row,
        rule=rule_of(row, title),
        done=done_with(row, theirs),
        decided=_decided(row),
        now=_now(row, title),
        is_agreed=row.standing is Standing.IN_STEP,
        where=None if offered else _elsewhere(row),
        sides=(
            Side(
                name="Di hub", mark="left", said=row.ours, by=who_said(row.ours.who, title),
                clock=None, is_now=row.status is row.ours.status,
                choice=_choice(row, row.ours, _ours_label) if row.ours.status in offered else None,
            ),
            Side(
                name=f"Di {theirs}", mark="right", said=row.theirs, by=theirs,
                clock=_clock(row.ahead), is_now=row.status is row.theirs.status,
                choice=_choice(row, row.theirs, _theirs_label(theirs))
                if row.theirs.status in offered
                else None,
            ),
        ),
    )  # fmt: skip


def ways_out(holds: Status, said: Iterable[Status]) -> list[Choice]:
    """What a held complaint may be settled at by one click: what holds, and what else was said."""
    others = dict.fromkeys(status for status in said if status is not holds)
    return [
        Choice(holds, f"Tetap “{holds.label}”", is_now=True),
        *(Choice(status, f"Pakai “{status.label}”", is_now=False) for status in others),
    ]


def said_of(rows: Sequence[ConflictRow], sources: Sequence[SourceRow]) -> list[Status]:
    """Every side's word: of what is open, and of what the channels show by now."""
    sides = [side.status for row in rows if row.is_open for side in (row.theirs, row.ours)]
    return sides + [each.shown for each in sources if each.listens and each.shown is not None]


def _decided(row: ConflictRow) -> str | None:
    if row.decided is None:
        return None
    return f"Diputuskan «{row.decided.label}» oleh petugas {row.decided_by or ''}".rstrip()


def _now(row: ConflictRow, title: Title) -> str:
    theirs, holds = (
        title(row.connector),
        f"«{row.status.label}» dari {who_said(row.status_from, title)}",
    )
    if not row.listens:
        return f"Berlaku {holds}; {theirs} tidak perlu dikabari."
    return f"Berlaku {holds}; {STANDS[row.standing].format(theirs=theirs)}."


def _offered(row: ConflictRow) -> tuple[Status, ...]:
    """What can still be chosen: both while it is open, later the way back from what holds."""
    both = (row.ours.status, row.theirs.status)
    if row.is_open:
        return both
    if row.is_last and row.status in both:
        return tuple(status for status in both if status is not row.status)
    return ()


def _elsewhere(row: ConflictRow) -> str:
    if not row.is_last:
        return "Ada pertentangan yang lebih baru pada aduan ini."
    return f"Aduan ini sudah berstatus «{row.status.label}»; pindahkan di halaman aduannya."


def _choice(row: ConflictRow, said: SaidStatus, label: Callable[[str], str]) -> Choice:
    is_now = said.status is row.status
    name = f"“{said.status.label}”"
    return Choice(said.status, f"Tetap {name}" if is_now else label(name), is_now)


def _ours_label(name: str) -> str:
    return f"Kembali ke {name}"


def _theirs_label(title: str) -> Callable[[str], str]:
    return lambda name: f"Pakai {name} dari {title}"


def _clock(ahead: float) -> str | None:
    apart = timedelta(seconds=abs(ahead))
    if apart < SAME_CLOCK:
        return None
    way = "maju" if ahead > 0 else "mundur"
    return f"jam mereka {way} {format_timedelta(apart, locale=LOCALE)}; waktu ini sudah dibetulkan"
