"""Files that were half made: what has been settled since stays out, and none is forgotten."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from hub.contract import Mode
from hub.delivery.exported import CannotExport
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried
from tests.integration.delivery.carried import (
    BUDI,
    RINI,
    WithAFile,
    carried_by,
    markers_in,
    opening,
    rows_of,
)
from tests.integration.delivery.interrupted import (
    BEFORE_THE_BATCH,
    BEFORE_THE_FILE,
    Interrupted,
    Killed,
)


@pytest.mark.parametrize("outcome", ["carried", "dropped"])
async def test_what_was_settled_while_its_file_was_never_written_does_not_leave_in_it_later(
    shop: Shop, books: Books, tmp_path: Path, outcome: str
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    _, settled = await opening(shop, books, upstreams)
    _, waiting = await opening(shop, books, upstreams)
    dying = Interrupted(books.database, step=BEFORE_THE_FILE).export(shop, upstreams)
    path = tmp_path / "a.csv"
    with pytest.raises(Killed):
        await dying.run("anywhere", path, who=RINI)
    if outcome == "carried":
        await shop.handwork(upstreams).done(settled, number="X-1", who=RINI)
    else:
        await shop.decide(upstreams).drop(settled, who=BUDI, why="tidak perlu")
    await shop.export(upstreams).run("anywhere", path, who=RINI, again=True)
    assert markers_in(path) == [waiting[:12]]


async def test_a_file_that_was_cut_short_is_not_forgotten_when_another_export_had_begun_before_it(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    gate = asyncio.Event()
    slow = Interrupted(books.database, step=BEFORE_THE_BATCH, gate=gate)
    one, two, three = (tmp_path / f"{name}.csv" for name in ("satu", "dua", "tiga"))
    _, first = await opening(shop, books, upstreams)
    late = asyncio.create_task(slow.export(shop, upstreams).run("anywhere", two, who=BUDI))
    await slow.is_there.wait()
    dying = Interrupted(books.database, step=BEFORE_THE_FILE).export(shop, upstreams)
    with pytest.raises(Killed):
        await dying.run("anywhere", one, who=RINI)
    _, second = await opening(shop, books, upstreams)
    gate.set()
    with suppress(CannotExport):
        await late
    export = shop.export(upstreams)
    await export.run("anywhere", one, who=RINI, again=True)
    await export.run("anywhere", three, who=RINI)
    assert sorted(markers_in(one, two, three)) == sorted([first[:12], second[:12]])


async def test_a_row_names_no_attachment_that_is_not_in_the_archive(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(WithAFile(tmp_path / "hilang.jpg", mode=Mode.FILE))
    await opening(shop, books, upstreams)
    await shop.export(upstreams).run("anywhere", tmp_path / "a.csv", who=RINI)
    assert rows_of(tmp_path / "a.csv")[0]["lampiran"] == ""
