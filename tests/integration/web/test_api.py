"""The JSON API as a program sees it."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.domain.status import Status
from hub.store import tables
from tests.integration.web import invented
from tests.integration.web.conftest import Web
from tests.integration.web.invented import ago

WAMID = "wamid.HBgNNjI4MTEwMDAwMDAwMRUCABIYFA00000001"


async def a_journey(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000123")
        person = await invented.person(connection)
        await invented.report(connection, number, person_id=person, external_id=WAMID)
        await invented.source(
            connection, number, "whatsapp", external_id=WAMID, told="in_progress"
        )
        await invented.source(connection, number, "sp4n", external_id="9200001", shown="received")
        await invented.moved(connection, number)
        parcel = await invented.parcel(
            connection,
            number,
            "sp4n",
            parcel_id="f" * 32,
            state="doubt",
            asks_person=True,
            attempts=1,
            code="outcome_unknown",
        )
        await invented.attempt(connection, parcel, outcome="doubt", code="outcome_unknown")
        await invented.put(
            connection,
            tables.receipts,
            connector="sp4n",
            external_id="x",
            parcel_id=parcel,
            state="delivered",
            at=ago(minutes=1),
            facts={},
        )


@pytest.mark.parametrize("header", [None, "Bearer salah", "Bearer ", "Basic kunci-rini"])
async def test_without_a_known_key_the_api_says_in_a_sentence_what_is_missing(
    web: Web, header: str | None
) -> None:
    async with web.client() as client:
        if header is not None:
            client.headers["authorization"] = header
        answers = [
            await client.get("/api/v1/health"),
            await client.post("/api/v1/connectors/sp4n/pause"),
        ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert "Kunci API" in answers[0].json()["message"]
    assert web.operators.decided == []


async def test_a_complaint_comes_with_its_whole_journey(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_journey(engine)

    found = (await program.get("/api/v1/complaints/PKL-26-000123")).json()

    assert (found["ticket"], found["status"], found["in_step"]) == (
        "PKL-26-000123",
        "in_progress",
        False,
    )
    assert {s["connector"]: s["standing"] for s in found["sources"]} == {
        "whatsapp": "in_step",
        "sp4n": "person",
    }
    [parcel] = found["parcels"]
    assert (parcel["state"], parcel["status"], parcel["asks_person"]) == (
        "doubt",
        "in_progress",
        True,
    )
    assert [attempt["outcome"] for attempt in parcel["tries"]] == ["doubt"]
    assert [receipt["state"] for receipt in parcel["receipts"]] == ["delivered"]
    assert [row["origin"] for row in found["history"]] == ["whatsapp"]


async def test_no_identity_leaves_through_the_api_not_even_inside_a_message_id(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_journey(engine)

    text = (await program.get("/api/v1/complaints/PKL-26-000123")).text

    assert "person" not in [*(await program.get("/api/v1/complaints")).json()["complaints"][0]]
    assert "person_id" not in text
    assert WAMID not in text
    assert "NjI4MTEw" not in text
    assert "9200001" in text


async def test_an_unknown_ticket_is_answered_with_a_sentence(program: httpx.AsyncClient) -> None:
    answer = await program.get("/api/v1/complaints/PKL-26-999999")

    assert answer.status_code == 404
    assert answer.json() == {"message": "Aduan PKL-26-999999 tidak ada."}


async def test_the_list_gives_a_cursor_that_leads_on(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        for index in range(3):
            await invented.complaint(
                connection, f"PKL-26-{index:06d}", updated_at=ago(hours=index)
            )

    first = (await program.get("/api/v1/complaints?limit=2")).json()
    second = (await program.get(f"/api/v1/complaints?limit=2&cursor={first['cursor']}")).json()

    tickets = [line["ticket"] for page in (first, second) for line in page["complaints"]]
    assert tickets == ["PKL-26-000000", "PKL-26-000001", "PKL-26-000002"]
    assert second["cursor"] is None


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("status=selesai", "status"),
        ("updated_since=2026-11-21T12:00:00", "zona waktu"),
        ("cursor=bukan-cursor", "cursor"),
        ("limit=0", "limit"),
    ],
)
async def test_a_wrong_question_is_named_in_the_answer(
    program: httpx.AsyncClient, query: str, word: str
) -> None:
    answer = await program.get(f"/api/v1/complaints?{query}")

    assert answer.status_code == 422
    assert word in answer.json()["message"]


async def test_agreement_says_how_many_agree_and_how_old_the_oldest_disagreement_is(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_journey(engine)

    found = (await program.get("/api/v1/agreement")).json()

    assert (found["agreeing"], found["total"], found["waiting_for_person"]) == (1, 2, 1)
    assert found["oldest_seconds"] == 14 * 60
    assert found["sentence"] == "1 dari 2 selaras, ketidakselarasan tertua 14 menit"


async def test_health_lists_every_channel_and_why_one_is_off(program: httpx.AsyncClient) -> None:
    found = (await program.get("/api/v1/health")).json()

    assert [row["title"] for row in found["connectors"]] == ["WhatsApp", "SP4N-LAPOR!"]
    assert found["off"] == {"laporgub": "LAPORGUB_API_KEY belum diisi."}


async def test_doubts_and_cards_can_be_asked_for(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_journey(engine)
    async with engine.begin() as connection:
        await invented.card(connection, "token")
        await invented.card(connection, "lama", closed_at=ago(hours=1))

    doubts = (await program.get("/api/v1/parcels?state=doubt")).json()
    parked = (await program.get("/api/v1/parcels?state=abandoned")).json()
    cards = (await program.get("/api/v1/cards")).json()

    assert [(p["parcel_id"], p["ticket"]) for p in doubts] == [("f" * 32, "PKL-26-000123")]
    assert parked == []
    assert [card["text"] for card in cards] == ["Token SP4N-LAPOR! ditolak."]


async def test_the_same_idempotency_key_opens_one_complaint(
    program: httpx.AsyncClient, web: Web
) -> None:
    wish = {"text": "Pohon tumbang di Jalan Merdeka.", "category": "pohon"}
    headers = {"Idempotency-Key": "loket-7"}

    answers = [
        await program.post("/api/v1/complaints", json=wish, headers=headers) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    [opened] = web.counter.opened.values()
    assert (opened["text"], opened["who"]) == (wish["text"], "rini")


async def test_a_complaint_without_words_is_not_opened(
    program: httpx.AsyncClient, web: Web
) -> None:
    answer = await program.post("/api/v1/complaints", json={"text": "   "})

    assert answer.status_code == 422
    assert answer.json() == {"message": "Isian ini kurang atau tidak sesuai: text."}
    assert web.counter.opened == {}


async def test_a_move_is_made_in_the_name_of_the_key(program: httpx.AsyncClient, web: Web) -> None:
    answer = await program.post(
        "/api/v1/complaints/PKL-26-000123/moves",
        json={"status": "referred", "note": "Bukan jalan kota.", "agency": "Dinas Perhubungan"},
    )

    assert answer.json() == {"ticket": "PKL-26-000123"}
    assert web.counter.moved == [
        (
            "PKL-26-000123",
            Status.REFERRED,
            "Bukan jalan kota.",
            None,
            "Dinas Perhubungan",
            "rini",
        )
    ]


DECISIONS = [
    ("parcels/ab/found", {"external_id": "9200001"}, ("found", "ab", "9200001", "rini")),
    ("parcels/ab/found", {}, ("found", "ab", None, "rini")),
    ("parcels/ab/send-again", None, ("send_again", "ab", "rini")),
    ("parcels/ab/replay", None, ("replay", "ab", "rini")),
    ("parcels/ab/drop", {"why": "lewat telepon"}, ("drop", "ab", "rini", "lewat telepon")),
    ("connectors/sp4n/pause", None, ("pause", "sp4n", "rini")),
    ("connectors/sp4n/resume", None, ("resume", "sp4n", "rini")),
    ("inbox/7/read-again", None, ("read_again", 7, "rini")),
    ("inbox/7/let-go", {"why": "salah ketik"}, ("let_go", 7, "rini", "salah ketik")),
    ("cards/7/close", None, ("close_card", 7, "rini")),
]


@pytest.mark.parametrize(("path", "wish", "decided"), DECISIONS)
async def test_a_decision_reaches_the_hub_with_the_name_of_who_made_it(
    program: httpx.AsyncClient,
    web: Web,
    *,
    path: str,
    wish: dict[str, str] | None,
    decided: tuple[object, ...],
) -> None:
    answer = await program.post(f"/api/v1/{path}", json=wish)

    assert answer.status_code == 204
    assert web.operators.decided == [decided]


@pytest.mark.parametrize(("parcel", "status"), [("tiada", 404), ("selesai", 409)])
async def test_a_decision_that_cannot_be_made_is_answered_with_the_reason(
    program: httpx.AsyncClient, parcel: str, status: int
) -> None:
    answer = await program.post(f"/api/v1/parcels/{parcel}/send-again")

    assert answer.status_code == status
    assert answer.json()["message"].startswith("Kiriman")


async def test_the_openapi_document_describes_every_field_of_a_complaint(web: Web) -> None:
    async with web.client() as client:
        document = (await client.get("/api/v1/openapi.json")).json()

    assert not [path for path in document["paths"] if not path.startswith("/api/v1/")]
    assert set(document["components"]["schemas"]) >= {"ComplaintOut", "AgreementOut", "Message"}
