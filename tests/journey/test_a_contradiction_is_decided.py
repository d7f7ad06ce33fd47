"""A channel contradicts, the page shows both sides, and one click decides: through the whole hub."""

from bs4 import BeautifulSoup

from hub.contract import Status, StatusNews
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from tests.journey.city import City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."


async def sp4n_shows(city: City, status: Status, theirs: str) -> None:
    """What SP4N says of the only complaint now, a while after everything before."""
    city.clock.pass_time(minutes=30)
    registry = city.hub.registry
    accept = Accept(
        upstreams=registry.upstreams, turns=TurnRules(), authorities=registry.authorities
    )
    news = StatusNews(
        key=f"status:{theirs}:{city.clock():%H%M}",
        external_id=city.happened("filed")[0]["external_id"],
        theirs=theirs,
        status=status,
        at=city.clock(),
    )
    async with city.hub.database.begin() as work:
        await accept.take(work, "sp4n", news, at=city.clock())
    await city.work()


async def contradicted(city: City) -> str:
    """A complaint in progress of which SP4N says that it has only been received."""
    await city.says(HOLE)
    await city.falls_silent()
    ticket = str((await city.complaints())[0]["ticket"])
    city.clock.pass_time(minutes=10)
    await city.post(f"/complaints/{ticket}/moves", status="in_progress")
    await city.work()
    await sp4n_shows(city, Status.RECEIVED, "Belum Terverifikasi")
    return ticket


async def test_both_sides_are_on_the_page_and_a_click_decides(city: City) -> None:
    ticket = await contradicted(city)

    async with city.at_the_desk() as clerk:
        page = BeautifulSoup((await clerk.get("/conflicts")).text, "html.parser")
        card = page.select("#asking ~ .conflict")[0]
        path = str(card.select("form")[0]["action"])
        status = str(card.select(".right button")[0]["value"])
        await clerk.post(path, data={"status": status, "why": "Salah ketik kemarin."})
        after = BeautifulSoup((await clerk.get("/conflicts")).text, "html.parser")
    found = await city.get(f"/complaints/{ticket}")

    assert [each.text for each in card.select(".claim .status")] == ["Diproses", "Diterima"]
    assert page.select("#to-settle")[0].text == "1"
    assert not after.select("#to-settle, #asking")
    assert (found["status"], found["conflicts"][0]["decided"]) == ("received", "received")
    assert found["conflicts"][0]["ended_at"]
    assert "Salah ketik kemarin." in [row["note"] for row in found["history"]]


async def test_programs_read_the_rule_decide_and_turn_it_round(city: City) -> None:
    ticket = await contradicted(city)

    listed = await city.get("/conflicts", open="true")
    number = listed["conflicts"][0]["id"]
    first = await city.post(f"/conflicts/{number}/decision", status="received")
    second = await city.post(f"/conflicts/{number}/decision", status="in_progress")
    refused = await city.post(f"/conflicts/{number}/decision", status="closed")
    unknown = await city.post("/conflicts/4711/decision", status="closed")
    found = await city.get(f"/complaints/{ticket}")
    still = await city.get("/conflicts", open="true")

    assert (listed["asking"], listed["conflicts"][0]["rule"]) == (1, "unmoved")
    assert (first, second, refused, unknown) == (200, 200, 409, 404)
    assert found["status"] == "in_progress"
    assert (still["conflicts"], still["open"]) == ([], 0)
