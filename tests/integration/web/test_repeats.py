"""The desk of reports that may be the same: side by side, decided by a key or a button, undone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.intake.repeats import Repeats
from hub.store import tables
from hub.web.doors import Comparisons, DecidesRepeats
from tests.fakes.books import open_database
from tests.integration.web import invented, paired
from tests.integration.web.conftest import HERE, KEY, Web, web_over
from tests.integration.web.copying import soup
from tests.integration.web.fakes import Reader, StoppedClock
from tests.integration.web.paired import TOWN


async def asked(engine: AsyncEngine, count: int = 1) -> list[int]:
    async with engine.begin() as connection:
        return [
            await paired.pair(connection, number, score=0.621 - number / 1000)
            for number in range(1, count + 1)
        ]


def marks(page: BeautifulSoup, mark: str) -> list[str]:
    return [each.text for each in page.select(f".texts .{mark}")]


@pytest.fixture
async def clerk(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    web.needs = replace(web.needs, wards=TOWN, categories={"penerangan": "Penerangan jalan"})
    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        yield client


async def test_without_questions_the_desk_says_so(rini: httpx.AsyncClient) -> None:
    page = soup(await rini.get("/repeats"))

    assert "Tidak ada laporan serupa yang menunggu" in page.select(".empty")[0].text
    assert not page.select("#to-compare, .pair, .queue")


async def test_the_likeliest_pair_is_laid_side_by_side_on_both_databases(
    each_engine: AsyncEngine, tmp_path: Path
) -> None:
    await asked(each_engine, 2)
    web = web_over(Reader(each_engine), tmp_path)

    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        page = soup(await client.get("/repeats"))

    assert page.select("#to-compare")[0].text == "2"
    tickets = [each.text for each in page.select(".side h2 a")]
    assert tickets == ["PKL-26-000011", "PKL-26-000012"]
    assert page.select(".verdict .sentence")[0].text == "Mungkin sama (62 %)"
    assert "B 40 menit sesudah A" in page.select(".verdict")[0].text
    assert [each["href"] for each in page.select(".queue a")] == ["/repeats/1", "/repeats/2"]


async def test_conflicting_numbers_stand_out_and_nothing_becomes_markup(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await asked(engine)

    page = soup(await clerk.get("/repeats"))

    assert marks(page, "clash") == ["RT 03", "RT 4"]
    assert "RT 3 di A, 4 di B" in page.select(".clash-line")[0].text
    assert page.select(".texts")[0].text == "Lampu mati di RT 03 <b>Medono</b>"


async def test_evidence_is_split_into_for_and_against_with_its_weight(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await asked(engine)

    page = soup(await clerk.get("/repeats"))

    pros, cons = page.select(".evidence .pro li"), page.select(".evidence .con li")
    assert [each.text for each in (*pros, *cons)] == ["jalan sama (merdeka)", "RT lain (3 / 4)"]
    assert [each["width"] for each in page.select(".bar-of")] == ["100.0%", "50.0%"]


async def test_the_map_shows_the_pin_of_one_and_the_kelurahan_that_the_other_names(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await asked(engine)

    page = soup(await clerk.get("/repeats"))
    kelurahan = [each.text for each in page.select("dd.kelurahan")]

    assert kelurahan == ["Medono menurut kata", "Krapyak menurut titik"]
    assert [each["class"] for each in page.select("path.ward")] == [
        ["ward", "right"],
        ["ward", "left"],
    ]
    assert [each.text for each in page.select(".spot > text")] == ["B"]
    assert sorted(each.text for each in page.select(".ward-name")) == ["Krapyak", "Medono"]


async def test_a_city_without_outlines_says_that_no_place_is_known(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        match = await paired.pair(connection)
        await connection.execute(update(tables.reports).values(latitude=None, longitude=None))

    page = soup(await rini.get(f"/repeats/{match}"))

    assert "tidak menyebut titik atau kelurahan" in page.select(".maps")[0].text


async def test_two_that_are_the_same_are_merged_and_the_next_pair_comes(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first, second = await asked(engine, 2)

    answer = await rini.post(f"/repeats/{first}/same")
    page = soup(await rini.get(answer.headers["location"]))

    assert web.comparers.decided == [("same", first, "rini")]
    assert answer.headers["location"] == f"/repeats/{second}"
    assert "Digabung: PKL-26-000002 ke PKL-26-000001." in page.select(".undo")[0].text
    assert [each["data-key"] for each in page.select(".undo button")] == ["u"]


async def test_decisions_are_taken_back_one_by_one_the_last_first(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first, second = await asked(engine, 2)
    await rini.post(f"/repeats/{first}/same")
    await rini.post(f"/repeats/{second}/different")
    web.comparers.decided.clear()

    back = [(await rini.post("/repeats/undo")).headers["location"] for _ in range(2)]
    nothing = await rini.post("/repeats/undo")
    page = await rini.get(nothing.headers["location"])

    assert back == [f"/repeats/{second}", f"/repeats/{first}"]
    assert web.comparers.decided == [
        ("again", second, "rini"),
        ("undo", 7, "rini", "Diurungkan petugas di meja laporan serupa."),
        ("again", first, "rini"),
    ]
    assert "Tidak ada keputusan yang dapat diurungkan" in page.text


async def test_two_complaints_become_one_and_two_again_in_the_record(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(database_url)
    deciding = Repeats(begin=database.begin, upstreams={}, clock=StoppedClock(invented.NOW))
    web = web_over(Reader(database.engine), tmp_path)
    web.needs = replace(web.needs, compares=Comparisons(cast("DecidesRepeats", deciding)))
    match = (await asked(database.engine))[0]

    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        done = await client.post(f"/repeats/{match}/same")
        said = soup(await client.get(done.headers["location"])).select(".undo span")[0].text
        lost = soup(await client.get("/complaints/PKL-26-000012"))
        button = soup(await client.get("/complaints/PKL-26-000011")).select(".merge form")[0]
        await client.post(str(button["action"]), data={"why": "lain RT"})
        apart = soup(await client.get("/complaints/PKL-26-000012"))
    await database.aclose()

    assert said == "Digabung: PKL-26-000012 ke PKL-26-000011."
    assert lost.select(".merged-into a")[0].text == "PKL-26-000011"
    assert not apart.select(".merged-into")
    assert "oleh rini" in apart.select(".merge.undone")[0].text


@pytest.mark.parametrize("verdict", ["same", "different", "later"])
async def test_every_key_can_be_taken_back_and_decided_anew_in_the_record(
    database_url: str, tmp_path: Path, verdict: str
) -> None:
    database = open_database(database_url)
    deciding = Repeats(begin=database.begin, upstreams={}, clock=StoppedClock(invented.NOW))
    web = web_over(Reader(database.engine), tmp_path)
    web.needs = replace(web.needs, compares=Comparisons(cast("DecidesRepeats", deciding)))
    match = (await asked(database.engine))[0]

    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        await client.post(f"/repeats/{match}/{verdict}")
        decided = soup(await client.get(f"/repeats/{match}"))
        back = await client.post("/repeats/undo")
        open_again = soup(await client.get(back.headers["location"]))
        lost = soup(await client.get("/complaints/PKL-26-000012"))
        await client.post(f"/repeats/{match}/same")
        anew = soup(await client.get("/complaints/PKL-26-000012"))
    await database.aclose()

    assert bool(decided.select(".decide")) is (verdict == "later")
    assert back.headers["location"] == f"/repeats/{match}"
    assert "Diurungkan. Sebelumnya: " in open_again.text
    assert len(open_again.select(".decide form")) == 3
    assert "ditunda" not in open_again.select(".queue")[0].text
    assert not lost.select(".merged-into")
    assert anew.select(".merged-into a")[0].text == "PKL-26-000011"


async def test_a_long_queue_is_read_in_parts_and_every_pair_knows_its_part(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    ids = await asked(engine, 52)

    first = soup(await rini.get("/repeats"))
    more = first.select("nav a[rel=next].plain")[-1]
    second = soup(await rini.get(str(more["href"])))
    onward = await rini.post(f"/repeats/{ids[49]}/later")

    assert first.select("#waiting .count")[0].text == "52"
    assert len(first.select(".queue li")) == 50
    assert (more.text, more["href"]) == ("2 lagi", f"/repeats/{ids[50]}")
    assert [each["href"] for each in second.select(".queue a")] == [
        f"/repeats/{number}" for number in ids[50:]
    ]
    assert second.select(".queue")[0]["start"] == "51"
    assert second.select(".pair a[rel=prev]")[0]["href"] == f"/repeats/{ids[49]}"
    assert "50 sebelumnya" in second.text
    assert onward.headers["location"] == f"/repeats/{ids[50]}"


async def test_what_is_put_off_or_parted_is_said(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first, second = await asked(engine, 2)

    await rini.post(f"/repeats/{first}/later")
    put_off = soup(await rini.get("/repeats")).select(".undo span")[0].text
    await rini.post(f"/repeats/{second}/different")
    parted = soup(await rini.get("/repeats")).select(".undo span")[0].text

    assert put_off == "Nanti saja: PKL-26-000011 dan PKL-26-000012."
    assert parted == "Berbeda: PKL-26-000021 dan PKL-26-000022 tetap dua aduan."
    assert [what for what, *_ in web.comparers.decided] == ["later", "different"]


@pytest.mark.parametrize(
    ("match", "said"), [(404, "tidak ada"), (409, "Sudah diputuskan oleh budi")]
)
@pytest.mark.parametrize("verdict", ["same", "different", "later"])
async def test_what_cannot_be_decided_is_said_and_nothing_can_be_undone(
    rini: httpx.AsyncClient, verdict: str, match: int, said: str
) -> None:
    await rini.post(f"/repeats/{match}/{verdict}")
    page = soup(await rini.get("/repeats"))

    assert said in page.select(".problem[role=alert]")[0].text
    assert not page.select(".undo")


async def test_a_decided_pair_can_be_looked_at_but_not_decided(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        given: dict[str, Any] = {
            "state": "different",
            "decided_by": "budi",
            "decided_at": invented.ago(hours=1),
        }
        match = await paired.pair(connection, **given)

    page = soup(await rini.get(f"/repeats/{match}"))

    assert "Diputuskan berbeda oleh budi, 21 Nov 2026 18.40 WIB" in " ".join(
        page.select(".decided")[0].text.split()
    )
    assert not page.select(".decide")


@pytest.mark.parametrize("number", ["4711", "0", "99999999999999999999"])
async def test_a_pair_that_is_not_there_is_no_error_of_ours(
    rini: httpx.AsyncClient, number: str
) -> None:
    assert (await rini.get(f"/repeats/{number}")).status_code in (404, 422)


async def test_every_decision_is_a_form_with_its_key_on_the_button(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first, _, third = await asked(engine, 3)

    page = soup(await rini.get(f"/repeats/{first + 1}"))
    forms = {form["action"]: form.select("kbd")[0].text for form in page.select(".decide form")}
    links = {each["data-key"]: each["href"] for each in page.select("a[data-key]")}

    assert forms == {
        f"/repeats/{first + 1}/same": "S",
        f"/repeats/{first + 1}/different": "B",
        f"/repeats/{first + 1}/later": "N",
    }
    assert links == {"k ArrowLeft": f"/repeats/{first}", "j ArrowRight": f"/repeats/{third}"}


async def test_a_decision_from_another_site_or_without_a_session_is_refused(web: Web) -> None:
    async with web.client(origin="http://elsewhere.test") as client:
        foreign = await client.post("/repeats/1/same")
    async with web.client(origin=HERE) as client:
        nobody = await client.post("/repeats/1/same")

    assert foreign.status_code == 403
    assert nobody.headers["location"].startswith("/login")
    assert web.comparers.decided == []


async def test_a_complaint_shows_what_it_is_made_of_and_what_waits(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        match = await paired.pair(connection)
        complaint = await invented.complaint(connection, "PKL-26-000009", voices=12)
        reports = [
            await invented.report(connection, complaint, external_id=f"w{n}") for n in range(2)
        ]
        await paired.merge(connection, complaint, reports[1:])
        await connection.execute(
            update(tables.complaints)
            .where(tables.complaints.c.ticket == "PKL-26-000012")
            .values(continues=complaint)
        )

    whole = soup(await rini.get("/complaints/PKL-26-000009"))
    other = soup(await rini.get("/complaints/PKL-26-000012"))
    rows = soup(await rini.get("/complaints")).select("tbody tr")
    lines = {row.select("strong")[0].text: row.text for row in rows}

    assert "12 suara" in whole.select("#merged")[0].text
    assert len(whole.select(".made-of tbody tr")) == 2
    merged = " ".join(whole.select(".merge")[0].text.split())
    assert "1 laporan digabung ke PKL-26-000009 saat tiba Oleh hub" in merged
    assert "Menentang: RT lain (3 / 4)" in merged
    assert other.select(".continues a")[0].text == "PKL-26-000009"
    assert (
        other.select(f"#merged-part a[href='/repeats/{match}'] strong")[0].text == "PKL-26-000011"
    )
    assert "12 suara" in lines["PKL-26-000009"]


async def test_a_merged_complaint_leads_to_the_one_that_speaks_for_it(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        stays = await invented.complaint(connection, "PKL-26-000001")
        lost = await invented.complaint(connection, "PKL-26-000002", merged_into=stays)
        await paired.merge(connection, stays, [], kind="merge", lost_id=lost, who="operator:budi")

    page = soup(await rini.get("/complaints/PKL-26-000002"))
    heading = page.select(".merge h3")[0].text

    assert page.select(".merged-into a")[0]["href"] == "/complaints/PKL-26-000001"
    assert heading == "PKL-26-000002 digabung ke PKL-26-000001"
    assert "petugas budi" in page.select(".merge")[0].text
    assert not page.select(".more-merge")


async def test_parting_asks_for_a_reason_and_hands_it_on(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await invented.complaint(connection, "PKL-26-000001")
    form = {"back": "/complaints/PKL-26-000001"}

    await rini.post("/merges/5/undo", data=form | {"why": " "})
    refused = soup(await rini.get("/complaints/PKL-26-000001"))
    answer = await rini.post("/merges/5/undo", data=form | {"why": "gang yang lain"})

    assert "Tuliskan alasan memisahkan" in refused.select(".problem")[0].text
    assert web.comparers.decided == [("undo", 5, "rini", "gang yang lain")]
    assert answer.headers["location"] == "/complaints/PKL-26-000001"


async def test_an_undone_merge_says_who_and_why_and_has_no_button(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        complaint = await invented.complaint(connection, "PKL-26-000001")
        given = {"undone_at": invented.ago(hours=1), "undone_by": "budi", "undone_why": "lain RT"}
        await paired.merge(connection, complaint, [1], **given)

    page = soup(await rini.get("/complaints/PKL-26-000001"))

    assert "oleh budi" in page.select(".merge.undone")[0].text
    assert "lain RT" in page.select(".merge.undone")[0].text
    assert not page.select(".merge form")


async def test_an_operator_merges_two_complaints_nobody_asked_about(
    web: Web, rini: httpx.AsyncClient
) -> None:
    done = await rini.post("/complaints/PKL-26-000001/merge", data={"other": "pkl-26-000007 "})
    same = await rini.post("/complaints/PKL-26-000001/merge", data={"other": "PKL-26-000001"})

    assert web.comparers.decided == [("merge", "PKL-26-000001", "PKL-26-000007", "rini")]
    assert done.headers["location"] == same.headers["location"] == "/complaints/PKL-26-000001"


async def test_programs_list_decide_and_undo(
    web: Web, program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    first, second = await asked(engine, 2)

    listed = (await program.get("/api/v1/repeats")).json()
    onward = (await program.get("/api/v1/repeats", params={"offset": 1})).json()
    merged = await program.post(f"/api/v1/repeats/{first}/decision", json={"verdict": "same"})
    later = await program.post(f"/api/v1/repeats/{second}/decision", json={"verdict": "later"})
    undone = await program.post("/api/v1/merges/7/undo", json={"why": "lain RT"})

    assert listed["waiting"] == 2
    assert [each["id"] for each in listed["repeats"]] == [first, second]
    assert [each["id"] for each in onward["repeats"]] == [second]
    assert listed["repeats"][0]["complaint"]["report"]["text"].startswith("Lampu mati")
    assert listed["repeats"][0]["evidence"][1]["weight"] == -1.0
    assert merged.json() == {
        "merged": {"merge_id": 7, "stays": "PKL-26-000001", "lost": "PKL-26-000002"}
    }
    assert later.json() == {"merged": None}
    assert undone.json() == {"ticket": "PKL-26-000002"}
    assert [what for what, *_ in web.comparers.decided] == ["same", "later", "undo"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/v1/repeats/404/decision", {"verdict": "same"}, 404),
        ("/api/v1/repeats/409/decision", {"verdict": "different"}, 409),
        ("/api/v1/repeats/1/decision", {"verdict": "perhaps"}, 422),
        ("/api/v1/merges/409/undo", {"why": "lain"}, 409),
        ("/api/v1/merges/1/undo", {"why": " "}, 422),
    ],
)
async def test_programs_are_told_why_something_cannot_be_done(
    program: httpx.AsyncClient, path: str, body: dict[str, str], status: int
) -> None:
    answer = await program.post(path, json=body)

    assert answer.status_code == status
    assert answer.json()["message"]


async def test_the_verdicts_on_a_report_can_be_asked_for(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await asked(engine)
    complaint = (await program.get("/api/v1/complaints/PKL-26-000012")).json()
    report_id = complaint["reports"][0]["id"]

    verdicts = (await program.get(f"/api/v1/reports/{report_id}/verdicts")).json()

    assert [(each["ticket"], each["verdict"]) for each in verdicts] == [
        ("PKL-26-000011", "perhaps")
    ]
    assert (await program.get("/api/v1/reports/4711/verdicts")).json() == []


async def test_programs_see_voices_and_what_a_complaint_was_merged_into(
    program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        old = await invented.complaint(connection, "PKL-26-000001")
        stays = await invented.complaint(connection, "PKL-26-000002", voices=3, continues=old)
        await invented.complaint(connection, "PKL-26-000003", merged_into=stays)

    found = (await program.get("/api/v1/complaints/PKL-26-000002")).json()
    lost = (await program.get("/api/v1/complaints/PKL-26-000003")).json()
    listed = (await program.get("/api/v1/complaints")).json()["complaints"]

    assert (found["voices"], found["continues"], found["merged_into"]) == (
        3,
        "PKL-26-000001",
        None,
    )
    assert lost["merged_into"] == "PKL-26-000002"
    assert {each["ticket"]: each["voices"] for each in listed} == {
        "PKL-26-000001": 1,
        "PKL-26-000002": 3,
    }
