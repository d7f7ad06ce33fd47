"""Channels that contradict: both sides, the rule that decided, and one click to decide otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.domain.authority import Rule
from hub.intake.contradictions import Contradictions
from hub.store import desk
from hub.web.contradiction import contradiction
from hub.web.doors import Conflicts
from hub.web.rulings import rule_of
from tests.fakes.books import open_database
from tests.integration.web import contradicted, invented
from tests.integration.web.conftest import HERE, KEY, Web, web_over
from tests.integration.web.copying import soup
from tests.integration.web.fakes import TITLES, Reader, StoppedClock
from tests.integration.web.invented import ago

CONTRADICTS: dict[str, Any] = {"channel": {"disagrees": contradicted.WHY}}
TAKEN: dict[str, Any] = {
    "outcome": "theirs",
    "rule": "same_minute",
    "ended_at": ago(minutes=19),
    "about": {"status": "closed", "status_from": "sp4n"},
}


async def written(engine: AsyncEngine, ticket: str = "PKL-26-000001", **given: Any) -> int:
    async with engine.begin() as connection:
        return await contradicted.conflict(connection, ticket, **given)


def plain(part: Tag | BeautifulSoup) -> str:
    return " ".join(part.get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


def buttons(part: Tag | BeautifulSoup) -> list[tuple[str, str]]:
    found = part.select(".conflict .side button")
    return [(plain(each).rpartition(" ")[0], str(each["value"])) for each in found]


async def test_without_contradictions_the_page_says_so(rini: httpx.AsyncClient) -> None:
    page = soup(await rini.get("/conflicts"))

    assert "Tidak ada kabar yang bertentangan" in page.select(".empty")[0].text
    assert not page.select("#to-settle, .conflict")


async def test_a_contradiction_lies_side_by_side_with_its_rule_on_both_databases(
    each_engine: AsyncEngine, tmp_path: Path
) -> None:
    number = await written(each_engine, **CONTRADICTS, ahead=250.0)
    web = web_over(Reader(each_engine), tmp_path)

    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        page = soup(await client.get("/conflicts"))
    card = page.select(f"#conflict-{number}")[0]
    ours, theirs = (plain(side) for side in card.select(".side"))

    assert page.select("#to-settle")[0].text == "1"
    assert "Di hub berlaku Diproses 21 Nov 2026 19.19 WIB, petugas budi" in ours
    assert "Di SP4N-LAPOR! Selesai “Selesai <b>” 21 Nov 2026 19.20 WIB, SP4N-LAPOR!" in theirs
    assert "jam mereka maju 4 menit" in theirs
    facts = plain(card.select(".facts")[0])
    assert "Aturan Perpindahan di luar tabel status diputuskan petugas." in facts
    assert "Tindakan Hub mempertahankan «Diproses» dan meminta petugas memutuskan." in facts
    assert f"Alasan {contradicted.WHY}" in facts
    assert "Kini Berlaku «Diproses» dari SP4N-LAPOR!; SP4N-LAPOR! tetap berkata lain." in facts
    assert buttons(page) == [
        ("Tetap “Diproses”", "in_progress"),
        ("Pakai “Selesai” dari SP4N-LAPOR!", "closed"),
    ]


@pytest.mark.parametrize("status", ["in_progress", "closed"])
async def test_one_click_decides_and_shows_what_was_decided(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine, status: str
) -> None:
    number = await written(engine, **CONTRADICTS)

    done = await rini.post(f"/conflicts/{number}/decision", data={"status": status})
    page = soup(await rini.get(done.headers["location"]))

    assert web.arbiters.decided == [("decide", number, status, "rini", None)]
    assert done.headers["location"] == f"/conflicts?shown={number}"
    assert "PKL-26-000001" in page.select(".said[role=status]")[0].text
    assert "Keliru? Pilih sisi yang lain" in page.select(".said")[0].text
    assert [each["id"] for each in page.select(".conflict")] == [f"conflict-{number}"]


async def test_a_button_works_without_a_script_and_takes_the_reason_along(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    number = await written(engine, **CONTRADICTS)

    page = soup(await rini.get("/complaints/PKL-26-000001"))
    button = page.select(".conflict .right button")[0]
    form = page.select(f"form#{button['form']}")[0]
    given = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    answer = await rini.post(
        str(form["action"]),
        data=given | {str(button["name"]): str(button["value"]), "why": " Sudah dicek. "},
    )

    assert form.select("textarea")[0]["name"] == "why"
    assert web.arbiters.decided == [("decide", number, "closed", "rini", "Sudah dicek.")]
    assert answer.headers["location"] == f"/complaints/PKL-26-000001#conflict-{number}"


async def test_what_the_rules_took_can_be_turned_round_by_one_click(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **TAKEN)

    page = soup(await rini.get("/conflicts"))
    card = plain(page.select("#ended ~ .conflict")[0])

    assert not page.select("#to-settle")
    assert "SP4N-LAPOR! menang bila dua kanal bergerak pada menit yang sama." in card
    assert "Hub memakai kabar SP4N-LAPOR!: «Selesai», dan memberi tahu kanal lain." in card
    assert buttons(page) == [("Kembali ke “Diproses”", "in_progress")]


async def test_a_decision_names_who_made_it_and_can_be_made_again(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, ended_at=ago(minutes=5), decided="in_progress", decided_by="budi")

    page = soup(await rini.get("/conflicts"))

    assert (
        "Diputuskan «Diproses» oleh petugas budi, 21 Nov 2026 19.35 WIB."
        in plain(page.select(".conflict .facts")[0])
    )  # fmt: skip
    assert buttons(page) == [("Pakai “Selesai” dari SP4N-LAPOR!", "closed")]


async def test_what_went_on_since_is_moved_on_its_own_page(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **TAKEN | {"about": {"status": "forwarded"}})

    page = soup(await rini.get("/conflicts"))

    assert "Aduan ini sudah berstatus «Didisposisikan»" in page.select(".conflict")[0].text
    assert page.select(".conflict a")[-1]["href"] == "/complaints/PKL-26-000001"
    assert not buttons(page)


async def test_only_the_latest_of_a_complaint_can_be_turned_round(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        complaint = await invented.complaint(connection, "PKL-26-000001", status="closed")
        source = await invented.source(connection, complaint, "sp4n")
        ended = {"ended_at": ago(minutes=9), "outcome": "theirs"}
        first = await contradicted.note(connection, complaint, source, **ended)
        last = await contradicted.note(connection, complaint, source, **ended)

    page = soup(await rini.get("/conflicts"))
    forms = [str(form["action"]) for form in page.select(".conflict form")]

    assert forms == [f"/conflicts/{last}/decision"]
    assert "lebih baru" in page.select(f"#conflict-{first}")[0].text


async def test_what_is_being_told_again_asks_nobody(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, outcome="ours", rule="may_not_reopen", theirs="needs_info")

    page = soup(await rini.get("/conflicts"))
    card = plain(page.select("#on-way ~ .conflict")[0])

    assert not page.select("#to-settle, #asking")
    assert "tidak berwenang membuka kembali aduan yang diakhiri petugas budi." in card
    assert "Hub mempertahankan «Diproses» dan memberi tahu SP4N-LAPOR! lagi." in card
    assert len(buttons(page)) == 2


async def test_those_that_ask_come_before_those_that_end_by_themselves(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    taken = await written(engine, **TAKEN)
    on_way = await written(engine, "PKL-26-000002", outcome="ours")
    asking = await written(engine, "PKL-26-000003", **CONTRADICTS)
    newer = await written(engine, "PKL-26-000004", **CONTRADICTS)

    page = soup(await rini.get("/conflicts"))
    chosen = soup(await rini.get("/conflicts", params={"shown": on_way}))

    order = [str(each["id"]) for each in page.select(".conflict")]
    assert order == [f"conflict-{number}" for number in (newer, asking, on_way, taken)]
    assert page.select("#to-settle")[0].text == page.select("#asking .count")[0].text == "2"
    order = [str(each["id"]) for each in chosen.select(".conflict")]
    assert order == [f"conflict-{number}" for number in (on_way, newer, asking, taken)]


async def test_a_long_list_is_read_in_parts(rini: httpx.AsyncClient, engine: AsyncEngine) -> None:
    for number in range(1, 53):
        await written(engine, f"PKL-26-{number:06d}", **CONTRADICTS)

    first = soup(await rini.get("/conflicts"))
    second = soup(await rini.get(str(first.select("a[rel=next]")[0]["href"])))

    assert len(first.select(".conflict")) == 50
    assert first.select("#asking .count")[0].text == "52"
    assert [plain(each) for each in second.select(".conflict h3 a")] == [
        "PKL-26-000002",
        "PKL-26-000001",
    ]
    assert not second.select("a[rel=next]")


@pytest.mark.parametrize(("number", "said"), [(404, "Tidak ada pertentangan"), (409, "Pilih")])
async def test_what_cannot_be_decided_is_said(
    rini: httpx.AsyncClient, number: int, said: str
) -> None:
    answer = await rini.post(f"/conflicts/{number}/decision", data={"status": "closed"})
    page = soup(await rini.get(answer.headers["location"]))

    assert said in page.select(".problem[role=alert]")[0].text


@pytest.mark.parametrize("path", ["/conflicts/1/decision", "/complaints/PKL-26-000001/release"])
async def test_a_decision_from_another_site_or_without_a_session_is_refused(
    web: Web, path: str
) -> None:
    async with web.client(origin="http://elsewhere.test") as client:
        await client.post("/login", data={"key": KEY}, headers={"origin": HERE})
        foreign = await client.post(path, data={"status": "closed"})
    async with web.client(origin=HERE) as client:
        nobody = await client.post(path, data={"status": "closed"})

    assert foreign.status_code == 403
    assert nobody.headers["location"].startswith("/login")
    assert web.arbiters.decided == []


async def test_going_back_never_leads_to_another_site(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    number = await written(engine)

    answer = await rini.post(
        f"/conflicts/{number}/decision", data={"status": "closed", "back": "//elsewhere.test"}
    )

    assert answer.headers["location"] == f"/#conflict-{number}"


@pytest.mark.parametrize("query", ["shown=0", "shown=99999999999999999999", "before=x"])
async def test_a_number_that_no_row_can_have_is_no_error_of_ours(
    rini: httpx.AsyncClient, query: str
) -> None:
    assert (await rini.get(f"/conflicts?{query}")).status_code == 422


async def test_the_journey_tells_why_a_channel_shows_something_else(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    about = {"status": "closed", "status_from": "sp4n"}
    number = await written(
        engine, about=about, connector="whatsapp", ours="closed", ours_from="sp4n",
        theirs="in_progress", their_word="Diproses", outcome="ours", rule="may_not_reopen",
        reason="WhatsApp tidak berwenang membuka kembali «Selesai».", ended_at=ago(minutes=4),
    )  # fmt: skip

    page = soup(await rini.get("/complaints/PKL-26-000001"))
    steps = [plain(step) for step in page.select(".timeline .step .text")]
    told = next(step for step in steps if step.startswith("Bertentangan"))

    assert told.startswith("Bertentangan: WhatsApp berkata «Diproses», hub «Selesai».")
    assert "tidak berwenang membuka kembali aduan yang diakhiri SP4N-LAPOR!." in told
    assert "Hub mempertahankan «Selesai» dan memberi tahu WhatsApp lagi." in told
    assert "Pertentangan dengan WhatsApp berakhir" in steps
    assert page.select(f"#contradicted ~ #conflict-{number}")


async def test_the_journey_names_who_decided(rini: httpx.AsyncClient, engine: AsyncEngine) -> None:
    await written(engine, ended_at=ago(minutes=5), decided="closed", decided_by="budi")

    page = soup(await rini.get("/complaints/PKL-26-000001"))
    steps = [plain(step) for step in page.select(".timeline .step .text")]

    assert "Pertentangan dengan SP4N-LAPOR! berakhir: petugas budi memutuskan «Selesai»" in steps


async def test_older_contradictions_of_a_complaint_are_folded_away(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        complaint = await invented.complaint(connection, "PKL-26-000001")
        source = await invented.source(connection, complaint, "sp4n")
        for _ in range(5):
            await contradicted.note(connection, complaint, source, ended_at=ago(minutes=3))

    page = soup(await rini.get("/complaints/PKL-26-000001"))

    assert page.select("#contradicted .count")[0].text == "5"
    assert len(page.select("section > .conflict")) == 3
    assert len(page.select("section > details > .conflict")) == 2


async def test_a_channel_that_contradicts_leads_to_both_sides(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    number = await written(engine, **CONTRADICTS)

    page = soup(await rini.get("/complaints/PKL-26-000001"))

    assert page.select(f".channel a[href='#conflict-{number}']")


HELD: dict[str, Any] = {
    "rule": "loop",
    "about": {"held_at": ago(minutes=19), "held_why": "SP4N-LAPOR! kembali ke «Selesai»."},
}


async def test_a_held_complaint_says_why_and_what_to_do_and_is_let_go_by_one_click(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **HELD)

    page = soup(await rini.get("/complaints/PKL-26-000001"))
    banner = page.select(".breaker[role=alert]")[0]
    offered = [(plain(each), str(each["value"])) for each in banner.select("button")]
    answer = await rini.post(
        str(banner.select("form")[0]["action"]), data={"status": offered[1][1]}
    )

    assert "Aduan ini ditahan di «Diproses»" in plain(banner)
    assert "SP4N-LAPOR! kembali ke «Selesai». Sejak 21 Nov 2026 19.21 WIB" in plain(banner)
    assert "Yang perlu dikerjakan: tanyakan kepada kedua kanal" in plain(banner)
    assert offered == [("Tetap “Diproses”", "in_progress"), ("Pakai “Selesai”", "closed")]
    assert web.arbiters.decided == [("release", "PKL-26-000001", "closed", "rini", None)]
    assert answer.headers["location"] == "/complaints/PKL-26-000001"


async def test_what_is_held_waits_for_a_person(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **HELD)

    page = soup(await rini.get("/conflicts"))

    assert page.select("#to-settle")[0].text == "1"
    assert "Hub menahan aduan di «Diproses»" in page.select("#asking ~ .conflict")[0].text


async def test_every_side_of_a_held_complaint_is_a_way_out(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **HELD, ended_at=ago(minutes=2), channel={"disagrees": None})

    page = soup(await rini.get("/complaints/PKL-26-000001"))

    offered = [str(each["value"]) for each in page.select(".breaker button")]
    assert offered == ["in_progress", "closed"]


async def test_a_held_complaint_is_listed_and_let_go_though_no_contradiction_of_it_is_open(
    web: Web, rini: httpx.AsyncClient, program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **HELD, ended_at=ago(minutes=2))

    page = soup(await rini.get("/conflicts"))
    card = page.select("#asking ~ .conflict")[0]
    listed = (await program.get("/api/v1/conflicts")).json()
    form = card.select("form")[0]
    given = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    button = form.select("button")[1]
    answer = await rini.post(str(form["action"]), data=given | {"status": str(button["value"])})

    assert page.select("#to-settle")[0].text == "1"
    assert "SP4N-LAPOR! kembali ke «Selesai». Aduan ini ditahan di «Diproses»" in plain(card)
    assert listed["held"] == [
        {
            "ticket": "PKL-26-000001", "status": "in_progress",
            "held_since": "2026-11-21T12:21:00Z",
            "held_why": "SP4N-LAPOR! kembali ke «Selesai».", "said": ["in_progress", "closed"],
        }
    ]  # fmt: skip
    assert (listed["asking"], listed["open"]) == (1, 1)
    assert web.arbiters.decided == [("release", "PKL-26-000001", "closed", "rini", None)]
    assert web.arbiters.saw == ["in_progress"]
    assert answer.headers["location"] == "/conflicts"


async def test_a_decision_takes_along_what_the_operator_saw(
    web: Web, rini: httpx.AsyncClient, program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    number = await written(engine, **CONTRADICTS)

    page = soup(await rini.get("/conflicts"))
    form = page.select(f"form#decide-{number}")[0]
    given = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    await rini.post(str(form["action"]), data=given | {"status": "closed"})
    path = f"/api/v1/conflicts/{number}/decision"
    await program.post(path, json={"status": "closed", "holds": "answered"})
    await program.post(path, json={"status": "closed"})

    assert web.arbiters.saw == ["in_progress", "answered", None]


@pytest.mark.parametrize("standing", list(desk.Standing))
async def test_every_standing_of_a_channel_is_one_sentence(
    engine: AsyncEngine, standing: desk.Standing
) -> None:
    number = await written(engine)
    async with engine.connect() as connection:
        row = await desk.one_conflict(connection, number)
    assert row is not None

    told = contradiction(replace(row, standing=standing), lambda name: TITLES.get(name, name))

    assert told.now.startswith("Berlaku «Diproses»")
    assert told.now.count("SP4N-LAPOR!") == 2
    assert told.is_agreed is (standing is desk.Standing.IN_STEP)


async def test_a_complaint_that_is_not_held_has_no_banner(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine)

    assert not soup(await rini.get("/complaints/PKL-26-000001")).select(".breaker")


async def test_the_first_page_leads_to_what_asks_a_person(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await written(engine, **CONTRADICTS)

    page = soup(await rini.get("/parts/work"))

    assert page.select("a[href='/conflicts']")[0].text.startswith("1 kabar bertentangan")
    assert not page.select(".empty")


async def test_the_contradiction_of_a_merged_complaint_leads_to_the_one_that_speaks(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        stays = await invented.complaint(connection, "PKL-26-000002", status="closed")
        lost = await invented.complaint(connection, "PKL-26-000001", merged_into=stays)
        source = await invented.source(connection, stays, "sp4n")
        number = await contradicted.note(connection, lost, source)

    listed = soup(await rini.get("/conflicts"))
    speaks = soup(await rini.get("/complaints/PKL-26-000002"))

    assert listed.select(".conflict h3 a")[0]["href"] == "/complaints/PKL-26-000002"
    assert speaks.select(f"#conflict-{number}")


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("outcome", ["theirs", "ours", "person"])
async def test_every_rule_is_one_sentence(engine: AsyncEngine, rule: Rule, outcome: str) -> None:
    number = await written(engine, rule=rule.value, outcome=outcome, reason="Karena {begitu}.")
    async with engine.connect() as connection:
        row = await desk.one_conflict(connection, number)
    assert row is not None

    sentence = rule_of(row, lambda name: TITLES.get(name, name))

    quiet = (Rule.SAME, Rule.CONFIRMED, Rule.FORWARD, Rule.REOPENED)
    assert (sentence == "Karena {begitu}.") is (rule in quiet)
    assert sentence.endswith(".")
    assert sentence.count(".") == 1


async def test_programs_list_read_and_decide(
    web: Web, program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    taken = await written(engine, **TAKEN)
    asking = await written(engine, "PKL-26-000002", **CONTRADICTS)

    listed = (await program.get("/api/v1/conflicts", params={"limit": 1})).json()
    onward = (await program.get("/api/v1/conflicts", params={"cursor": listed["cursor"]})).json()
    still = (await program.get("/api/v1/conflicts", params={"open": "true"})).json()
    over = (await program.get("/api/v1/conflicts", params={"open": "false"})).json()
    of_one = (await program.get("/api/v1/conflicts?ticket=pkl-26-000001")).json()
    one = (await program.get(f"/api/v1/conflicts/{asking}")).json()
    path = f"/api/v1/conflicts/{asking}/decision"
    decided = await program.post(path, json={"status": "closed", "why": "Sudah dicek."})

    def ids(page: dict[str, Any]) -> list[int]:
        return [each["id"] for each in page["conflicts"]]

    assert (ids(listed), listed["cursor"], listed["asking"], listed["open"]) == (
        [asking], asking, 1, 1,
    )  # fmt: skip
    assert (ids(onward), onward["cursor"]) == ([taken], None)
    assert (ids(still), ids(over), ids(of_one)) == ([asking], [taken], [taken])
    assert one["ours"] == {
        "status": "in_progress", "at": "2026-11-21T12:19:40Z", "from": "operator:budi",
        "word": None,
    }  # fmt: skip
    assert (one["theirs"]["from"], one["theirs"]["word"]) == ("sp4n", "Selesai <b>")
    assert (one["rule"], one["outcome"], one["asks_person"]) == ("not_allowed", "person", True)
    assert (one["standing"], one["reason"]) == ("contradicts", contradicted.WHY)
    assert decided.json() == {"ticket": "PKL-26-000001"}
    assert web.arbiters.decided == [("decide", asking, "closed", "rini", "Sudah dicek.")]


async def test_programs_see_the_contradictions_of_a_complaint_and_that_it_is_held(
    web: Web, program: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    number = await written(engine, **HELD)
    await written(engine, "PKL-26-000002", **CONTRADICTS)

    found = (await program.get("/api/v1/complaints/PKL-26-000001")).json()
    other = (await program.get("/api/v1/complaints/PKL-26-000002")).json()
    free = await program.post(
        "/api/v1/complaints/PKL-26-000001/release", json={"status": "in_progress"}
    )

    assert [each["id"] for each in found["conflicts"]] == [number]
    assert found["held_since"] == "2026-11-21T12:21:00Z"
    assert found["held_why"] == "SP4N-LAPOR! kembali ke «Selesai»."
    assert (other["held_since"], other["held_why"]) == (None, None)
    assert len(other["conflicts"]) == 1
    assert free.json() == {"ticket": "PKL-26-000001"}
    assert web.arbiters.decided == [("release", "PKL-26-000001", "in_progress", "rini", None)]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/conflicts/4711", None, 404),
        ("GET", "/api/v1/conflicts/99999999999999999999", None, 422),
        ("GET", "/api/v1/conflicts?limit=201", None, 422),
        ("GET", "/api/v1/conflicts?cursor=0", None, 422),
        ("POST", "/api/v1/conflicts/404/decision", {"status": "closed"}, 404),
        ("POST", "/api/v1/conflicts/409/decision", {"status": "closed"}, 409),
        ("POST", "/api/v1/conflicts/1/decision", {"status": "beres"}, 422),
        ("POST", "/api/v1/conflicts/1/decision", {"status": "closed", "whom": "x"}, 422),
        ("POST", "/api/v1/complaints/PKL-26-000009/release", {"status": "closed"}, 409),
    ],
)
async def test_programs_are_told_why_something_cannot_be_done(
    program: httpx.AsyncClient, method: str, path: str, body: dict[str, str] | None, status: int
) -> None:
    answer = await program.request(method, path, json=body)

    assert answer.status_code == status
    assert answer.json()["message"]


async def test_a_program_without_a_key_is_told_nothing(web: Web) -> None:
    async with web.client() as client:
        assert (await client.get("/api/v1/conflicts")).status_code == 401
        assert (await client.get("/api/v1/conflicts/1")).status_code == 401
        decided = await client.post("/api/v1/conflicts/1/decision", json={"status": "closed"})

    assert decided.status_code == 401
    assert web.arbiters.decided == []


async def test_a_decision_is_kept_shown_and_turned_round_in_the_record(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(database_url)
    deciding = Contradictions(begin=database.begin, upstreams={}, clock=StoppedClock(invented.NOW))
    web = web_over(Reader(database.engine), tmp_path)
    web.needs = replace(web.needs, conflicts=Conflicts(deciding))
    number = await written(database.engine, channel={"listens": False, "disagrees": "x"})

    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        path = f"/conflicts/{number}/decision"
        done = await client.post(path, data={"status": "closed", "why": "Sudah dicek."})
        taken = soup(await client.get(done.headers["location"]))
        await client.post(path, data={"status": "in_progress"})
        journey = soup(await client.get("/complaints/PKL-26-000001"))
        third = await client.post(path, data={"status": "archived"})
        refused = soup(await client.get(third.headers["location"]))
    await database.aclose()

    assert "Diputuskan «Selesai» oleh petugas rini" in plain(taken.select(".conflict")[0])
    assert buttons(taken) == [("Kembali ke “Diproses”", "in_progress")]
    assert journey.select(".badges .status")[0].text == "Diproses"
    steps = [plain(step) for step in journey.select(".timeline .step .text")]
    assert any("Sudah dicek." in step for step in steps)
    assert "status lain lewat halaman aduannya" in refused.select(".problem")[0].text
