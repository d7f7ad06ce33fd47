"""What the desk knows of agreement: by channel, how long it takes, the oldest, and what is not here."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.store import desk, tables
from hub.store.desk import ALL, Standing, WhyUnknown
from tests.integration.web import invented
from tests.integration.web.invented import NOW, ago


async def arrived(
    connection: AsyncConnection, number: int, connector: str, seconds: float, **given: Any
) -> None:
    row = {"state": "settled", "promised_at": ago(days=1), "parcel_id": f"{id(given):032x}"}
    row |= {"settled_at": ago(days=1) + timedelta(seconds=seconds)}
    await invented.parcel(connection, number, connector, **row | given)


async def raw(connection: AsyncConnection, key: str, **given: Any) -> int:
    row = {"how": "poll", "connector": "sp4n", "external_id": key, "state": "read"}
    return await invented.unreadable(connection, key, **row | given)


async def news(connection: AsyncConnection, inbox_id: int, outcome: str) -> None:
    row = {"connector": "sp4n", "key": f"news:{inbox_id}", "kind": "StatusNews", "at": NOW}
    await connection.execute(
        insert(tables.news).values(**row, inbox_id=inbox_id, outcome=outcome, reason="no such")
    )


async def test_every_channel_is_counted_by_itself(each_engine: AsyncEngine) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", shown="in_progress")
        await invented.source(connection, number, "whatsapp", told="received")
        found = await desk.agreement_by_channel(connection)
    assert {name: (each.agreeing, each.untold, each.total) for name, each in found.items()} == {
        "sp4n": (1, 0, 1),
        "whatsapp": (0, 1, 1),
    }
    assert not found["whatsapp"].is_settled


async def test_the_oldest_disagreement_names_the_complaint_the_channel_and_the_reason(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        for index, hours in enumerate((2, 7, 3)):
            number = await invented.complaint(
                connection, f"PKL-26-00000{index}", status_at=ago(hours=hours)
            )
            contradicts = {"shown": "closed", "shown_at": ago(hours=hours)}
            await invented.source(
                connection, number, "sp4n", disagrees="mereka menutup", **contradicts
            )
        oldest = await desk.oldest_disagreement(connection)
    assert oldest is not None
    assert (oldest.ticket, oldest.connector, oldest.since) == (
        "PKL-26-000001",
        "sp4n",
        ago(hours=7),
    )
    assert (oldest.standing, oldest.reason) == (Standing.CONTRADICTS, "mereka menutup")


async def test_where_all_agree_there_is_no_oldest(each_engine: AsyncEngine) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", shown="in_progress")
        assert await desk.oldest_disagreement(connection) is None


async def test_half_and_nearly_all_took_no_longer_than_is_said(each_engine: AsyncEngine) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n")
        for seconds in range(1, 21):
            await arrived(connection, number, "sp4n", seconds, parcel_id=f"{seconds:032x}")
        found = await desk.times_to_agreement(connection, days=7, now=NOW)
    for took in (found[ALL], found["sp4n"]):
        assert took.p50 is not None
        assert took.p95 is not None
        assert (took.number, took.waiting) == (20, 0)
        assert (round(took.p50, 2), round(took.p95, 2)) == (10, 19)


async def test_a_stuck_parcel_counts_as_long_as_it_has_waited_and_in_every_window(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n")
        await arrived(connection, number, "sp4n", 2, parcel_id="a" * 32)
        await invented.parcel(
            connection, number, "sp4n", state="abandoned", promised_at=ago(days=40)
        )
        for days in (7, 30):
            took = (await desk.times_to_agreement(connection, days=days, now=NOW))[ALL]
            assert (took.number, took.waiting) == (2, 1)
            assert round(took.p95 or 0) == timedelta(days=40).total_seconds()


async def test_a_window_leaves_out_what_arrived_before_it_and_what_is_no_status(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n")
        long_ago = {"promised_at": ago(days=9), "settled_at": ago(days=8)}
        await arrived(connection, number, "sp4n", 2, parcel_id="a" * 32)
        await arrived(connection, number, "sp4n", 0, parcel_id="b" * 32, **long_ago)
        await arrived(connection, number, "sp4n", 9, parcel_id="c" * 32, kind="addition")
        await arrived(connection, number, "sp4n", 9, parcel_id="d" * 32, state="dropped")
        week = await desk.times_to_agreement(connection, days=7, now=NOW)
        month = await desk.times_to_agreement(connection, days=30, now=NOW)
    assert (week[ALL].number, month[ALL].number) == (1, 2)


async def test_with_no_parcel_there_are_no_quantiles(each_engine: AsyncEngine) -> None:
    async with each_engine.connect() as connection:
        found = await desk.times_to_agreement(connection, days=7, now=NOW)
    assert (found[ALL].number, found[ALL].p50) == (0, None)


async def test_what_a_list_has_and_we_have_not_is_told_with_its_reason(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        heard = await raw(connection, "900001", how="inspect", summary="1 unknown_source")
        await news(connection, heard, "unknown_source")
        await raw(connection, "900002", state="unreadable", summary="no date")
        await raw(connection, "900003", how="import", summary="dilepaskan: salah ketik (rini)")
        await raw(connection, "row-7", how="import", external_id=None, state="unreadable")
        total, found = await desk.unknown_here(connection)
    assert total == 4
    assert {each.external_id: each.why for each in found} == {
        "900001": WhyUnknown.UNKNOWN_SOURCE,
        "900002": WhyUnknown.UNREADABLE,
        "900003": WhyUnknown.LET_GO,
        None: WhyUnknown.UNREADABLE,
    }


async def test_what_is_here_after_all_is_not_listed(each_engine: AsyncEngine) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", external_id="900001")
        await invented.report(connection, number, connector="sp4n", external_id="900002")
        for external_id in ("900001", "900002"):
            await raw(connection, external_id, state="unreadable")
        await raw(connection, "900003")
        await raw(connection, "wamid.1", how="webhook", state="unreadable")
        assert await desk.unknown_here(connection) == (0, ())


async def test_the_same_number_twice_is_listed_once_and_the_latest_first(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        for index in range(3):
            await raw(
                connection, f"a{index}", external_id="900001", state="unreadable",
                received_at=ago(hours=5 - index),
            )  # fmt: skip
        await raw(connection, "900002", state="unreadable", received_at=ago(minutes=1))
        total, [first] = await desk.unknown_here(connection, limit=1)
        _, both = await desk.unknown_here(connection)
    assert (total, first.external_id) == (2, "900002")
    assert both[1].heard_at == ago(hours=3)
