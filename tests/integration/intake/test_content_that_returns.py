"""The same again is nothing new; what has been something else in between is."""

import csv
import os
from pathlib import Path

import pytest

from hub.contract import Raw
from hub.intake.importing import Imported
from hub.rows import How
from hub.store import tables
from tests.integration.intake.rows import LASTING, rows_of, snapshot
from tests.journey.city import City

COLUMNS = {
    "Tracking ID": "9000001",
    "Tanggal Laporan Masuk": "19 Jan 2026",
    "Waktu Laporan Masuk": "07:00:00",
    "Isi Laporan Awal": "Lampu jalan mati di Gang Melati.",
}
AT_WORK, PASSED_ON, DONE = "Dalam Proses", "Terdisposisi", "Selesai"


def export(folder: Path, status: str, *, day: int) -> Path:
    """What the admin site writes on that day of January."""
    file = folder / f"laporan_{day}.csv"
    row = COLUMNS | {"Status Laporan": status}
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["Tanggal Generate", f"{day} Jan 2026"])
        writer.writerow(list(row))
        writer.writerow(list(row.values()))
    os.utime(file, (day * 86_400, day * 86_400))
    return file


async def run(city: City, file: Path, *, dry_run: bool = False) -> tuple[int, int, int]:
    done: Imported = await city.hub.importing.run(
        "sp4n", file, dry_run=dry_run, progress=lambda *_: None
    )
    assert done.unreadable == []
    return done.new, done.changed, done.skipped


async def status_of_the_only_one(city: City) -> str:
    [complaint] = await city.complaints()
    return str(complaint["status"])


async def test_a_row_that_returns_to_what_it_was_is_a_change_and_the_status_follows(
    city: City, tmp_path: Path
) -> None:
    assert await run(city, export(tmp_path, AT_WORK, day=20)) == (1, 0, 0)
    assert await run(city, export(tmp_path, PASSED_ON, day=21)) == (0, 1, 0)
    assert await status_of_the_only_one(city) == "forwarded"
    back = export(tmp_path, AT_WORK, day=22)
    assert await run(city, back, dry_run=True) == (0, 1, 0)
    assert await run(city, back) == (0, 1, 0)
    assert await status_of_the_only_one(city) == "in_progress"


async def test_the_very_same_file_again_is_no_change_also_after_a_return(
    city: City, tmp_path: Path
) -> None:
    files = [export(tmp_path, status, day=20 + n) for n, status in
             enumerate([AT_WORK, PASSED_ON, AT_WORK])]  # fmt: skip
    for file in files:
        await run(city, file)
    before = await snapshot(city.hub.database, (*LASTING, tables.inbox))
    assert await run(city, files[-1], dry_run=True) == (0, 0, 1)
    assert await run(city, files[-1]) == (0, 0, 1)
    assert await snapshot(city.hub.database, (*LASTING, tables.inbox)) == before


async def test_a_row_that_goes_to_and_fro_is_a_change_each_time(
    city: City, tmp_path: Path
) -> None:
    await run(city, export(tmp_path, AT_WORK, day=20))
    for day, status in enumerate([PASSED_ON, AT_WORK] * 2, start=21):
        assert await run(city, export(tmp_path, status, day=day)) == (0, 1, 0)
    assert await status_of_the_only_one(city) == "in_progress"


async def test_an_old_file_brought_after_a_newer_one_moves_nothing_back(
    city: City, tmp_path: Path
) -> None:
    old = export(tmp_path, AT_WORK, day=20)
    await run(city, old)
    await run(city, export(tmp_path, DONE, day=21))
    await run(city, old)
    assert await status_of_the_only_one(city) == "closed"
    assert await city.get("/cards") == []


async def kept(city: City, key: str, *, external_id: str | None = "c-1") -> bool:
    raw = Raw(key=key, body=b"{}", external_id=external_id)
    async with city.hub.database.begin() as work:
        announced = not await work.inbox.has("sp4n", raw)
        new = await work.inbox.keep("sp4n", raw, how=How.INSPECT, at=city.clock())
    assert announced is new, "a dry run must say what then happens"
    return new


@pytest.mark.parametrize("number", ["9000001", "A#1", "A#", "x" * 280])
async def test_each_way_in_remembers_for_itself_what_came_last(city: City, number: str) -> None:
    one, other = f"inspect:{number}:aa", f"inspect:{number}:bb"
    assert [await kept(city, key) for key in (one, one, other, other)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert await kept(city, f"import:{number}:cc")
    assert not await kept(city, other), "an import between two looks is no return"
    assert [await kept(city, key) for key in (one, one, other, one)] == [
        True, False, True, True,
    ]  # fmt: skip


async def test_what_is_about_no_complaint_never_returns(city: City) -> None:
    keys = ["webhook:aa", "webhook:bb", "webhook:aa"]
    assert [await kept(city, key, external_id=None) for key in keys] == [True, True, False]


async def test_keys_longer_than_a_column_are_kept_and_stay_apart(city: City) -> None:
    long = "inspect:" + "9" * 400
    assert await kept(city, f"{long}a")
    assert await kept(city, f"{long}b")
    assert not await kept(city, f"{long}b")
    rows = await rows_of(city.hub.database, tables.inbox)
    assert len({row.key for row in rows}) == 2
    # 300 is what PostgreSQL allows; SQLite would take anything.
    assert max(len(row.key) for row in rows) <= 300


async def test_news_with_keys_longer_than_a_column_are_noted_and_stay_apart(city: City) -> None:
    await kept(city, "inspect:1:aa")
    long = "status:" + "9" * 400
    async with city.hub.database.begin() as work:
        item = await work.inbox.next_unread(now=city.clock())
        assert item is not None
        noted = [
            await work.inbox.note_news(item, key=f"{long}{end}", kind="News", at=city.clock())
            for end in "aba"
        ]
    assert [each is not None for each in noted] == [True, True, False]
    rows = await rows_of(city.hub.database, tables.news)
    assert max(len(row.key) for row in rows) <= 300
