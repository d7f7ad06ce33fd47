"""Attachments: fetched, checked, sniffed, tried again, and passed on when they come late."""

import errno
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hub.domain.matching.photos import likeness_distance
from hub.ports import DatabaseAway
from hub.sandbox import Fault, FaultKind
from hub.settings import Settings
from hub.store import tables
from hub.store.files import SqlFiles
from hub.store.work import SqlWork
from tests.integration.intake.meta import post, said, webhook
from tests.integration.intake.rows import rows_of
from tests.journey.city import BUDI, City, city_of

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."


async def files(city: City) -> list[Any]:
    return await rows_of(city.hub.database, tables.attachments)


async def is_given_up(city: City) -> bool:
    """Whether the hub stops asking for the one file within a few minutes."""
    for _ in range(5):
        city.clock.pass_time(minutes=1)
        await city.work()
    return [file.state for file in await files(city)] == ["failed"]


def on_disk(city: City) -> list[Path]:
    return [path for path in city.hub.settings.files_dir.rglob("*") if path.is_file()]


async def test_a_photo_lies_on_disk_with_the_type_its_bytes_say(city: City) -> None:
    shelf = city.world.whatsapp.desk.shelf
    media = shelf.in_webhook(shelf.make("document"))
    photo = media | {"mime_type": "image/jpeg"}
    one = said("", at=city.clock(), type="image", image=photo | {"caption": HOLE})
    await post(city.hub, webhook(one))
    await city.falls_silent()
    [file] = await files(city)
    assert (file.state, file.media_type, file.declared_type) == (
        "stored", "application/pdf", "image/jpeg",
    )  # fmt: skip
    [path] = on_disk(city)
    assert path == city.hub.settings.files_dir / file.path
    assert path.stat().st_size == file.size


async def test_a_photo_is_known_again_by_its_bytes_and_by_its_likeness(city: City) -> None:
    await city.says(HOLE, how="photo")
    await city.falls_silent()
    [file] = await files(city)
    [path] = on_disk(city)
    assert file.sha256 == sha256(path.read_bytes()).hexdigest()
    async with city.hub.database.begin() as work:
        found = await work.files.photos_of([file.report_id, 0])
    likeness = {f"p:{file.likeness}"} if file.likeness else set()
    assert dict(found) == {file.report_id: {file.sha256} | likeness}


async def test_the_same_photo_made_smaller_has_nearly_the_same_likeness(city: City) -> None:
    photo = Image.effect_mandelbrot((1200, 900), (-2.0, -1.5, 1.0, 1.5), 40)
    album = {"1": photo, "2": photo.resize((400, 300)), "3": photo.rotate(180)}
    upstreams = city.hub.registry.upstreams
    assert isinstance(upstreams, dict)
    built = upstreams["whatsapp"]
    upstreams["whatsapp"] = replace(built, connector=Album(built.connector, album))
    for ref in album:
        image = {"id": ref, "caption": HOLE}
        one = said("", at=city.clock(), number=ref, type="image", image=image)
        await post(city.hub, webhook(one))
        await city.falls_silent()
    first, smaller, other = await files(city)
    assert len({first.sha256, smaller.sha256, other.sha256}) == 3
    assert likeness_distance(first.likeness, smaller.likeness) <= 6
    assert likeness_distance(first.likeness, other.likeness) > 6
    async with city.hub.database.begin() as work:
        found = await work.files.photos_of([first.report_id])
    assert f"p:{first.likeness}" in found[first.report_id]


async def test_what_is_no_picture_or_a_sticker_is_no_evidence(city: City) -> None:
    shelf = city.world.whatsapp.desk.shelf
    for kind, content in {"document": "document", "sticker": "image"}.items():
        media = {kind: shelf.in_webhook(shelf.make(content))}
        one = said("", at=city.clock(), number=kind, type=kind, **media)
        await post(city.hub, webhook(one))
    await city.falls_silent()
    stored = await files(city)
    assert {(file.kind, file.state) for file in stored} == {
        ("document", "stored"), ("sticker", "stored"),
    }  # fmt: skip
    async with city.hub.database.begin() as work:
        assert not await work.files.photos_of([file.report_id for file in stored])


