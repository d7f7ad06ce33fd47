"""What an operator corrects and notes at one channel of one complaint."""

from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store import tables
from tests.integration.web import invented
from tests.integration.web.conftest import Web
from tests.integration.web.copying import soup
from tests.integration.web.invented import ago

TICKET = "PKL-26-000123"
HERE = f"/complaints/{TICKET}"
SP4N = f"{HERE}/channels/sp4n"


async def a_complaint(engine: AsyncEngine) -> int:
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET, routed_by="jalan provinsi")
        await invented.source(connection, number, "whatsapp", told="in_progress")
        source = await invented.source(connection, number, "sp4n", external_id="9200002")
        await invented.source(connection, number, "call112", external_id="112-7", listens=False)
        changed = {"source_id": source, "at": ago(hours=1), "who": "budi"}
        await invented.put(connection, tables.links, after="9200001", **changed)
        put_right = {"before": "9200001", "after": "9200002", "why": "salah ketik"}
        await invented.put(connection, tables.links, **changed | put_right)
        await invented.moved(connection, number, origin="sp4n", typed_by="budi", before="received")
    return number


async def test_a_channel_shows_how_its_number_was_put_right(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_complaint(engine)

    page = soup(await rini.get(HERE)).get_text(" ", strip=True)

    assert "Dibetulkan dari 9200001 oleh budi, 1 jam yang lalu : salah ketik" in page
    assert "Rute jalan provinsi" in page
    assert "Status: Diterima, dari SP4N-LAPOR!, dicatat oleh budi" in page
    assert "Tidak perlu dikabari" in page


async def test_only_channels_with_words_and_numbers_of_their_own_are_asked_about(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_complaint(engine)

    page = soup(await rini.get(HERE))
    actions = [form["action"] for form in page.select("#live form[action*='/channels/']")]

    assert actions == [f"{SP4N}/status", f"{SP4N}/number"]
    words = [option["value"] for option in page.select("select[id^=word] option")]
    assert words == ["belum diproses", "diproses", ""]


async def test_a_number_is_put_right_with_a_reason(web: Web, rini: httpx.AsyncClient) -> None:
    without = await rini.post(f"{SP4N}/number", data={"number": "LGWP1", "why": " "})
    page = (await rini.get(without.headers["location"])).text
    done = await rini.post(f"{SP4N}/number", data={"number": "LGWP1", "why": "salah ketik"})

    assert "Tuliskan alasan membetulkan nomor" in page
    assert done.headers["location"] == HERE
    assert web.carriers.carried == [
        ("correct", TICKET, "sp4n", "LGWP1", "salah ketik", "rini", None),
    ]


async def test_an_odd_number_is_asked_about_once_more_with_everything_kept(
    web: Web, rini: httpx.AsyncClient
) -> None:
    wish = {"number": "4711", "why": "salah ketik"}

    asked = await rini.post(f"{SP4N}/number", data=wish)
    form = soup(asked)
    kept = {str(field["name"]): str(field["value"]) for field in form.select("main input")}
    assert "Ya, simpan 4711" in form.text
    before = list(web.carriers.carried)
    await rini.post(str(form.select("main form")[0]["action"]), data=kept)

    assert asked.status_code == 409
    assert "4711 tidak." in form.text
    assert kept == wish | {"sure": "yes"}
    assert not form.select("#sure[checked]")
    assert before == []
    assert web.carriers.carried == [
        ("correct", TICKET, "sp4n", "4711", "salah ketik", "rini", None)
    ]


async def two_numbers(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        complaint = await invented.complaint(connection, TICKET)
        for number in ("9200002", "9200003"):
            await invented.source(connection, complaint, "sp4n", external_id=number)


async def test_of_several_numbers_each_form_offers_all_and_names_its_own(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await two_numbers(engine)

    page = soup(await rini.get(HERE))

    for name, action in (("number", "status"), ("wrong", "number")):
        choices = page.select(f"form[action='{SP4N}/{action}'] select[name={name}]")
        offered = [
            [str(one["value"]) for one in each.select("option[value^='9']")] for each in choices
        ]
        chosen = [each.select("option[selected]")[0]["value"] for each in choices]
        assert offered == [["9200002", "9200003"]] * 2
        assert chosen == ["9200002", "9200003"]


async def test_the_one_number_of_a_channel_goes_along_unasked(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_complaint(engine)

    page = soup(await rini.get(HERE))

    for name, action in (("number", "status"), ("wrong", "number")):
        (kept,) = page.select(f"form[action='{SP4N}/{action}'] [type=hidden][name={name}]")
        assert kept["value"] == "9200002"


async def test_the_number_that_was_chosen_is_handed_on(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await two_numbers(engine)

    await rini.post(f"{SP4N}/status", data={"word": "diproses", "number": "9200003"})
    wish = {"number": "LGWP1", "why": "salah ketik", "wrong": "9200003"}
    await rini.post(f"{SP4N}/number", data=wish)

    assert web.readers.typed[0][-1] == "9200003"
    assert web.carriers.carried[0][-1] == "9200003"


async def test_the_number_that_was_chosen_is_kept_when_something_is_asked_again(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await two_numbers(engine)

    wish = {"word": "entah", "number": "9200003"}
    again = soup(await rini.post(f"{SP4N}/status", data=wish))
    odd = {"number": "4711", "why": "salah ketik", "wrong": "9200003"}
    sure = soup(await rini.post(f"{SP4N}/number", data=odd))

    assert again.select("select[name=number] option[selected]")[0]["value"] == "9200003"
    assert sure.select("input[name=wrong]")[0]["value"] == "9200003"
    assert (web.readers.typed, web.carriers.carried) == ([], [])


async def test_a_status_read_there_is_noted_with_the_time_of_the_desk(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_complaint(engine)

    wish = {"word": " diproses ", "note": "Sedang dicek.", "at": "2026-11-21T19:05"}
    await rini.post(f"{SP4N}/status", data=wish)
    page = (await rini.get(HERE)).text
    await rini.post(f"{SP4N}/status", data={"word": "diproses", "note": "", "at": ""})

    at = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
    assert web.readers.typed == [
        (TICKET, "sp4n", "diproses", "Sedang dicek.", at, "rini", None),
        (TICKET, "sp4n", "diproses", None, None, "rini", None),
    ]
    assert "Dicatat. Status aduan berubah" in page


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"word": "entah"}, "Kata status «entah» belum dikenal"),
        ({"word": "", "other": "entah"}, "Kata status «entah» belum dikenal"),
        ({"word": "", "other": " "}, "Pilih kata status dari daftar, atau tulis kata lain"),
        ({"word": "diproses", "at": "kemarin"}, "Waktu «kemarin» tidak terbaca"),
    ],
)
async def test_what_cannot_be_noted_is_explained(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine, *, wish: dict[str, str], said: str
) -> None:
    await a_complaint(engine)

    answer = await rini.post(f"{SP4N}/status", data=wish)

    assert answer.status_code == 409
    assert said in answer.text
    assert web.readers.typed == []


async def test_a_status_that_is_refused_keeps_everything_that_was_typed(
    web: Web, rini: httpx.AsyncClient
) -> None:
    wish = {"word": "", "other": "entah", "note": "Sudah dicek petugas.", "at": "2026-11-21T19:05"}

    page = soup(await rini.post(f"{SP4N}/status", data=wish))
    form = page.select("main form")[0]
    kept = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    kept["note"] = form.select("textarea")[0].text
    again = kept | {"word": "diproses", "other": ""}
    await rini.post(str(form["action"]), data=again)

    assert kept == {"other": "entah", "note": wish["note"], "at": wish["at"]}
    assert form.select("option[selected]")[0]["value"] == ""
    assert [typed[2:4] for typed in web.readers.typed] == [("diproses", wish["note"])]


async def test_a_word_of_the_list_stays_chosen_when_the_time_is_refused(
    rini: httpx.AsyncClient,
) -> None:
    wish = {"word": "diproses", "at": "kemarin"}

    page = soup(await rini.post(f"{SP4N}/status", data=wish))

    assert [option["value"] for option in page.select("option[selected]")] == ["diproses"]


async def test_the_api_tells_who_listens_which_rule_fired_and_who_typed_a_status(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_complaint(engine)

    found = (await program.get(f"/api/v1{HERE}")).json()

    assert found["routed_by"] == "jalan provinsi"
    assert {s["connector"]: s["listens"] for s in found["sources"]}["call112"] is False
    assert [row["typed_by"] for row in found["history"]] == ["budi"]
