"""The same file again, a mended one, another one with the same answer: what each of them changes."""

import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from hub.contract import ImportFile, Linked, News, Raw, Unreadable
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.importing import Imported, ImportFiles
from hub.intake.read import ReadInbox
from hub.rows import State
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, upstreams_of
from tests.integration.delivery.carried import RINI, opening

REFUSED = "Bukan wewenang."


class Files(Carried):
    """Reads a row from each line: `<our ticket> tolak` is an answer, `rusak` cannot be read."""

    def open_export(self, path: Path) -> ImportFile:
        rows = [
            Raw(
                key=f"row:{path.name}:{number}:{line}",
                body=f"{path.name}|{number}|{line}".encode(),
            )
            for number, line in enumerate(path.read_text().splitlines(), start=2)
        ]
        return ImportFile(len(rows), iter(rows))

    def read(self, raw: Raw) -> Iterable[News]:
        name, number, line = raw.body.decode().split("|")
        first, _, rest = line.partition(" ")
        if first == "rusak":
            yield Unreadable(key=raw.key, reason=f"{name}, baris {number}: {line}")
        if rest == "tolak":
            yield Linked(
                key=raw.key, marker=first, refused=REFUSED, where=f"{name}, baris {number}"
            )


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    database = open_database(database_url)
    yield Books(database, SteppedClock())
    await database.aclose()


@pytest.fixture
def shop(books: Books, tmp_path: Path) -> Shop:
    return Shop(books, tmp_path)


UPSTREAMS = upstreams_of(Files())


async def brought(shop: Shop, path: Path, *lines: str, dry_run: bool = False) -> Imported:
    """Somebody saves these lines and imports the file; without lines, the file as it is."""
    if lines:
        save(path, lines)
    accept = Accept(upstreams=UPSTREAMS, turns=TurnRules())
    importing = ImportFiles(
        begin=shop.begin, upstreams=UPSTREAMS, clock=shop.clock,
        read=ReadInbox(begin=shop.begin, accept=accept, clock=shop.clock),
    )  # fmt: skip
    return await importing.run("anywhere", path, dry_run=dry_run, progress=lambda *_: None)


def save(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines))


def saved_later(path: Path) -> None:
    """The same words, written by them on another day."""
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 86_400))


async def test_a_mended_file_has_no_unreadable_rows_any_more(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "laporan.csv"
    broken = await brought(shop, path, "baik", "rusak satu")
    mended = await brought(shop, path, "baik", "sudah betul")
    assert broken.unreadable == ["laporan.csv, baris 3: rusak satu"]
    assert mended.unreadable == []


async def test_unreadable_rows_of_another_file_are_not_listed(shop: Shop, tmp_path: Path) -> None:
    await brought(shop, tmp_path / "nov-laporan.csv", "rusak satu")
    assert (await brought(shop, tmp_path / "laporan.csv", "baik")).unreadable == []


async def test_unreadable_rows_are_listed_each_time_their_file_is_brought(
    shop: Shop, tmp_path: Path
) -> None:
    path = tmp_path / "laporan.csv"
    first = await brought(shop, path, "baik", "rusak satu")
    again = await brought(shop, path)
    assert again.unreadable == first.unreadable != []
    assert (again.new, again.changed, again.skipped) == (0, 0, 2)


async def test_a_refusal_is_an_attempt_that_says_where_it_was_said(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    about, parcel_id = await opening(shop, books, UPSTREAMS)
    await brought(shop, tmp_path / "jawaban.csv", f"{about.ticket} tolak")
    assert (await books.attempts(parcel_id))[-1] == ("readback", "refused_there")
    assert REFUSED in (await books.open_cards())[0]["text"]


async def test_the_same_refusal_in_a_later_file_refuses_what_was_tried_again(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    about, parcel_id = await opening(shop, books, UPSTREAMS)
    path = tmp_path / "jawaban.csv"
    await brought(shop, path, f"{about.ticket} tolak")
    await shop.decide(UPSTREAMS).replay(parcel_id, who=RINI)
    await shop.hand_over(UPSTREAMS).drain()
    saved_later(path)
    await brought(shop, path)
    assert await books.state(parcel_id) == State.ABANDONED


async def test_the_same_answer_file_again_refuses_nothing_that_was_tried_again(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    about, parcel_id = await opening(shop, books, UPSTREAMS)
    path = tmp_path / "jawaban.csv"
    first = await brought(shop, path, f"{about.ticket} tolak")
    await shop.decide(UPSTREAMS).replay(parcel_id, who=RINI)
    await shop.hand_over(UPSTREAMS).drain()
    again = await brought(shop, path)
    assert (first.changed, again.changed, again.skipped) == (1, 0, 1)
    assert await books.state(parcel_id) == State.HANDED


async def test_a_dry_run_of_an_answer_file_counts_as_the_import_does(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    about, parcel_id = await opening(shop, books, UPSTREAMS)
    path = tmp_path / "jawaban.csv"
    dry = await brought(shop, path, f"{about.ticket} tolak", "rusak satu", dry_run=True)
    assert await books.state(parcel_id) == State.HANDED
    real = await brought(shop, path)
    assert dry == real
