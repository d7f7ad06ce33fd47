"""What the desk reads, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.domain.status import Status
from hub.store import desk, tables
from hub.store.desk import Filter, Standing
from hub.store.desk.journey import MANY
from tests.integration.web import invented
from tests.integration.web.invented import NOW, ago

# What the source shows, what is on its way, and how it then stands to "in_progress".
STANDINGS: dict[str, tuple[dict[str, Any], dict[str, Any] | None, Standing]] = {
    "it shows our status": ({"shown": "in_progress"}, None, Standing.IN_STEP),
    "it was told our status": ({"told": "in_progress"}, None, Standing.IN_STEP),
    "its id is not known yet": (
        {"told": "in_progress", "external_id": None},
        {"kind": "opening"},
        Standing.ON_ITS_WAY,
    ),
    "it was told something older": ({"told": "received"}, None, Standing.UNTOLD),
    "nobody said anything": ({}, None, Standing.UNTOLD),
    "a parcel waits": ({"shown": "in_progress"}, {"state": "waiting"}, Standing.ON_ITS_WAY),
    "a parcel is being sent": ({}, {"state": "leased"}, Standing.ON_ITS_WAY),
    "the hub is looking": ({}, {"state": "doubt"}, Standing.DOUBT),
    "only a person can tell": ({}, {"state": "doubt", "asks_person": True}, Standing.PERSON),
    "it was given up": ({"told": "received"}, {"state": "abandoned"}, Standing.PERSON),
    "an old one that no one needs was given up": (
        {"told": "in_progress"},
        {"state": "abandoned", "needed": False},
        Standing.IN_STEP,
    ),
    "a needed one was given up": (
        {"told": "in_progress"},
        {"state": "abandoned", "needed": True},
        Standing.PERSON,
    ),
    "a person dropped it": ({"told": "in_progress"}, {"state": "dropped"}, Standing.IN_STEP),
    "it contradicts us": (
        {"told": "in_progress", "shown": "closed", "disagrees": "mereka menutup"},
        None,
        Standing.CONTRADICTS,
    ),
    "it shows something else while nothing is held": (
        {"told": "received", "shown": "closed"},
        None,
        Standing.UNTOLD,
    ),
    "it agreed when it could still be looked at": (
        {"shown": "in_progress", "inspect_failures": 3},
        None,
        Standing.UNREADABLE,
    ),
    "one look failed": ({"shown": "in_progress", "inspect_failures": 1}, None, Standing.IN_STEP),
    "it cannot be looked at while a parcel waits": (
        {"shown": "received", "inspect_failures": 3},
        {"state": "waiting"},
        Standing.ON_ITS_WAY,
    ),
    "a person or a file carries it": ({"shown": "received"}, {"state": "handed"}, Standing.PERSON),
}


@pytest.mark.parametrize("situation", STANDINGS)
async def test_a_source_stands_as_its_parcels_and_words_say(
    each_engine: AsyncEngine, situation: str
) -> None:
    said, carried, standing = STANDINGS[situation]
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", **said)
        if carried is not None:
            await invented.parcel(connection, number, "sp4n", **carried)
        found = await desk.journey(connection, "PKL-26-000001")
        agreed = await desk.agreement(connection)

    assert found is not None
    assert [source.standing for source in found.sources] == [standing]
    assert found.in_step is (standing is Standing.IN_STEP)
    assert agreed.agreeing == int(standing is Standing.IN_STEP)


async def test_a_parcel_to_one_channel_does_not_put_another_out_of_step(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", shown="in_progress")
        await invented.source(connection, number, "whatsapp", told="received")
        await invented.parcel(connection, number, "whatsapp")
        found = await desk.journey(connection, "PKL-26-000001")

    assert found is not None
    assert {s.connector: s.in_step for s in found.sources} == {"sp4n": True, "whatsapp": False}


async def test_every_source_is_counted_once_and_the_oldest_disagreement_is_known(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        for index, (said, carried, _) in enumerate(STANDINGS.values()):
            number = await invented.complaint(connection, f"PKL-26-{index:06d}")
            await invented.source(connection, number, "sp4n", **said, linked_at=ago(minutes=9))
            if carried is not None:
                await invented.parcel(
                    connection, number, "sp4n", **carried, promised_at=ago(hours=index)
                )
        agreed = await desk.agreement(connection)

    apart = (
        agreed.on_its_way
        + agreed.in_doubt
        + agreed.waiting_for_person
        + agreed.contradicting
        + agreed.unreadable
        + agreed.untold
    )
    assert agreed.total == len(STANDINGS)
    assert agreed.agreeing == 5
    assert agreed.agreeing + apart == agreed.total
    # What is carried, in the last situation, was promised longest ago.
    assert agreed.oldest == ago(hours=len(STANDINGS) - 1)


async def test_with_no_complaint_there_is_nothing_to_disagree_about(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.connect() as connection:
        agreed = await desk.agreement(connection)

    assert (agreed.total, agreed.oldest) == (0, None)


async def test_of_a_parcel_tried_very_often_the_latest_attempts_are_shown_in_order(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        parcel = await invented.parcel(connection, number, "sp4n")
        for index in range(MANY + 3):
            await invented.attempt(connection, parcel, number=index)
        found = await desk.journey(connection, "PKL-26-000001")

    assert found is not None
    [shown] = found.parcels
    assert [attempt.number for attempt in shown.tries] == list(range(3, MANY + 3))


async def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(
    each_engine: AsyncEngine,
) -> None:
    tickets = [f"PKL-26-{index:06d}" for index in range(7)]
    async with each_engine.begin() as connection:
        for index, ticket in enumerate(tickets):
            # Three changed at the same moment: only the id tells them apart.
            changed = ago(minutes=min(index, 4))
            await invented.complaint(connection, ticket, updated_at=changed)
        seen: list[str] = []
        cursor = None
        for _ in range(4):
            page = await desk.complaints(connection, Filter(), cursor=cursor, limit=2)
            seen += [line.ticket for line in page.complaints]
            cursor = page.cursor

    assert sorted(seen) == tickets
    assert len(seen) == len(set(seen))
    assert cursor is None


async def test_the_list_is_filtered_by_status_channel_time_and_ticket(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        first = await invented.complaint(connection, "PKL-26-000001", status="closed")
        await invented.source(connection, first, "sp4n")
        await invented.complaint(connection, "PKL-26-000100", updated_at=ago(days=3))

        async def tickets(**wanted: Any) -> list[str]:
            page = await desk.complaints(connection, Filter(**wanted))
            return [line.ticket for line in page.complaints]

        assert await tickets(status=Status.CLOSED) == ["PKL-26-000001"]
        assert await tickets(connector="sp4n") == ["PKL-26-000001"]
        assert await tickets(updated_since=ago(days=1)) == ["PKL-26-000001"]
        assert await tickets(ticket="0100") == ["PKL-26-000100"]
        assert await tickets(ticket="%") == []


@pytest.mark.parametrize("cursor", ["apa ini", "MjAyNi0xMS0yMXwx", "fA", "é"])
async def test_a_foreign_cursor_is_refused(each_engine: AsyncEngine, cursor: str) -> None:
    async with each_engine.connect() as connection:
        with pytest.raises(ValueError, match=r".+"):
            await desk.complaints(connection, Filter(), cursor=cursor)


async def test_health_counts_what_waits_at_each_channel(each_engine: AsyncEngine) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        states = ["waiting", "leased", "doubt", "abandoned", "settled", "dropped"]
        for index, state in enumerate(states):
            await invented.parcel(
                connection,
                number,
                "sp4n",
                parcel_id=f"{index:032x}",
                state=state,
                promised_at=ago(minutes=20 - index),
            )
        await invented.put(
            connection,
            tables.upstreams,
            connector="sp4n",
            heard_at=ago(minutes=4),
            paused_until=NOW + timedelta(minutes=5),
            pause_code="unauthorized",
        )
        await invented.unreadable(connection, "w1")
        sp4n, whatsapp = await desk.health(connection, ["sp4n", "whatsapp"], now=NOW)

    assert (sp4n.waiting, sp4n.in_doubt, sp4n.asking, sp4n.parked) == (2, 1, 0, 1)
    assert sp4n.oldest_waiting == ago(minutes=20)
    assert sp4n.heard_at == ago(minutes=4)
    assert sp4n.paused
    assert (whatsapp.waiting, whatsapp.unreadable, whatsapp.paused) == (0, 1, False)


@pytest.mark.parametrize(
    ("left_behind", "wants_person"),
    [
        ({"state": "waiting"}, False),
        ({"state": "doubt"}, False),
        ({"state": "doubt", "asks_person": True}, True),
        ({"state": "settled", "asks_person": True}, False),
        ({"state": "abandoned"}, True),
    ],
)
async def test_a_channel_wants_a_person_only_where_nothing_goes_on_without_one(
    each_engine: AsyncEngine, *, left_behind: dict[str, Any], wants_person: bool
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.parcel(connection, number, "sp4n", **left_behind)
        [sp4n] = await desk.health(connection, ["sp4n"], now=NOW)

    assert sp4n.wants_person is wants_person


async def test_a_message_in_doubt_knows_the_last_words_of_its_conversation(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        sari = await invented.person(connection)
        number = await invented.complaint(connection, "PKL-26-000001")
        other = await invented.complaint(connection, "PKL-26-000002")
        turn = await invented.put(
            connection, tables.turns, connector="whatsapp", person_id=sari,
            opened_at=ago(hours=5), due_at=ago(hours=5), closed_at=ago(hours=5),
        )  # fmt: skip
        told = [
            ("padam", 60, number), ("Sejak Senin.", 40, number), ("", 30, number),
            ("Sampah.", 20, other), ("Terima kasih.", 5, number),
        ]  # fmt: skip
        for index, (text, minutes, about) in enumerate(told):
            await invented.report(
                connection, about, external_id=f"w{index}", text=text, person_id=sari,
                said_at=ago(minutes=minutes), turn_id=turn,
            )  # fmt: skip
        doubt = {"state": "doubt", "person_id": sari}
        await invented.parcel(connection, number, "whatsapp", parcel_id="a" * 32, **doubt)
        await invented.parcel(
            connection, None, "whatsapp", parcel_id="b" * 32, kind="notice", **doubt
        )
        there = await invented.source(connection, number, "sp4n", external_id="9200001")
        await invented.parcel(
            connection, number, "sp4n", parcel_id="c" * 32, state="doubt", source_id=there
        )
        status, notice, follow_up = await desk.parcels_in(connection, "doubt")

    assert (status.in_conversation, status.said) == (True, "Sejak Senin.")
    assert (notice.in_conversation, notice.said) == (True, "Sampah.")
    assert (follow_up.in_conversation, follow_up.said) == (False, None)
    assert follow_up.their_id == "9200001"


async def test_a_pause_that_is_over_is_no_pause_but_an_operators_pause_has_no_end(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        over = {"connector": "sp4n", "paused_until": ago(minutes=1)}
        held = {"connector": "whatsapp", "held_by": "rini"}
        await invented.put(connection, tables.upstreams, **over)
        await invented.put(connection, tables.upstreams, **held)
        sp4n, whatsapp = await desk.health(connection, ["sp4n", "whatsapp"], now=NOW)

    assert not sp4n.paused
    assert whatsapp.paused


async def test_only_a_parcel_that_nothing_holds_back_counts_as_overdue(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        lane = {"lane": "complaint:1", "due_at": ago(hours=1)}
        await invented.parcel(
            connection, number, "sp4n", parcel_id="a", state="abandoned", needed=True, **lane
        )
        await invented.parcel(connection, number, "sp4n", parcel_id="b", **lane)
        await invented.parcel(connection, number, "whatsapp", parcel_id="c", **lane)
        await invented.put(connection, tables.upstreams, connector="whatsapp", held_by="rini")
        before = await desk.readiness(connection, now=NOW)
        await invented.parcel(
            connection, number, "laporgub", parcel_id="d", lane="x", due_at=ago(minutes=2)
        )
        after = await desk.readiness(connection, now=NOW)

    assert before.oldest_due is None
    assert after.oldest_due == ago(minutes=2)


async def test_an_unreadable_item_shows_the_reasons_of_its_pieces(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        item = await invented.unreadable(connection, "w1", summary="tidak terbaca")
        await invented.unreadable(connection, "w2", received_at=ago(hours=9))
        piece = {"inbox_id": item, "connector": "whatsapp", "kind": "Unreadable", "at": NOW}
        for key in ("a", "b"):
            await invented.put(
                connection,
                tables.news,
                key=key,
                outcome="unreadable",
                reason=f"potongan {key}",
                **piece,
            )
        first, second = await desk.unreadable(connection)

    assert first.reason == "potongan a; potongan b"
    assert second.reason is not None
    assert "timestamp" in second.reason


async def test_a_channel_that_is_told_nothing_has_nothing_to_agree_on(
    each_engine: AsyncEngine,
) -> None:
    async with each_engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", told="in_progress")
        await invented.source(connection, number, "call112", listens=False, shown="received")
        agreed = await desk.agreement(connection)
        journey = await desk.journey(connection, "PKL-26-000001")

    assert (agreed.total, agreed.agreeing) == (1, 1)
    assert journey is not None
    assert [(s.listens, s.standing) for s in journey.sources] == [
        (True, Standing.IN_STEP),
        (False, Standing.IN_STEP),
    ]
