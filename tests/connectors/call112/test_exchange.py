"""What the exchange wrote down: the queue log and the CDR tell of the same calls, and of nobody's number."""

import csv
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.call112.export import open_export
from connectors.call112.kept import Origin
from connectors.call112.profiles import profile_named
from connectors.call112.records import record_of
from connectors.call112.settings import Settings
from hub.contract import Counted, ImportFile, Mapping, UnreadableError

FILES = Path(__file__).parent / "files"
QUEUE = FILES / "queue_log"
CDR = FILES / "cdr_master.csv"
SHAPES = ("cdr_18", "cdr_19", "cdr_21", "cdr_mysql")


@pytest.fixture
def opened(new_settings: Callable[..., Settings], mapping: Mapping) -> Callable[..., ImportFile]:
    return lambda path, **given: open_export(path, settings=new_settings(**given), mapping=mapping)


@pytest.fixture
def rows() -> list[dict[str, str]]:
    """The CDR by the names of its columns."""
    names = "accountcode src dst dcontext clid channel dstchannel lastapp lastdata start answer end duration"
    names += " billsec disposition amaflags uniqueid userfield peeraccount linkedid sequence"
    with CDR.open(newline="", encoding="latin-1") as file:
        found = [dict(zip(names.split(), row, strict=True)) for row in csv.reader(file)]
    return [row | {"calldate": row["start"], "did": "112"} for row in found]


def calls(file: ImportFile) -> dict[str, Counted]:
    counted = [item for item in file.raws if isinstance(item, Counted)]
    assert len({item.key for item in counted}) == len(counted)
    return {item.key: item for item in counted}


