"""The labelled files as matching is given them: one row, one `Told`, every time aware."""

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.domain.matching import Told

ROOT = Path(__file__).parents[3]
# SP4N writes UTC without saying so; the others write the city's own clock.
CLOCKS = {"sp4n": UTC}
CITY_CLOCK = ZoneInfo("Asia/Jakarta")

Row = Mapping[str, str | float | None]


class NoData(Exception):
    """A file to measure on is not there; the message says which, and how to name another folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two reports and what they are to each other: same, related or different."""

    one: Told
    two: Told
    label: str
    trap: str
    group: str

    @property
    def earlier(self) -> Told:
        return min(self.one, self.two, key=_when)

    @property
    def later(self) -> Told:
        return self.two if self.earlier is self.one else self.one


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A report of the stream and, for scoring only, the incident and the flood night behind it."""

    told: Told
    incident: str
    event: str | None


def data_folder() -> Path:
    return Path(os.environ.get("HUB_SHARED_DATA") or ROOT.parent / "shared" / "data")


def present(file: Path) -> Path:
    if not file.is_file():
        raise NoData(f"{file} is not there. Name the data folder in HUB_SHARED_DATA, or the file.")
    return file


def pairs_of(file: Path) -> list[Pair]:
    with present(file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    group = _grouped(rows)
    return [
        Pair(
            one=told(_side(row, "a")), two=told(_side(row, "b")),
            label=row["label"], trap=row.get("trap") or "", group=group(row["id_a"]),
        )
        for row in rows
    ]  # fmt: skip


def stream_of(file: Path) -> list[Arrived]:
    with present(file).open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Arrived(told=told(row), incident=row["incident_id"], event=row.get("event_id") or None)
        for row in rows
    ]


def told(row: Row) -> Told:
    channel = str(row["channel"])
    return Told(
        text=str(row["text"] or ""),
        said_at=moment(str(row["received_at"]), channel=channel),
        channel=channel,
        number=str(row["id"]),
        person=_word(row, "reporter"),
        category=_word(row, "category"),
        ward=_word(row, "kelurahan"),
        latitude=_degrees(row, "lat"),
        longitude=_degrees(row, "lon"),
    )


def moment(written: str, *, channel: str) -> datetime:
    """When it was, read by the channel's own clock where the time does not say which."""
    when = datetime.fromisoformat(written.strip())
    if when.tzinfo is None:
        when = when.replace(tzinfo=CLOCKS.get(channel, CITY_CLOCK))
    return when.astimezone(UTC)


def _when(report: Told) -> datetime:
    return report.said_at


def _side(row: Mapping[str, str], side: str) -> dict[str, str]:
    return {
        name.removesuffix(f"_{side}"): value
        for name, value in row.items()
        if name.endswith(f"_{side}")
    }


def _word(row: Row, name: str) -> str | None:
    return str(row.get(name) or "").strip() or None


def _degrees(row: Row, name: str) -> float | None:
    value = row.get(name)
    return None if value is None or value == "" else float(value)


def _grouped(rows: list[dict[str, str]]) -> Callable[[str], str]:
    """Name a pair's group: reports that share a row or their very words never part company."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    for row in rows:
        for other in _ties(row):
            above[top(other)] = top(row["id_a"])
    return top


def _ties(row: Mapping[str, str]) -> Iterator[str]:
    yield row["id_b"]
    for side in "ab":
        yield "text:" + " ".join(row[f"text_{side}"].lower().split())
