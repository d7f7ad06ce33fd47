"""Bars drawn day by day, one word upon the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hub.store.desk import CountRow
from hub.web import counted
from hub.web.recap import Month

HEIGHT = 160
WIDTH = 720
GAP = 0.2
# How far lines behind the bars stand apart: the first that needs no more than five of them.
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One word of one day, as a rectangle; `shade` is the word's place in the legend."""

    x: float
    y: float
    height: float
    shade: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Days from left to right, words upon each other; `sums` is the legend and the table's last row."""

    sums: tuple[tuple[str, int], ...]
    table: tuple[tuple[date, tuple[int, ...]], ...]
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    bar_width: float

    @property
    def total(self) -> int:
        return sum(number for _, number in self.sums)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word, _ in self.sums)


@dataclass(frozen=True, slots=True)
class Stacks:
    """Columns from left to right, each a pile of numbers, with the lines behind them."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    bar_width: float


def stacked(columns: Sequence[Sequence[int]], says: Callable[[int, int], str]) -> Stacks:
    """Draw columns; `says` tells what the n-th number of a column is."""
    highest = max((sum(numbers) for numbers in columns), default=0)
    step = next((each for each in STEPS if highest <= each * MOST_LINES), STEPS[-1])
    top = max(-(-highest // step), 1) * step
    pitch = WIDTH / max(len(columns), 1)
    return Stacks(
        bars=tuple(_bars(columns, says, pitch=pitch, top=top)),
        lines=tuple((_y(value, top), value) for value in range(0, top + 1, step)),
        bar_width=round(pitch * (1 - GAP), 2),
    )


def picture(rows: Sequence[CountRow], month: Month) -> Picture:
    """Draw the days of a month."""
    known = {(row.day, row.word): row.number for row in rows}
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.word] = sums.get(row.word, 0) + row.number
    shown = sorted(sums, key=lambda word: (counted.order(word), word))
    table = [(day, tuple(known.get((day, word), 0) for word in shown)) for day in month.days]

    def says(place: int, shade: int) -> str:
        day, numbers = table[place]
        return f"{day.day}: {counted.name(shown[shade])} {numbers[shade]}"

    drawn = stacked([numbers for _, numbers in table], says)
    return Picture(
        sums=tuple((word, sums[word]) for word in shown),
        table=tuple(line for line in table if any(line[1])),
        bars=drawn.bars,
        lines=drawn.lines,
        bar_width=drawn.bar_width,
    )


def _bars(
    columns: Sequence[Sequence[int]],
    says: Callable[[int, int], str],
    *,
    pitch: float,
    top: int,
) -> Iterator[Bar]:
    for place, numbers in enumerate(columns):
        below = 0
        for shade, number in enumerate(numbers):
            if number:
                below += number
                yield Bar(
                    x=round(place * pitch + pitch * GAP / 2, 2),
                    y=_y(below, top),
                    height=round(number / top * HEIGHT, 2),
                    shade=shade,
                    says=says(place, shade),
                )


def _y(value: int, top: int) -> float:
    return round(HEIGHT - value / top * HEIGHT, 2)
