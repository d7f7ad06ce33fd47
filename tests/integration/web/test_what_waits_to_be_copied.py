"""How much waits to be copied, wherever it is counted; and what a program may do about it."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store import desk
from tests.integration.web import invented
from tests.integration.web.conftest import Web
from tests.integration.web.copying import soup
from tests.integration.web.invented import ago

TICKET = "PKL-26-000123"
OTHER = "PKL-26-000124"


async def a_waiting_parcel(engine: AsyncEngine, **given: object) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET)
        await invented.source(connection, number, "sp4n", told="received")
        row = {"state": "handed", "handed_at": ago(hours=3), "handed_to": "budi"}
        await invented.parcel(connection, number, "sp4n", parcel_id="c" * 32, **row | given)


async def test_health_says_how_much_waits_to_be_copied_and_since_when(
    rini: httpx.AsyncClient, program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_waiting_parcel(engine)

    page = soup(await rini.get("/")).get_text(" ", strip=True)
    sp4n = (await program.get("/api/v1/health")).json()["connectors"][1]
    agreed = (await program.get("/api/v1/agreement")).json()
    counted = (await program.get("/metrics")).text

    assert "1 menunggu disalin tertua 3 jam" in page
    assert "Menunggu 1 Diragukan 0" in page
    assert "Tertua menunggu 3 jam" in page
    assert "Menunggu Anda 1 perlu disalin" in page
    assert "Tidak ada yang menunggu Anda" not in page
    assert "1 menunggu petugas" in page
    assert sp4n["to_carry"] == 1
    assert sp4n["oldest_to_carry"].startswith("2026-11-21T09:40:00")
    assert agreed["waiting_for_person"] == 1
    assert 'simpul_to_carry{connector="sp4n"} 1.0' in counted
    assert 'simpul_oldest_to_carry_seconds{connector="sp4n"} 10800.0' in counted
    assert 'simpul_to_carry{connector="whatsapp"} 0.0' in counted


async def test_the_complaint_leads_to_the_slip_and_says_who_holds_it(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_waiting_parcel(engine)

    page = soup(await rini.get(f"/complaints/{TICKET}"))

    assert page.select(f"a[href='/carry/{'c' * 32}']")
    assert "Menunggu disalin Dipegang budi." in page.get_text(" ", strip=True)
    assert "Kabar status Diproses ke SP4N-LAPOR!: menunggu disalin" in page.text


async def test_a_program_finds_what_waits_to_be_copied(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_waiting_parcel(engine)

    (parcel,) = (await program.get("/api/v1/parcels?state=handed")).json()

    assert (parcel["parcel_id"], parcel["handed_to"]) == ("c" * 32, "budi")
    assert parcel["handed_at"].startswith("2026-11-21T09:40:00")


async def test_a_program_reads_the_slip_that_it_has_taken(program: httpx.AsyncClient) -> None:
    await program.post("/api/v1/parcels/ab/take")

    found = (await program.get("/api/v1/parcels/ab/slip")).json()

    assert found["todo"] == "Buat laporan baru."
    assert found["entries"] == [
        {"name": "judul", "label": "Judul laporan", "text": "Lampu jalan padam"}
    ]


@pytest.mark.parametrize(
    ("held_by", "why"),
    [(None, "Ambil dahulu kiriman ini"), ("budi", "Sedang dikerjakan oleh budi")],
)
async def test_a_program_that_has_not_taken_it_is_shown_no_text_and_told_why(
    program: httpx.AsyncClient, web: Web, *, held_by: str | None, why: str
) -> None:
    if held_by:
        web.carriers.held["ab"] = held_by

    answer = await program.get("/api/v1/parcels/ab/slip")

    assert answer.status_code == 409
    assert why in answer.json()["message"]
    assert "Lampu jalan padam" not in answer.text


CARRIED = [
    ("take", None, ("take", "ab", "rini")),
    ("done", {"number": " LGWP12345678 "}, ("done", "ab", "LGWP12345678", "rini")),
    ("done", {}, ("done", "ab", None, "rini")),
    ("done", {"number": "4711", "is_sure": True}, ("done", "ab", "4711", "rini")),
    ("refused", {"why": "sudah ada"}, ("refused", "ab", "sudah ada", "rini")),
    ("put-back", {"why": "pulang"}, ("put_back", "ab", "rini", "pulang")),
]


@pytest.mark.parametrize(("path", "wish", "carried"), CARRIED)
async def test_desk_software_carries_in_the_name_of_its_key(
    program: httpx.AsyncClient,
    web: Web,
    *,
    path: str,
    wish: dict[str, object] | None,
    carried: tuple[object, ...],
) -> None:
    answer = await program.post(f"/api/v1/parcels/ab/{path}", json=wish)

    assert answer.status_code == 204
    assert web.carriers.carried == [carried]


async def test_an_odd_number_is_answered_with_the_question_and_the_number(
    program: httpx.AsyncClient, web: Web
) -> None:
    answer = await program.post("/api/v1/parcels/ab/done", json={"number": "4711"})

    assert answer.status_code == 409
    assert answer.json() == {
        "message": "Nomor LaporGub biasanya LGWP dan 8 angka; 4711 tidak.",
        "number": "4711",
    }
    assert web.carriers.carried == []


@pytest.mark.parametrize(("parcel", "status"), [("tiada", 404), ("selesai", 409)])
async def test_what_cannot_be_carried_is_answered_with_the_reason(
    program: httpx.AsyncClient, parcel: str, status: int
) -> None:
    answers = [
        await program.post(f"/api/v1/parcels/{parcel}/take"),
        await program.get(f"/api/v1/parcels/{parcel}/slip"),
    ]

    assert [answer.status_code for answer in answers] == [status, status]


async def test_an_emergency_stands_first_and_once(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await invented.card(connection, "token", last_at=ago(minutes=1))
        await invented.card(
            connection, "api", kind="emergency", text="Kebakaran di Jalan Merdeka.",
            last_at=ago(hours=1),
        )  # fmt: skip

    page = (await rini.get("/")).text

    assert page.count("Kebakaran di Jalan Merdeka.") == 1
    assert page.index("Kebakaran") < page.index('id="sentence"') < page.index("Token SP4N")
    assert "Kebakaran" in (await rini.get("/parts/alarms")).text
    assert "Kebakaran" not in (await rini.get("/parts/work")).text


async def test_an_alarm_leads_to_the_complaint_that_it_names(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await invented.complaint(connection, TICKET)
        await invented.complaint(connection, OTHER)
        text = f"Kata darurat «kebakaran» dalam laporan lewat WhatsApp, aduan {TICKET}."
        await invented.card(connection, "api", kind="emergency", text=text, closed_at=None)

    alarm = soup(await rini.get("/parts/alarms"))
    named = soup(await rini.get(f"/complaints/{TICKET}"))
    other = soup(await rini.get(f"/complaints/{OTHER}"))

    assert alarm.select(f".emergency a[href='/complaints/{TICKET}']")
    assert [mark.text for mark in named.select(".urgent")] == ["Darurat: diteruskan lewat 112"]
    assert not other.select(".urgent")


async def test_a_complaint_that_only_its_own_channel_knows_is_not_said_to_agree_with_any(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET, routed_by="darurat")
        await invented.report(connection, number)
        await invented.source(connection, number, "whatsapp", told="in_progress")
        lonely = await invented.complaint(connection, OTHER, routed_by="lain")
        await invented.report(connection, lonely, connector="operator", external_id="1")

    page = soup(await rini.get(f"/complaints/{TICKET}"))
    written = soup(await rini.get(f"/complaints/{OTHER}"))
    listed = soup(await rini.get("/complaints")).get_text(" ", strip=True)

    for each in (page.get_text(" "), written.get_text(" "), listed):
        assert "Selaras" not in each
        assert "Kiriman pembukaan" not in each
        assert "setiap kanal diberi tahu" not in each
    assert [len(each.select(".urgent")) for each in (page, written)] == [1, 0]
    assert "Hanya di WhatsApp" in page.text
    assert "Hanya di hub" in written.text
    assert "Hanya di WhatsApp" in listed
    assert "menahan aduan ini di hub" in page.select("#alone")[0].text
    assert "keadaan darurat ditangani 112." in page.select("#alone")[0].text
    assert "(rute “lain”)" in written.select("#alone")[0].text


async def test_a_complaint_that_another_channel_knows_is_said_to_agree(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET)
        await invented.report(connection, number)
        await invented.source(connection, number, "whatsapp", told="in_progress")
        await invented.source(connection, number, "sp4n", shown="in_progress")

    page = soup(await rini.get(f"/complaints/{TICKET}"))

    assert [mark.text for mark in page.select(".mark.good")] == ["Selaras"] * 3
    assert not page.select("#alone")


async def test_emergencies_come_before_all_other_cards(each_engine: AsyncEngine) -> None:
    async with each_engine.begin() as connection:
        for number in range(3):
            await invented.card(connection, f"token{number}", last_at=ago(minutes=number))
        await invented.card(connection, "api", kind="emergency", last_at=ago(hours=1))
        cards = await desk.open_cards(connection, limit=2)

    assert [card.kind for card in cards] == ["emergency", "credential"]
