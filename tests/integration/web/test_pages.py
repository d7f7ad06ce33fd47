"""The pages as an operator sees them."""

import re

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.domain.status import Status
from hub.store import tables
from tests.integration.web import invented
from tests.integration.web.conftest import HERE, KEY, Web
from tests.integration.web.copying import soup
from tests.integration.web.invented import ago

TICKET = "PKL-26-000123"


async def a_day(engine: AsyncEngine) -> int:
    """One complaint with a doubt, a parked parcel, cards and something unreadable."""
    async with engine.begin() as connection:
        number = await invented.complaint(
            connection, TICKET, title="<script>alert(1)</script> lampu padam"
        )
        person = await invented.person(connection)
        await invented.report(connection, number, person_id=person)
        await invented.source(connection, number, "whatsapp", told="in_progress")
        await invented.source(connection, number, "sp4n", external_id=None)
        await invented.moved(connection, number)
        await invented.parcel(
            connection,
            number,
            "sp4n",
            parcel_id="d" * 32,
            kind="opening",
            state="doubt",
            asks_person=True,
            content={},
            code="outcome_unknown",
        )
        await invented.parcel(
            connection, number, "sp4n", parcel_id="e" * 32, state="abandoned", code="http_422"
        )
        item = await invented.unreadable(connection, "w1")
        await invented.card(connection, "token")
        await invented.card(
            connection, "ragu", text="Kartu kembar dari keraguan.", parcel_id="d" * 32
        )
        await invented.card(connection, "baca", text="Kartu kembar dari kotak.", inbox_id=item)
        held = {"connector": "sp4n", "held_by": "rini", "heard_at": ago(minutes=4)}
        await invented.put(connection, tables.upstreams, **held)
    return person


async def test_a_stranger_is_led_to_the_login_and_back(web: Web) -> None:
    async with web.client(origin=HERE) as client:
        asked = await client.get(f"/complaints/{TICKET}")
        assert asked.headers["location"] == f"/login?following=/complaints/{TICKET}"
        form = await client.get(asked.headers["location"])
        assert f'name="following" value="/complaints/{TICKET}"' in form.text
        done = await client.post("/login", data={"key": KEY, "following": f"/complaints/{TICKET}"})

    assert (done.status_code, done.headers["location"]) == (303, f"/complaints/{TICKET}")


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(web: Web) -> None:
    async with web.client(origin=HERE) as client:
        done = await client.post("/login", data={"key": KEY})

    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_a_wrong_key_is_refused_with_a_sentence(web: Web) -> None:
    async with web.client(origin=HERE) as client:
        done = await client.post("/login", data={"key": "kunci-salah"})
        after = await client.get("/")

    assert done.status_code == 401
    assert "Kunci ini tidak dikenal" in done.text
    assert after.status_code == 303


@pytest.mark.parametrize("elsewhere", ["https://jahat.test", "//jahat.test", "/\\jahat.test"])
async def test_the_login_leads_to_no_other_site(web: Web, elsewhere: str) -> None:
    async with web.client(origin=HERE) as client:
        done = await client.post("/login", data={"key": KEY, "following": elsewhere})

    assert done.headers["location"] == "/"


async def test_a_key_that_was_changed_ends_its_sessions(web: Web, rini: httpx.AsyncClient) -> None:
    web.needs.api_keys["rini"] = "kunci-baru"  # type: ignore[index]
    async with web.client() as client:
        client.cookies = rini.cookies
        answer = await client.get("/")

    assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("origin", ["https://jahat.test", "null", None])
async def test_a_form_from_elsewhere_is_refused(
    web: Web, rini: httpx.AsyncClient, origin: str | None
) -> None:
    del rini.headers["origin"]
    headers = {} if origin is None else {"origin": origin}

    answer = await rini.post("/connectors/sp4n/pause", headers=headers)

    assert answer.status_code == 403
    assert web.operators.decided == []


async def test_nothing_is_decided_without_a_session(web: Web) -> None:
    async with web.client(origin=HERE) as client:
        answer = await client.post("/parcels/ab/send-again")

    assert answer.headers["location"].startswith("/login")
    assert web.operators.decided == []


async def test_after_logging_out_the_pages_are_closed(rini: httpx.AsyncClient) -> None:
    await rini.post("/logout")

    assert (await rini.get("/")).status_code == 303


async def test_a_part_whose_session_ended_gets_401_and_not_a_login_page(web: Web) -> None:
    async with web.client() as client:
        answer = await client.get("/parts/state", headers={"hx-request": "true"})

    assert (answer.status_code, answer.text) == (401, "")


