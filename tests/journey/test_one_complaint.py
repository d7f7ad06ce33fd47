"""One complaint on its way from a phone to SP4N-LAPOR! and back."""

from collections import Counter

from tests.journey.city import BUDI, City

LAMP = "Lampu jalan di Jalan Merdeka mati sejak tiga hari, mohon diperbaiki."


async def test_a_photo_and_a_sentence_become_one_report_there_and_every_answer_comes_back_once(
    city: City,
) -> None:
    await city.says(LAMP, how="photo")
    await city.falls_silent()
    [filed] = city.happened("filed")
    [complaint] = await city.complaints()
    assert filed["marker"] == complaint["ticket"]
    [report] = city.world.sp4n._desk.reports.values()
    assert len(report.files) == 1
    assert LAMP in report.fields["content"]
    assert BUDI not in str(report.fields)

    number = filed["external_id"]
    for action in ("verify", "dispose"):
        await city.officer(action, number)
    await city.officer("answer", number, text="Sudah kami perbaiki.")
    await city.officer("close", number)

    [complaint] = await city.complaints()
    assert complaint["status"] == "closed"
    assert complaint["in_step"]
    heard = city.heard()
    assert len(heard) == 5
    assert all(complaint["ticket"] in text for text in heard)
    assert max(Counter(heard).values()) == 1
    assert "Sudah kami perbaiki." in heard[3]
    assert [row["status"] for row in complaint["history"]] == [
        "received", "verified", "forwarded", "answered", "closed",
    ]  # fmt: skip
    agreement = await city.get("/agreement")
    assert agreement["agreeing"] == agreement["total"] == 2
    assert len(city.happened("filed")) == 1


async def test_an_operators_move_is_told_to_the_citizen_and_to_sp4n(city: City) -> None:
    await city.says(LAMP)
    await city.falls_silent()
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    assert await city.post(path, status="in_progress", note="Petugas berangkat.") == 200
    [complaint] = await city.complaints()
    assert complaint["status"] == "in_progress"
    assert complaint["in_step"]
    [followed] = city.happened("followed_up")
    assert followed["external_id"] == city.happened("filed")[0]["external_id"]
    assert "Petugas berangkat." in city.heard()[-1]
    assert len(city.heard()) == 2

    await city.looks_around()
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("in_progress", True)
    assert len(city.heard()) == 2, "our own follow-up came back as an echo"


async def test_a_matter_of_somebody_else_is_referred_with_the_agency_it_belongs_to(
    city: City,
) -> None:
    await city.says(LAMP)
    await city.falls_silent()
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    assert await city.post(path, status="referred", note="Jalan provinsi.") == 409
    agency = "Dinas Perhubungan"
    assert await city.post(path, status="referred", note="Jalan provinsi.", agency=agency) == 200
    [asked] = city.happened("referral_asked")
    assert asked["external_id"] == city.happened("filed")[0]["external_id"]
    assert agency in city.heard()[-1]

    await city.looks_around()
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("referred", True)
    await city.officer("agree", asked["external_id"])
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("referred", True)
    assert len(city.heard()) == 2
