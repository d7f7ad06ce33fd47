"""Webhooks, and what machines ask."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store import tables
from tests.integration.web import invented
from tests.integration.web.conftest import Web, web_over
from tests.integration.web.fakes import Unplugged
from tests.integration.web.invented import ago

SIGNED = {"x-hub-signature-256": "sha256=benar"}


async def post(web: Web, path: str = "whatsapp", **request: object) -> httpx.Response:
    async with web.client() as client:
        return await client.post(f"/webhooks/{path}", **{"headers": SIGNED, **request})  # type: ignore[arg-type]


async def test_a_signed_webhook_is_kept_byte_for_byte_and_answered_with_nothing(web: Web) -> None:
    body = b'{"entry" : [ ]}\n\xff'

    answer = await post(web, content=body)

    assert (answer.status_code, answer.content) == (200, b"")
    assert web.mailroom.kept == [body]


async def test_a_webhook_with_a_wrong_signature_is_refused(web: Web) -> None:
    answer = await post(web, content=b"{}", headers={"x-hub-signature-256": "sha256=salah"})

    assert answer.status_code == 401
    assert web.mailroom.kept == []


async def test_an_unknown_channel_has_no_webhook(web: Web) -> None:
    assert (await post(web, "entah", content=b"{}")).status_code == 404


async def test_a_webhook_that_cannot_be_kept_is_answered_503_so_that_it_comes_again(
    web: Web,
) -> None:
    web.mailroom.disk_is_full = True

    assert (await post(web, content=b"{}")).status_code == 503


async def test_a_body_above_three_megabytes_is_refused(web: Web) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x" * 1_000_000

    declared = await post(web, content=b"x" * 3_200_000)
    streamed = await post(web, content=pieces())
    largest = await post(web, content=b"x" * (3 * 1024 * 1024))

    assert (declared.status_code, streamed.status_code, largest.status_code) == (413, 413, 200)
    assert len(web.mailroom.kept) == 1


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [("whatsapp", "kata-sandi", 200), ("whatsapp", "salah", 403), ("entah", "kata-sandi", 404)],
)
async def test_the_challenge_comes_back_verbatim_for_the_right_token_only(
    web: Web, path: str, token: str, *, status: int
) -> None:
    query = {"hub.verify_token": token, "hub.challenge": "<b>1158201444</b>"}
    async with web.client() as client:
        answer = await client.get(f"/webhooks/{path}", params=query)

    assert answer.status_code == status
    assert answer.headers.get("content-type", "").startswith("text/plain") is (status == 200)
    assert (answer.text == "<b>1158201444</b>") is (status == 200)


async def test_a_process_without_a_database_lives_but_is_not_ready() -> None:
    async with web_over(Unplugged(), Path()).client() as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert "Basis data tidak menjawab" in ready.json()["message"]


@pytest.mark.parametrize(("minutes", "status"), [(2, 200), (14, 503)])
async def test_a_parcel_long_overdue_makes_the_hub_not_ready(
    web: Web, engine: AsyncEngine, *, minutes: int, status: int
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.parcel(connection, number, "sp4n", due_at=ago(minutes=minutes))

    async with web.client() as client:
        ready = await client.get("/readyz")

    assert ready.status_code == status
    assert ready.json()["oldest_due_seconds"] == minutes * 60


async def test_metrics_count_what_waits_and_how_webhooks_were_answered(
    web: Web, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.parcel(connection, number, "sp4n")
        held = {"connector": "whatsapp", "held_by": "rini"}
        await invented.put(connection, tables.upstreams, **held)
        await invented.unreadable(connection, "w1")
        await invented.card(connection, "token")

    async with web.client() as client:
        await client.post("/webhooks/whatsapp", content=b"{}", headers=SIGNED)
        await client.post("/webhooks/karangan", content=b"{}", headers=SIGNED)
        lines = (await client.get("/metrics")).text.splitlines()

    assert 'simpul_waiting{connector="sp4n"} 1.0' in lines
    assert 'simpul_oldest_waiting_seconds{connector="sp4n"} 840.0' in lines
    assert 'simpul_paused{connector="whatsapp"} 1.0' in lines
    assert 'simpul_unreadable{connector="whatsapp"} 1.0' in lines
    assert "simpul_cards_open 1.0" in lines
    answers = 'simpul_webhook_answers_total{connector="%s",status="%s"} 1.0'
    assert answers % ("whatsapp", 200) in lines
    assert answers % ("unknown", 404) in lines


async def test_static_files_come_from_the_hub_itself_with_their_licence(web: Web) -> None:
    async with web.client() as client:
        files = ("htmx.min.js", "htmx.LICENSE.txt", "desk.js", "desk.css", "icon.svg")
        answers = [await client.get(f"/static/{name}") for name in files]

    assert [answer.status_code for answer in answers] == [200] * len(files)
