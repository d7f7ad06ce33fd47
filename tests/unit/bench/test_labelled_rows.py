"""How labelled files become reports: each channel has a clock of its own."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.matching.rows import NoData, moment, pairs_of, stream_of

NIGHT = datetime(2026, 1, 18, 13, 5, 11, tzinfo=UTC)
COLUMNS = ["id", "channel", "received_at", "category", "kelurahan", "lat", "lon", "text"]


def pairs_file(folder: Path, *rows: dict[str, str]) -> Path:
    columns = [*(f"{name}_{side}" for side in "ab" for name in COLUMNS), "label", "trap"]
    lines = [",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]
    file = folder / "pairs.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def row(one: str, two: str, **given: str) -> dict[str, str]:
    times = {"received_at_a": "2026-01-18T13:05:11Z", "received_at_b": "2026-01-18 20:05:12"}
    who = {"id_a": one, "id_b": two, "channel_a": "whatsapp", "channel_b": "call112"}
    return (
        times
        | who
        | {"text_a": f"words of {one}", "text_b": f"words of {two}", "label": "same"}
        | given
    )


@pytest.mark.parametrize(
    ("channel", "written"),
    [
        ("whatsapp", "2026-01-18T13:05:11Z"),
        ("sp4n", "2026-01-18 13:05:11"),
        ("laporgub", "2026-01-18 20:05:11"),
        ("call112", "2026-01-18 20:05:11"),
        ("sp4n", "2026-01-18T20:05:11+07:00"),
    ],
)
def test_a_time_is_read_by_the_clock_of_its_channel(channel: str, written: str) -> None:
    assert moment(written, channel=channel) == NIGHT


def test_what_a_channel_leaves_empty_is_none(tmp_path: Path) -> None:
    (pair,) = pairs_of(pairs_file(tmp_path, row("A", "B", category_b="infrastruktur ")))
    assert (pair.one.category, pair.one.ward, pair.one.latitude) == (None, None, None)
    assert pair.two.category == "infrastruktur"


def test_the_earlier_report_is_the_one_said_first_whatever_the_clocks_read(tmp_path: Path) -> None:
    (pair,) = pairs_of(pairs_file(tmp_path, row("A", "B")))
    assert (pair.earlier.number, pair.later.number) == ("A", "B")


def test_pairs_that_share_a_report_are_of_one_group(tmp_path: Path) -> None:
    pairs = pairs_of(pairs_file(tmp_path, row("A", "B"), row("C", "D"), row("D", "B")))
    assert len({pair.group for pair in pairs}) == 1


def test_pairs_that_share_a_circulating_text_are_of_one_group(tmp_path: Path) -> None:
    letter = {"text_a": "Kami  warga Gang 1"}
    pairs = pairs_of(
        pairs_file(tmp_path, row("A", "B", **letter), row("C", "D", text_b="kami warga gang 1"))
    )
    assert len({pair.group for pair in pairs}) == 1


def test_pairs_that_share_nothing_are_of_two_groups(tmp_path: Path) -> None:
    pairs = pairs_of(pairs_file(tmp_path, row("A", "B"), row("C", "D")))
    assert len({pair.group for pair in pairs}) == 2


def test_a_report_of_the_stream_keeps_its_reporter_and_its_truth_apart(tmp_path: Path) -> None:
    file = tmp_path / "stream.jsonl"
    said = dict.fromkeys(COLUMNS) | {"id": "WA-1", "channel": "whatsapp", "text": "rob"}
    truth = {"reporter": "628110000001", "incident_id": "I1", "event_id": None}
    file.write_text(
        json.dumps(said | truth | {"received_at": "2026-01-18T13:05:11Z"}), encoding="utf-8"
    )
    (arrived,) = stream_of(file)
    assert (arrived.told.person, arrived.told.said_at) == ("628110000001", NIGHT)
    assert (arrived.incident, arrived.event) == ("I1", None)


def test_a_missing_file_is_a_sentence_that_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="HUB_SHARED_DATA"):
        pairs_of(tmp_path / "pairs.csv")
