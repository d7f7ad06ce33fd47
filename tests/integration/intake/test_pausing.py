"""A paused channel is neither sent to nor asked; what it sends by itself is kept and read."""

from tests.journey.city import City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."


async def test_what_citizens_write_to_a_paused_channel_is_taken_in_and_answered_afterwards(
    city: City,
) -> None:
    assert await city.post("/connectors/whatsapp/pause") == 204
    await city.says(HOLE)
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert [filed["marker"] for filed in city.happened("filed")] == [complaint["ticket"]]
    city.clock.pass_time(days=2)
    await city.work()
    assert city.heard() == []
    assert await city.post("/connectors/whatsapp/resume") == 204
    [line] = city.heard()
    assert complaint["ticket"] in line


async def test_a_paused_channel_is_not_looked_at_and_its_news_is_there_when_it_goes_on(
    city: City,
) -> None:
    await city.says(HOLE)
    await city.falls_silent()
    number = city.happened("filed")[0]["external_id"]
    assert await city.post("/connectors/sp4n/pause") == 204
    await city.officer("verify", number)
    city.clock.pass_time(days=2)
    await city.looks_around()
    [complaint] = await city.complaints()
    assert complaint["status"] == "received"
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="in_progress", note="Petugas berangkat.")
    assert city.happened("followed_up") == []
    assert await city.post("/connectors/sp4n/resume") == 204
    for _ in range(3):
        await city.looks_around(seconds=30)
    [followed] = city.happened("followed_up")
    assert followed["external_id"] == number
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("in_progress", True)