def written(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([row[name] for name in columns] for row in rows)
    return path


def test_the_98_calls_of_the_cdr_are_counted_by_how_they_ended(
    opened: Callable[..., ImportFile],
) -> None:
    file = opened(CDR)
    assert file.remarks[0] == "Profil cdr_21 dikenali: 21 dari 21 kolom, tanpa tajuk."
    assert file.total == 98
    assert Counter(call.word for call in calls(file).values()) == {
        "pbx_answered": 66,
        "pbx_abandoned": 17,
        "pbx_exited": 10,
        "pbx_unqueued": 5,
    }


def test_the_queue_log_tells_the_same_of_the_93_calls_that_reached_the_queue(
    opened: Callable[..., ImportFile],
) -> None:
    log, cdr = calls(opened(QUEUE)), calls(opened(CDR))
    assert len(log) == 93
    assert {key: (call.word, call.day, call.rank) for key, call in log.items()} == {
        key: (call.word, call.day, call.rank)
        for key, call in cdr.items()
        if call.word != "pbx_unqueued"
    }


def test_both_agree_on_how_long_callers_waited_and_talked(
    opened: Callable[..., ImportFile],
) -> None:
    log, cdr = calls(opened(QUEUE)), calls(opened(CDR))
    answered = [key for key, call in log.items() if call.word == "pbx_answered"]
    assert [(log[key].waited, log[key].talked) for key in answered] == [
        (cdr[key].waited, cdr[key].talked) for key in answered
    ]
    gone = [key for key, call in log.items() if call.word == "pbx_abandoned"]
    assert [log[key].waited for key in gone] == [cdr[key].waited for key in gone]


def test_no_number_of_a_caller_is_in_what_is_counted(opened: Callable[..., ImportFile]) -> None:
    with CDR.open(newline="", encoding="latin-1") as file:
        numbers = {row[1] for row in csv.reader(file)} - {"anonymous", ""}
    told = "".join(
        f"{call.key} {call.word}" for path in (QUEUE, CDR) for call in calls(opened(path)).values()
    )
    assert len(numbers) > 50
    assert not [number for number in numbers if number in told]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_cdr_is_recognised_and_gives_the_same_calls(
    tmp_path: Path,
    rows: list[dict[str, str]],
    opened: Callable[..., ImportFile],
    mapping: Mapping,
    shape: str,
) -> None:
    columns = profile_named(mapping, shape).header
    if shape == "cdr_mysql":
        columns = (*columns, "did", "linkedid")
        rows = [dict(zip(columns, columns, strict=True)), *rows]
    file = opened(written(tmp_path / "cdr.csv", rows, columns))
    assert file.remarks[0].startswith(f"Profil {shape} dikenali: ")
    assert file.remarks[1:] == ("cdr.csv: 329 baris CDR menjadi 98 panggilan.",)
    counts = Counter(call.word for call in calls(file).values())
    assert counts == Counter(call.word for call in calls(opened(CDR)).values())


def test_rows_of_a_query_are_counted_one_by_one_and_the_one_that_knows_most_wins(
    rows: list[dict[str, str]],
    opened: Callable[..., ImportFile],
    new_settings: Callable[..., Settings],
    mapping: Mapping,
) -> None:
    best: dict[str, Counted] = {}
    for number, row in enumerate(rows, start=1):
        item = record_of(
            row,
            profile=profile_named(mapping, "cdr_mysql"),
            origin=Origin("cdr", number),
            settings=new_settings(),
            mapping=mapping,
        )
        assert isinstance(item, Counted)
        if item.key not in best or item.rank >= best[item.key].rank:
            best[item.key] = item
    answered = {key for key, call in best.items() if call.word == "pbx_answered"}
    assert answered == {
        key for key, call in calls(opened(CDR)).items() if call.word == "pbx_answered"
    }


def test_a_row_of_a_query_without_a_day_is_named(
    rows: list[dict[str, str]], new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    profile = profile_named(mapping, "cdr_mysql")
    with pytest.raises(UnreadableError, match=r"^cdr, baris 7, kolom calldate tidak terbaca$"):
        record_of(
            rows[0] | {"calldate": "kemarin"},
            profile=profile,
            origin=Origin("cdr", 7),
            settings=new_settings(),
            mapping=mapping,
        )


def test_times_in_utc_are_counted_under_the_day_in_the_city(
    tmp_path: Path,
    rows: list[dict[str, str]],
    new_settings: Callable[..., Settings],
    mapping: Mapping,
) -> None:
    tables = dict(mapping.tables)
    stock = tables["profiles"]["cdr_18"] | {"zone": "UTC"}
    utc = Mapping.from_tables("call112", tables | {"profiles": {"cdr_18": stock}})
    row = rows[0] | {"start": "2026-01-17 18:30:00"}
    path = written(tmp_path / "Master.csv", [row], profile_named(utc, "cdr_18").header)
    [call] = open_export(path, settings=new_settings(), mapping=utc).raws
    assert isinstance(call, Counted)
    assert str(call.day) == "2026-01-18"


def test_a_queue_log_cut_in_its_last_line_waits_for_the_rest_of_it(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    path = tmp_path / "queue_log"
    path.write_bytes(QUEUE.read_bytes()[:-4])
    file = opened(path)
    assert (
        "queue_log, baris 361, kolom CALLTIME: baris terakhir belum selesai ditulis; "
        "dibaca bila sudah lengkap"
    ) in file.remarks
    cut, whole = calls(file), calls(opened(QUEUE))
    [last] = [key for key in whole if cut[key] != whole[key]]
    assert cut[last].word == "pbx_answered"
    assert cut[last].talked is None
    assert cut[last].rank < whole[last].rank


def test_a_cdr_cut_in_its_last_line_gives_the_rows_before(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    path = tmp_path / "cdr_master.csv"
    path.write_bytes(CDR.read_bytes()[:-70])
    file = opened(path)
    assert (
        "cdr_master.csv, baris 329, kolom amaflags: baris terpotong, 16 dari 21 kolom; tidak dihitung"
    ) in file.remarks
    assert len(calls(file)) == 98


def test_a_cell_that_cannot_be_read_costs_its_row_and_no_other(
    tmp_path: Path,
    rows: list[dict[str, str]],
    opened: Callable[..., ImportFile],
    mapping: Mapping,
) -> None:
    columns = profile_named(mapping, "cdr_21").header
    rows[5]["start"], rows[9]["billsec"] = "kapan-kapan", "sebentar"
    file = opened(written(tmp_path / "cdr.csv", rows, columns))
    assert file.remarks[1:-1] == (
        "cdr.csv, baris 6, kolom start: tidak terbaca; baris tidak dihitung",
        "cdr.csv, baris 10, kolom billsec: tidak terbaca; baris tidak dihitung",
    )
    assert len(calls(file)) == 98


@pytest.mark.parametrize("source", [CDR, QUEUE])
def test_a_line_twice_is_said_and_changes_no_count(
    tmp_path: Path, opened: Callable[..., ImportFile], source: Path
) -> None:
    lines = source.read_bytes().splitlines(keepends=True)
    path = tmp_path / source.name
    path.write_bytes(b"".join([*lines[:30], lines[29], *lines[30:]]))
    file = opened(path)
    [sentence] = [each for each in file.remarks if "sama dengan baris 30" in each]
    assert sentence.startswith(f"{source.name}, baris 31, kolom ")
    assert calls(file) == calls(opened(source))


def test_a_call_in_the_queue_at_the_end_of_the_log_is_open_until_a_later_file(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    lines = QUEUE.read_bytes().splitlines(keepends=True)
    path = tmp_path / "queue_log"
    path.write_bytes(b"".join(lines[:7]))
    [call] = calls(opened(path)).values()
    later = calls(opened(QUEUE))[call.key]
    assert (call.word, later.word) == ("pbx_open", "pbx_answered")
    assert call.rank < later.rank


def test_a_large_cdr_is_read_in_the_memory_of_a_small_one(
    tmp_path: Path,
    rows: list[dict[str, str]],
    opened: Callable[..., ImportFile],
    mapping: Mapping,
) -> None:
    columns = profile_named(mapping, "cdr_21").header

    def many(count: int) -> Iterator[dict[str, str]]:
        for number in range(count):
            for row in rows:
                yield row | {"linkedid": f"{row['linkedid']}.{number}", "sequence": str(number)}

    def peak(count: int) -> tuple[int, int]:
        path = tmp_path / "besar.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([row[name] for name in columns] for row in many(count))
        tracemalloc.start()
        found = opened(path)
        total = sum(1 for _ in found.raws)
        assert total == found.total
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return total, most

    # From 42 on the window is full.
    (few, small), (more, large) = peak(45), peak(90)
    assert (few, more) == (98 * 45, 98 * 90)
    assert large < small * 1.2