async def test_the_first_page_says_what_agrees_and_what_waits_for_a_person(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    page = (await rini.get("/")).text

    assert "1 dari 2 selaras, ketidakselarasan tertua 14 menit" in page
    assert "Terakhir terdengar: <time" in page
    assert "Dijeda oleh rini" in page
    assert "Sudah ada di sana, dengan nomor" in page
    assert "Tidak ada di sana" in page
    assert f"Cari nomor tiket {TICKET} di SP4N-LAPOR!, lalu pilih salah satu." in page
    assert "Kanal menolak kiriman (HTTP 422)." in page
    assert "Minta token baru" in page
    assert "Wilayah 33.75" in page


async def test_the_buttons_bear_the_words_that_the_cards_use(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    page = (await rini.get("/")).text

    buttons = set(re.findall(r"<button[^>]*>([^<]+)</button>", page))
    assert {"Kirim lagi", "Kirim ulang", "Lepaskan", "Baca ulang"} <= buttons
    assert not re.search(r"\b(paket|parsel)", page, re.IGNORECASE)


async def test_what_the_hub_still_looks_for_is_told_calmly(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET)
        await invented.parcel(connection, number, "sp4n", state="doubt")
        heard = {"connector": "sp4n", "heard_at": ago(minutes=4)}
        await invented.put(connection, tables.upstreams, **heard)

    page = (await rini.get("/parts/state")).text

    assert "1 kiriman diragukan: hub sedang memeriksa." in page
    assert "Perlu dilihat" not in page


async def test_a_report_that_is_only_a_location_shows_where(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET)
        point = {"latitude": -6.89, "longitude": 109.67}
        report = await invented.report(connection, number, text="", **point)
        await invented.put(
            connection, tables.attachments, report_id=report, connector="whatsapp", ref="1",
            kind="image", size=311, state="stored", due_at=ago(hours=1), asked_at=ago(hours=1),
        )  # fmt: skip

    page = (await rini.get(f"/complaints/{TICKET}")).text

    assert "Lokasi: -6.89, 109.67" in page
    assert "(tanpa tulisan)" not in page
    assert "tersimpan, 311 byte" in page


@pytest.mark.parametrize(("shown", "says_so"), [("closed", True), ("in_progress", False)])
async def test_reopening_says_which_channel_stays_closed(
    rini: httpx.AsyncClient, engine: AsyncEngine, *, shown: str, says_so: bool
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET, status="closed")
        await invented.source(connection, number, "sp4n", shown=shown)
        await invented.source(connection, number, "whatsapp", told="closed")

    page = (await rini.get(f"/complaints/{TICKET}")).text

    warned = (
        "SP4N-LAPOR! tidak dapat dibuka kembali dari sini; hub memberi tahu lewat tindak lanjut"
    )
    assert (warned in page) is says_so
    assert "WhatsApp tidak dapat dibuka kembali" not in page


async def test_what_could_not_be_read_is_let_go_only_for_a_reason(
    web: Web, rini: httpx.AsyncClient
) -> None:
    answer = await rini.post("/inbox/7/let-go", data={"why": "  "})

    assert answer.status_code == 409
    assert "Tuliskan alasan melepaskan" in answer.text
    assert web.operators.decided == []


async def test_reading_again_promises_no_more_than_that(rini: httpx.AsyncClient) -> None:
    await rini.post("/inbox/7/read-again")

    assert "dibaca ulang; hasilnya tampil di sini sebentar lagi." in (await rini.get("/")).text


async def test_only_channels_that_listen_are_said_to_be_told_of_a_move(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET)
    path = f"/complaints/{TICKET}"
    said = []
    for connector in (None, "whatsapp", "sp4n"):
        if connector:
            async with engine.begin() as connection:
                await invented.source(connection, number, connector)
        await rini.post(f"{path}/moves", data={"status": "closed", "back": path})
        page = soup(await rini.get(path))
        said.append(page.select(".said")[0].text.removeprefix("Status menjadi Selesai. "))

    assert said == [
        "Tidak ada kanal yang perlu diberi tahu.",
        "WhatsApp sedang diberi tahu.",
        "Semua kanal sedang diberi tahu.",
    ]


async def test_a_doubt_is_shown_once_and_not_again_as_a_card(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    page = (await rini.get("/parts/work")).text

    assert "Token SP4N-LAPOR! ditolak." in page
    assert "Kartu kembar" not in page


async def test_an_empty_hub_says_what_to_expect(rini: httpx.AsyncClient) -> None:
    assert "Belum ada aduan untuk dibandingkan" in (await rini.get("/")).text
    assert "Tidak ada yang menunggu Anda" in (await rini.get("/parts/work")).text
    assert "Belum ada aduan. Kirim pesan percobaan" in (await rini.get("/complaints")).text
    assert "Tidak ada aduan yang cocok" in (await rini.get("/complaints?ticket=ZZZ")).text


async def test_what_citizens_write_is_never_markup(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    for path in ("/", "/complaints", f"/complaints/{TICKET}"):
        page = (await rini.get(path)).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


async def test_pages_need_nothing_inline_and_nothing_from_elsewhere(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    for path in ("/", "/complaints", f"/complaints/{TICKET}", "/login", "/carry", "/counts"):
        answer = await rini.get(path)
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not re.search(r'\s(style|on[a-z]+)="|<style|<script>|="https?://', answer.text)


async def test_every_field_of_a_form_has_a_label(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    for path in ("/", "/complaints", f"/complaints/{TICKET}"):
        page = (await rini.get(path)).text
        fields = re.findall(r"<(?:input|select|textarea) (?!type=\"hidden\")[^>]*>", page)
        labels = set(re.findall(r'<label for="([^"]+)"', page))
        ids = [re.search(r'id="([^"]+)"', field) for field in fields]
        assert fields
        assert {found[1] if found else None for found in ids} <= labels


async def test_a_ticket_typed_in_full_opens_its_journey(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    answer = await rini.get("/complaints", params={"ticket": TICKET.lower()})

    assert answer.headers["location"] == f"/complaints/{TICKET}"


async def test_a_journey_shows_lanes_channels_and_attempts_in_plain_words(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    page = (await rini.get(f"/complaints/{TICKET}")).text

    assert "Laporan masuk lewat WhatsApp" in page
    assert "Pembukaan aduan ke SP4N-LAPOR!: diragukan" in page
    assert "21 Nov 2026 14.40 WIB" in page
    assert "Menunggu petugas" in page
    assert "Sari" not in page


async def test_only_allowed_moves_are_offered(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)
    async with engine.begin() as connection:
        await invented.complaint(connection, "PKL-26-000124", status="closed")

    under_way = (await rini.get(f"/complaints/{TICKET}")).text
    ended = (await rini.get("/complaints/PKL-26-000124")).text

    assert '<option value="closed">' in under_way
    assert '<option value="received">' not in under_way
    assert 'name="reason"' not in under_way
    assert '<option value="in_progress">' in ended
    assert '<option value="archived">' not in ended
    assert 'name="reason" required' in ended


async def test_a_move_from_the_page_goes_back_and_says_what_happens_next(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_day(engine)

    wish = {"status": "closed", "note": " Sudah menyala. ", "back": f"/complaints/{TICKET}"}
    done = await rini.post(f"/complaints/{TICKET}/moves", data=wish)
    page = (await rini.get(done.headers["location"])).text
    again = (await rini.get(done.headers["location"])).text

    assert web.counter.moved == [(TICKET, Status.CLOSED, "Sudah menyala.", None, None, "rini")]
    assert "Status menjadi Selesai." in page
    assert "Status menjadi Selesai." not in again


async def test_a_refused_decision_is_explained_on_the_page(rini: httpx.AsyncClient) -> None:
    await rini.post("/parcels/selesai/send-again")

    assert "tidak ada yang perlu diputuskan" in (await rini.get("/")).text


DECISIONS = [
    ("parcels/ab/found", {"external_id": " 9200001 "}, ("found", "ab", "9200001", "rini")),
    ("parcels/ab/found", {"external_id": ""}, ("found", "ab", None, "rini")),
    ("parcels/ab/send-again", {}, ("send_again", "ab", "rini")),
    ("parcels/ab/replay", {}, ("replay", "ab", "rini")),
    ("parcels/ab/drop", {"why": "lewat telepon"}, ("drop", "ab", "rini", "lewat telepon")),
    ("connectors/sp4n/pause", {}, ("pause", "sp4n", "rini")),
    ("connectors/sp4n/resume", {}, ("resume", "sp4n", "rini")),
    ("inbox/7/read-again", {}, ("read_again", 7, "rini")),
    ("inbox/7/let-go", {"why": " salah ketik "}, ("let_go", 7, "rini", "salah ketik")),
    ("cards/7/close", {}, ("close_card", 7, "rini")),
]


@pytest.mark.parametrize(("path", "form", "decided"), DECISIONS)
async def test_every_button_reaches_the_hub_with_the_name_of_who_pressed_it(
    web: Web,
    rini: httpx.AsyncClient,
    *,
    path: str,
    form: dict[str, str],
    decided: tuple[object, ...],
) -> None:
    done = await rini.post(f"/{path}", data=form)

    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert web.operators.decided == [decided]


async def test_an_identity_is_shown_once_for_a_reason_and_the_look_is_written_down(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    person = await a_day(engine)
    path = f"/complaints/{TICKET}/identity"

    shown = await rini.post(path, data={"person_id": person, "why": "menanyakan letak tiang"})

    assert "Sari Wulandari" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert web.vault.looks == [(person, "rini", "menanyakan letak tiang")]
    assert "Sari" not in (await rini.get(f"/complaints/{TICKET}")).text


@pytest.mark.parametrize(("person", "why", "status"), [(1, "  ", 409), (99, "ingin tahu", 404)])
async def test_no_identity_without_a_reason_or_of_somebody_elses_complaint(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine, *, person: int, why: str, status: int
) -> None:
    await a_day(engine)

    answer = await rini.post(
        f"/complaints/{TICKET}/identity", data={"person_id": person, "why": why}
    )

    assert answer.status_code == status
    assert web.vault.looks == []


async def test_what_is_not_there_is_a_page_with_a_way_on(rini: httpx.AsyncClient) -> None:
    for path in ("/complaints/PKL-26-999999", "/entah"):
        answer = await rini.get(path)
        assert answer.status_code == 404
        assert "tidak ada" in answer.text
        assert 'href="/complaints"' in answer.text
