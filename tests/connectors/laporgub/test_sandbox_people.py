from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from hub.sandbox import Stage
from tests.connectors.laporgub.sandboxed import PARCEL, TICKET, Province, province

CARD = f"Jalan rusak; dulu saya sudah lapor di PKL-2025-000007.\n\nNomor di Simpul Aduan: {TICKET}"


@pytest.fixture
async def there() -> AsyncIterator[Province]:
    new = province()
    async with new.client:
        yield new


async def test_a_card_that_was_copied_into_the_form_is_known_by_our_ticket(
    there: Province,
) -> None:
    made = await there.play("create", isi=CARD, lokasi="Kuripan", jenis="1 (publik)")
    assert (made["ticket"], made["marker"]) == ("LGWP10000001", TICKET)
    assert there.journal("filed") == [{"external_id": "LGWP10000001", "marker": TICKET}]
    assert there.journal("said") == []


async def test_what_a_citizen_reports_there_is_said_and_carries_no_marker(
    there: Province,
) -> None:
    ticket = await there.reported(isi=CARD, complaint="LG-1")
    assert there.journal("filed") == [{"external_id": ticket, "marker": None}]
    assert [
        (each["complaint"], each["message"], each["text"]) for each in there.journal("said")
    ] == [("LG-1", ticket, CARD)]


@pytest.mark.parametrize(
    "facts", [{"marker": PARCEL}, {"isi": f"Selesai. (ref. {TICKET}/{PARCEL})"}]
)
async def test_a_copied_follow_up_is_known_by_the_marker_it_was_given_or_quotes(
    there: Province, facts: dict[str, str]
) -> None:
    ticket = await there.reported()
    await there.play("follow_up", **({"ticket": ticket, "isi": "Selesai."} | facts))
    assert there.journal("followed_up") == [{"external_id": ticket, "marker": PARCEL}]


async def test_a_follow_up_without_a_marker_is_still_written_down(there: Province) -> None:
    ticket = await there.reported()
    await there.play("follow_up", ticket=f" {ticket.lower()} ", isi="Selesai.", status="selesai")
    assert there.journal("followed_up") == [{"external_id": ticket, "marker": None}]
    assert (await there.seen(ticket))["status"] == "Selesai"


async def test_officers_use_every_word_and_words_nobody_knows(there: Province) -> None:
    ticket = await there.reported()
    for word, shown in (
        ("verifikasi", "Verifikasi"),
        ("progres", "PROGRES"),
        ("tidak layak", "Tidak Layak"),
        ("bukan wewenang", "Bukan wewenang"),
        ("dikembalikan", "dikembalikan"),
        ("Kajian Teknis", "Kajian Teknis"),
    ):
        assert (await there.play("move", ticket=ticket, status=word))["status"] == shown
        assert there.journal("moved")[-1] == {"external_id": ticket, "status": shown}


async def test_an_answer_leaves_the_status_as_it_is(there: Province) -> None:
    ticket = await there.reported()
    await there.play("answer", ticket=ticket, text="Kami cek dahulu.")
    seen = await there.seen(ticket)
    assert seen["status"] == "Belum Dijawab"
    assert (seen["linimasa"][-1]["judul"], seen["linimasa"][-1]["isi"]) == (
        "Belum Dijawab",
        "Kami cek dahulu.",
    )


async def test_officers_go_straight_to_the_end_and_say_when_nothing_is_left(
    there: Province,
) -> None:
    ticket = await there.reported()
    steps = [await there.imitation.act(there.stage.rng) for _ in range(4)]
    assert steps == [True, True, True, False]
    assert [facts["status"] for facts in there.journal("moved")] == [
        "Verifikasi",
        "PROGRES",
        "Selesai",
    ]
    seen = await there.seen(ticket)
    assert all(line["isi"] for line in seen["linimasa"][1:])


async def test_officers_leave_other_cities_and_what_was_sent_back_alone(there: Province) -> None:
    await there.reported(id_kabkota="3374")
    ticket = await there.reported()
    await there.play("move", ticket=ticket, status="dikembalikan")
    assert not await there.imitation.act(there.stage.rng)
    assert (await there.play("finish_all"))["steps"] == 0


async def test_the_same_dice_give_the_same_day_and_every_scene_can_be_played(
    there: Province,
) -> None:
    day, again = (list(there.imitation.scenes(Stage().rng)) for _ in range(2))
    assert day == again
    assert {scene.facts["complaint"] for scene in day} == {"LG-1", "LG-2", "LG-3", "LG-4"}
    assert all(one.at < other.at for one, other in pairwise(day))
    for scene in day:
        await there.imitation.play(scene.action, scene.facts)
    rows = (await there.client.get("/api/aduan")).json()["data"]
    assert {row["id_kabkota"] for row in rows} == {"3375"}
    assert len(there.journal("said")) == len(rows) == 4


async def test_who_complained_shows_only_where_the_citizen_wants_that(there: Province) -> None:
    named = await there.reported(nama="Warsito")
    hidden = await there.reported(nama="Warsito", anonim="1")
    assert (await there.seen(named))["pelapor"] == {"nama": "Warsito"}
    assert (await there.seen(hidden))["pelapor"] is None


@pytest.mark.parametrize(
    ("action", "facts", "says"),
    [
        ("menari", {}, "Tidak ada tindakan 'menari'; yang ada: create"),
        ("move", {"ticket": "LGWP1", "status": "selesai"}, "Tidak ada aduan bernomor 'LGWP1'"),
        ("switch", {"hujan": "on"}, "Tidak ada saklar hujan"),
        ("report", {"isi": "x", "awalan": "1"}, "awalan harus dua sampai enam huruf"),
        ("create", {"isi": " "}, "isi aduan wajib diisi"),
    ],
)
async def test_what_cannot_be_done_there_is_a_sentence(
    there: Province, action: str, facts: dict[str, str], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        await there.play(action, **facts)


async def test_the_environment_is_assisted_and_hurries_only_on_this_machine(
    there: Province,
) -> None:
    assert there.imitation.environment()["LAPORGUB_MODE"] == "assisted"
    assert there.imitation.environment()["LAPORGUB_PAGE_SECONDS"] == "21600"
    there.stage.base_url = "http://127.0.0.1:9000"
    assert float(there.imitation.environment()["LAPORGUB_PAGE_SECONDS"]) < 5
