"""An event as columns of time: how many reports, when, and through which channels."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.desk import EventRow
from hub.web.picture import WIDTH, Stacks, stacked
from hub.web.times import Times

MOST_COLUMNS = 64
MOST_LABELS = 9
WIDTHS = (
    (timedelta(minutes=15), "per 15 menit"),
    (timedelta(minutes=30), "per 30 menit"),
    (timedelta(hours=1), "per jam"),
    (timedelta(hours=3), "per 3 jam"),
    (timedelta(hours=6), "per 6 jam"),
    (timedelta(days=1), "per hari"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPicture:
    """Columns from left to right; `sums` is the legend, `table` the same numbers as rows."""

    width: str
    sums: tuple[tuple[str, int], ...]
    table: tuple[tuple[str, tuple[int, ...]], ...]
    drawn: Stacks
    labels: tuple[tuple[float, str], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.sums)


def event_picture(
    reports: Sequence[EventRow],
    since: datetime,
    until: datetime,
    *,
    times: Times,
    title: Callable[[str], str],
) -> EventPicture:
    """Draw what was said between two times."""
    step, width = next(
        (each for each in WIDTHS if (until - since) / each[0] <= MOST_COLUMNS), WIDTHS[-1]
    )
    begin = times.floor(since, step)
    count = max(-(-(until - begin) // step), 1)
    known = Counter((each.connector, (each.said_at - begin) // step) for each in reports)
    channels = _by_number(Counter(each.connector for each in reports))
    columns = [tuple(known[name, place] for name in channels) for place in range(count)]
    starts = [begin + place * step for place in range(count)]

    def says(place: int, shade: int) -> str:
        name = title(list(channels)[shade])
        return f"{times.when(starts[place])}: {name} {columns[place][shade]}"

    return EventPicture(
        width=width,
        sums=tuple(channels.items()),
        table=tuple(
            (_named(start, step, times), numbers)
            for start, numbers in zip(starts, columns, strict=True)
            if any(numbers)
        ),
        drawn=stacked(columns, says),
        labels=tuple(_labels(starts, step, times)),
    )


def _by_number(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def _labels(starts: Sequence[datetime], step: timedelta, times: Times) -> list[tuple[float, str]]:
    pitch = WIDTH / len(starts)
    every = next(
        (each for each in (1, 2, 4, 8, 12, 16, 24) if len(starts) <= each * MOST_LABELS), 24
    )
    return [
        (
            round(place * pitch, 2),
            times.short_day(start) if step >= WIDTHS[-1][0] else times.clock(start),
        )
        for place, start in enumerate(starts)
        if place % every == 0
    ]


def _named(start: datetime, step: timedelta, times: Times) -> str:
    if step >= WIDTHS[-1][0]:
        return times.short_day(start)
    return f"{times.short_day(start)} {times.clock(start)} s.d. {times.clock(start + step)}"
