"""What is carried by hand and by file: laid out, written, answered."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.contract import Delivery, Linked, Mapping, Slip, Status, StatusNews, StoredFile
from hub.intake.linked import take_linked
from hub.intake.outcome import Outcome
from hub.intake.statuses import take_status
from hub.rows import Kind
from hub.watch.housekeeping import ChoreRules, Housekeeping
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, Holder

RINI, BUDI = "Rini", "Budi"
WORDS = Mapping(
    name="anywhere",
    status_in={
        "verifikasi": Status.VERIFIED,
        "proses": Status.IN_PROGRESS,
        "selesai": Status.CLOSED,
    },
)
Upstreams = dict[str, Holder]


class WithAFile(Carried):
    """Every slip has one attachment."""

    def __init__(self, file: Path, **given: Any) -> None:
        super().__init__(**given)
        self.file = file

    def slip(self, delivery: Delivery) -> Slip:
        files = (StoredFile("foto.jpg", "image/jpeg", 3, self.file),)
        return replace(super().slip(delivery), files=files)


def carried_by(upstream: Carried) -> Upstreams:
    """The upstream, with words for its statuses."""
    return {upstream.name: Holder(upstream, WORDS)}


async def opening(shop: Shop, books: Books, upstreams: Upstreams) -> tuple[Known, str]:
    """A complaint that waits to be opened there by hand."""
    about = await books.complaint()
    parcel_id = await books.promise(about, kind=Kind.OPENING, needed=True)
    await shop.hand_over(upstreams).drain()
    return about, parcel_id


async def answered(books: Books, upstreams: Upstreams, marker: str, number: str) -> Outcome:
    """A row of their answer file comes in."""
    news = Linked(key=marker, marker=marker, external_id=number, where="balasan.csv, baris 2")
    async with books.database.begin() as work:
        return await take_linked(work, "anywhere", news, upstreams=upstreams, at=books.clock())


async def shows(
    books: Books, upstreams: Upstreams, word: str, *, at: datetime, number: str = "X-1"
) -> Outcome:
    """They show a status of a complaint of theirs."""
    news = StatusNews(
        key=f"{number}:{word}:{at}", external_id=number, theirs=word,
        status=WORDS.to_status(word), at=at,
    )  # fmt: skip
    async with books.database.begin() as work:
        return await take_status(work, "anywhere", news, upstreams=upstreams, at=books.clock())


async def started(shop: Shop, upstreams: Upstreams) -> None:
    """The hub starts with these settings."""
    chores = Housekeeping(
        begin=shop.begin, upstreams=upstreams, clock=shop.clock, rules=ChoreRules()
    )
    await chores.take_over()


def rows_of(path: Path) -> list[dict[str, str]]:
    """What a CSV holds, row by row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def markers_in(*paths: Path) -> list[str]:
    """The marker of every row in these files, as far as they exist."""
    return [row["penanda"] for path in paths if path.exists() for row in rows_of(path)]