async def test_a_file_whose_fingerprint_does_not_fit_is_refused_and_not_kept(city: City) -> None:
    shelf = city.world.whatsapp.desk.shelf
    wrong = {"sha256": b64encode(sha256(b"lain").digest()).decode(), "caption": HOLE}
    one = said(
        "", at=city.clock(), type="image", image=shelf.in_webhook(shelf.make("image")) | wrong
    )
    await post(city.hub, webhook(one))
    await city.falls_silent()
    assert await is_given_up(city)
    [file] = await files(city)
    assert "sha256" in file.problem
    assert on_disk(city) == []
    assert len(city.happened("filed")) == 1, "the words go without the photo"


async def test_a_file_larger_than_the_cap_is_not_kept(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(
        secret_key="0" * 32, api_keys="rini:kunci-rini", database_url=database_url,
        files_dir=tmp_path / "files", max_file_bytes=100,
    )  # fmt: skip
    async with city_of(settings, monkeypatch=monkeypatch) as city:
        await city.says(HOLE, how="photo")
        await city.falls_silent()
        [file] = await files(city)
        assert file.state == "failed"
        assert "lebih besar" in file.problem
        assert on_disk(city) == []


async def test_a_passing_failure_is_tried_again_and_the_complaint_waits_for_its_photo(
    city: City,
) -> None:
    faults = city.world.faults["whatsapp"].faults
    faults.append(Fault(kind=FaultKind.STATUS, route=r"GET /v", status=503, times=3))
    await city.says(HOLE, how="photo")
    await city.reads()
    assert [file.state for file in await files(city)] == ["expected"]
    await city.hub.files.drain()
    [file] = await files(city)
    assert (file.state, file.tries) == ("expected", 1)
    await city.falls_silent()
    await city.falls_silent()
    [file] = await files(city)
    assert file.state == "stored"
    [report] = city.world.sp4n._desk.reports.values()
    assert len(report.files) == 1


async def test_a_full_disk_is_one_card_holds_nothing_up_and_leaves_nothing_half_written(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_full = [True]

    def reach_the_disk(file: int) -> None:
        del file
        if is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("hub.intake.shelved.os.fsync", reach_the_disk)
    await city.says(HOLE, how="photo")
    await city.falls_silent()
    for _ in range(3):
        city.clock.pass_time(minutes=6)
        await city.work()
    [card] = [card for card in await city.get("/cards") if card["kind"] == "disk"]
    assert "Disk penuh" in card["text"]
    [file] = await files(city)
    assert (file.state, on_disk(city)) == ("expected", [])
    assert "Disk penuh" in file.problem
    assert len(city.happened("filed")) == 1, "the words go without the photo"

    is_full.clear()
    city.clock.pass_time(minutes=6)
    await city.falls_silent()
    [file] = await files(city)
    assert (file.state, len(on_disk(city))) == ("stored", 1)
    assert "disk" not in {card["kind"] for card in await city.get("/cards")}
    [report] = city.world.sp4n._desk.reports.values()
    assert [len(each.files) for each in report.followups] == [1]


async def test_a_file_of_which_nobody_could_take_note_does_not_stay_on_disk(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise DatabaseAway("pergi")

    await city.says(HOLE, how="photo")
    await city.reads()
    with monkeypatch.context() as patch:
        patch.setattr(SqlFiles, "stored", away)
        await city.hub.files.drain()
    assert on_disk(city) == []
    city.clock.pass_time(minutes=11)
    await city.hub.files.drain()
    [file] = await files(city)
    assert (file.state, len(on_disk(city))) == ("stored", 1)


async def test_a_file_that_was_noted_stays_where_only_the_answer_to_that_was_lost(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, stored, noted = city.hub.database.begin, SqlFiles.stored, []

    async def note(*given: Any, **facts: Any) -> int | None:
        noted.append(facts["path"])
        return await stored(*given, **facts)

    @asynccontextmanager
    async def begin_and_lose() -> AsyncIterator[SqlWork]:
        async with begin() as work:
            yield work
        if noted:
            raise DatabaseAway("pergi")

    monkeypatch.setattr(SqlFiles, "stored", note)
    monkeypatch.setattr(city.hub.files, "_begin", begin_and_lose)
    await city.says(HOLE, how="photo")
    await city.reads()
    with pytest.raises(DatabaseAway):
        await city.hub.files.drain()
    [file] = await files(city)
    assert file.state == "stored"
    assert on_disk(city) == [city.hub.settings.files_dir / file.path]


async def test_a_folder_that_cannot_be_written_is_tried_again(city: City) -> None:
    folder = city.hub.settings.files_dir
    folder.write_text("no folder")
    await city.says(HOLE, how="photo")
    await city.reads()
    await city.hub.files.drain()
    [file] = await files(city)
    assert file.state == "expected"
    assert "Folder lampiran tidak dapat ditulis" in file.problem
    folder.unlink()
    await city.falls_silent()
    [file] = await files(city)
    assert file.state == "stored"


async def test_after_a_day_there_is_one_card_and_after_seven_it_is_given_up(city: City) -> None:
    faults = city.world.faults["whatsapp"].faults
    faults.append(Fault(kind=FaultKind.STATUS, route=r"GET /v", status=401))
    await city.says(HOLE, how="photo")
    await city.reads()
    for _ in range(3):
        await city.hub.files.drain()
        city.clock.pass_time(hours=13)
    [card] = [card for card in await city.get("/cards") if card["kind"] == "files"]
    assert "24 jam" in card["text"]
    city.clock.pass_time(days=7)
    await city.hub.files.drain()
    [file] = await files(city)
    assert file.state == "failed"


async def test_what_is_gone_at_meta_is_given_up_within_minutes_and_the_words_go_without_it(
    city: City,
) -> None:
    one = said("", at=city.clock(), type="image", image={"id": "404", "caption": HOLE})
    await post(city.hub, webhook(one))
    await city.falls_silent()
    assert await is_given_up(city)
    assert len(city.happened("filed")) == 1
    kinds = [card["kind"] for card in await city.get("/cards")]
    assert kinds.count("file") == 1


async def test_a_file_that_comes_after_its_complaint_has_left_follows_as_an_addition(
    city: City,
) -> None:
    faults = city.world.faults["whatsapp"].faults
    slow = Fault(kind=FaultKind.STATUS, route=r"GET /v", status=503)
    faults.append(slow)
    await city.says(HOLE, how="photo")
    await city.falls_silent()
    assert city.happened("filed") == [], "it waits for the photo"
    city.clock.pass_time(minutes=16)
    await city.work()
    [filed] = city.happened("filed")
    faults.remove(slow)
    city.clock.pass_time(hours=2)
    await city.work()
    [added] = city.happened("followed_up")
    assert added["external_id"] == filed["external_id"]
    [report] = city.world.sp4n._desk.reports.values()
    assert [len(each.files) for each in report.followups] == [1]


class Album:
    """Gives pictures by their id."""

    def __init__(self, old: Any, pictures: Mapping[str, Image.Image]) -> None:
        self._old, self._pictures = old, pictures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._old, name)

    async def fetch(self, ref: str, *, route: str | None) -> AsyncIterator[bytes]:
        del route
        content = BytesIO()
        self._pictures[ref].save(content, "JPEG")
        yield content.getvalue()


class SlowShelf:
    """Gives one file, and only after the turn that named it is over."""

    def __init__(self, city: City, old: Any) -> None:
        self.city, self._old = city, old

    def __getattr__(self, name: str) -> Any:
        return getattr(self._old, name)

    async def fetch(self, ref: str, *, route: str | None) -> AsyncIterator[bytes]:
        del ref, route
        yield b"\xff\xd8\xff\xe0"
        self.city.clock.pass_time(seconds=6)
        await self.city.hub.turns.step()
        for relay in self.city.hub.relays.values():
            await relay.drain()
        yield b"\x00\x10JFIF"


async def test_a_file_still_on_its_way_when_its_words_join_a_complaint_is_not_forgotten(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent(seconds=18)
    upstreams = city.hub.registry.upstreams
    assert isinstance(upstreams, dict)
    built = upstreams["whatsapp"]
    upstreams["whatsapp"] = replace(built, connector=SlowShelf(city, built.connector))
    citizen = city.world.whatsapp.citizens.named(BUDI).user_id
    photo = {"id": "1", "caption": "Ini fotonya"}
    one = said("", at=city.clock(), user_id=citizen, type="image", image=photo)
    await post(city.hub, webhook(one))
    await city.reads()
    await city.hub.files.drain()
    await city.work()
    [report] = city.world.sp4n._desk.reports.values()
    assert sum(len(each.files) for each in report.followups) == 1
