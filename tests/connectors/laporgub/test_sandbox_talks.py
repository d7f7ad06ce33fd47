"""The connector and the imitation, with no socket between them."""

import csv
import io
import tomllib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.laporgub import Settings, build
from hub.contract import (
    Absent,
    Content,
    Delivery,
    Found,
    Held,
    Linked,
    Mapping,
    Opening,
    OutcomeUnknown,
    Place,
    Report,
    Status,
    StatusNews,
    StatusUpdate,
    Throttled,
)
from tests.connectors.laporgub.sandboxed import TICKET, Province, province

ROOT = Path(__file__).parents[3]
PARCEL_ID = "0123456789abcdef0123456789abcdef"
SAID_AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
OPENING = Opening(
    title="Jalan provinsi berlubang",
    text="Jalan provinsi di Kuripan berlubang sejak Senin.",
    said_at=SAID_AT,
    category="jalan",
    place=Place(-6.9218, 109.6711, "Jl. Raya Kuripan"),
)
MOVED = StatusUpdate(status=Status.IN_PROGRESS, at=SAID_AT, note="Petugas sudah di lokasi.")


@pytest.fixture
async def there() -> AsyncIterator[Province]:
    new = province()
    async with new.client:
        yield new


def mapping() -> Mapping:
    tables = tomllib.loads((ROOT / "mappings" / "laporgub.toml").read_text(encoding="utf-8"))
    return Mapping.from_tables("laporgub", tables)


def connector(there: Province, mode: str) -> Any:
    told: dict[str, Any] = {
        name.removeprefix("LAPORGUB_").lower(): value
        for name, value in there.imitation.environment().items()
    }
    return build(Settings(**(told | {"mode": mode})), mapping(), transport=there.transport)


def delivery(content: Content, **around: Any) -> Delivery:
    return Delivery(**({"parcel_id": PARCEL_ID, "ticket": TICKET} | around), content=content)


async def test_what_is_pushed_is_found_again_and_walks_through_the_officers(
    there: Province,
) -> None:
    speaker = connector(there, "api")
    opening = delivery(OPENING)
    assert isinstance(await speaker.find(opening), Absent)
    number = (await speaker.push(opening)).external_id
    assert await speaker.find(opening) == Found(number)
    seen = []
    for _ in range(4):
        news = list(speaker.read(await speaker.inspect(number)))
        seen += [each.status for each in news if isinstance(each, StatusNews)]
        await there.imitation.act(there.stage.rng)
    assert seen == [Status.RECEIVED, Status.VERIFIED, Status.IN_PROGRESS, Status.CLOSED]
    await speaker.aclose()


async def test_a_follow_up_whose_answer_was_lost_is_found_by_its_marker(there: Province) -> None:
    speaker = connector(there, "api")
    number = (await speaker.push(delivery(OPENING))).external_id
    update = delivery(MOVED, external_id=number, parcel_id="fedcba9876543210" * 2)
    assert isinstance(await speaker.find(update), Absent)
    await there.fail("truncated", route="tindak-lanjut", times=1)
    with pytest.raises(OutcomeUnknown):
        await speaker.push(update)
    assert isinstance(await speaker.find(update), Found)
    assert len(there.journal("followed_up")) == 1
    await speaker.aclose()


async def test_who_complained_there_directly_comes_in_by_the_list(there: Province) -> None:
    speaker = connector(there, "api")
    for scene in there.imitation.scenes(there.stage.rng):
        await there.imitation.play(scene.action, scene.facts)
    page = await speaker.poll(None)
    news = [each for raw in page.raws for each in speaker.read(raw)]
    reports = [each for each in news if isinstance(each, Report)]
    assert {each.external_id for each in reports} == {
        facts["message"] for facts in there.journal("said")
    }
    assert all(each.status is Status.RECEIVED for each in reports)
    assert b"Warsito" not in b"".join(raw.body for raw in page.raws)
    await speaker.aclose()


async def test_a_card_copied_into_the_form_is_followed_on_the_public_page(
    there: Province,
) -> None:
    reader = connector(there, "assisted")
    card = reader.slip(delivery(OPENING))
    copied = {entry.name: entry.text for entry in card.entries}
    made = await there.play("create", **copied)
    number = reader.number(f" {made['ticket'].lower()} ").text
    assert made["marker"] == TICKET
    update = delivery(MOVED, external_id=number)
    copied = {entry.name: entry.text for entry in reader.slip(update).entries}
    await there.play("follow_up", ticket=number, **copied)
    assert there.journal("followed_up")[0]["marker"] == PARCEL_ID[:12]
    [news] = reader.read(await reader.inspect(number))
    assert news.status is Status.IN_PROGRESS
    assert news.theirs == there.journal("moved")[-1]["status"]
    assert [answer.marker for answer in news.answers] == [PARCEL_ID[:12]]
    await reader.aclose()


async def test_the_reader_of_pages_stops_at_a_captcha_and_at_429(there: Province) -> None:
    reader = connector(there, "assisted")
    number = await there.reported()
    await there.play("switch", captcha="on")
    with pytest.raises(Held):
        await reader.inspect(number)
    await reader.aclose()
    await there.play("switch", captcha="off", too_many="on")
    # Once stopped, a reader looks at nothing for hours; this one has not been stopped yet.
    another = connector(there, "assisted")
    with pytest.raises(Throttled):
        await another.inspect(number)
    await another.aclose()


async def test_a_file_goes_there_and_its_answer_links_every_row(
    there: Province, tmp_path: Path
) -> None:
    carrier = connector(there, "file")
    known = await there.reported()
    carried = [
        delivery(OPENING),
        delivery(MOVED, external_id=known, parcel_id="fedcba9876543210" * 2),
    ]
    (tmp_path / "keluar.csv").write_text(exported(carrier, carried), encoding="utf-8")
    answer = await there.play("upload", path=str(tmp_path / "keluar.csv"))
    assert (answer["created"], answer["followed_up"], answer["refused"]) == (1, 1, [])
    (tmp_path / "jawaban.csv").write_text(answer["answer"], encoding="utf-8")
    news = [
        each
        for raw in carrier.open_export(tmp_path / "jawaban.csv").raws
        for each in carrier.read(raw)
    ]
    assert all(isinstance(each, Linked) for each in news)
    assert [(each.marker, each.external_id) for each in news] == [
        (PARCEL_ID[:12], "LGWP10000002"),
        ("fedcba987654", known),
    ]
    await carrier.aclose()


async def test_their_export_is_read_back_as_reports_with_their_status(
    there: Province, tmp_path: Path
) -> None:
    carrier = connector(there, "file")
    number = await there.reported(kategori="bencana")
    await there.play("move", ticket=number, status="selesai", text="Tanggul sudah ditutup.")
    (tmp_path / "ekspor.csv").write_text((await there.play("download"))["csv"], encoding="utf-8")
    news = [
        each
        for raw in carrier.open_export(tmp_path / "ekspor.csv").raws
        for each in carrier.read(raw)
    ]
    [status] = [each for each in news if isinstance(each, StatusNews)]
    assert (status.external_id, status.status) == (number, Status.CLOSED)
    assert [answer.text for answer in status.answers] == ["Tanggul sudah ditutup."]
    await carrier.aclose()


def exported(carrier: Any, carried: list[Delivery]) -> str:
    """As `hub export` writes it: three columns of the hub, then those of the connector."""
    rows = []
    for each in carried:
        entries = {entry.name: entry.text for entry in carrier.slip(each).entries}
        ours = {"penanda": each.parcel_id[:12], "tiket": each.ticket}
        rows.append(ours | {"nomor": each.external_id or ""} | entries)
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
