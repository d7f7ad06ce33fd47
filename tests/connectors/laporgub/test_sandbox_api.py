from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.connectors.laporgub.sandboxed import ADUAN, PARCEL, TICKET, Province, province


@pytest.fixture
async def there() -> AsyncIterator[Province]:
    new = province()
    async with new.client:
        yield new


async def test_a_complaint_gets_a_number_and_shows_what_was_sent(there: Province) -> None:
    ticket = await there.opened()
    assert ticket == "LGWP10000001"
    seen = await there.seen(ticket)
    assert seen.items() >= ADUAN.items()
    assert seen["status"] == "Belum Dijawab"
    assert [line["judul"] for line in seen["linimasa"]] == ["Laporan diterima"]
    assert there.journal("filed") == [{"external_id": ticket, "marker": TICKET}]


async def test_the_same_number_of_ours_twice_makes_two_complaints_and_both_are_found(
    there: Province,
) -> None:
    twice = [await there.opened(), await there.opened()]
    await there.opened(nomor_luar="PKL-2026-000124")
    found = await there.client.get("/api/aduan", params={"nomor_luar": TICKET})
    assert [row["tiket"] for row in found.json()["data"]] == twice
    assert [facts["marker"] for facts in there.journal("filed")][:2] == [TICKET, TICKET]


async def test_without_the_key_only_the_list_of_cities_is_given(there: Province) -> None:
    stranger = {"X-Api-Key": "bukan-kunci"}
    refused = await there.client.get("/api/aduan", headers=stranger)
    cities = await there.client.get("/api/get-city", headers=stranger)
    assert refused.status_code == 401
    assert len(cities.json()["data"]) == 35
    assert {"id": "3375", "name": "KOTA PEKALONGAN"} in cities.json()["data"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"isi": " "}, "isi aduan wajib diisi"),
        ({"kategori": "angkasa"}, "kategori 'angkasa' tidak dikenal"),
        ({"id_kabkota": "3175"}, "id_kabkota '3175' tidak dikenal"),
        ({"jenis": 2}, "jenis harus 1 (publik) atau 0 (rahasia), bukan '2'"),
        ({"lat": "selatan"}, "lat harus bilangan, bukan 'selatan'"),
    ],
)
async def test_what_the_form_would_not_take_is_refused_with_a_sentence(
    there: Province, wrong: dict[str, Any], says: str
) -> None:
    answer = await there.client.post("/api/aduan", json={**ADUAN, **wrong})
    assert (answer.status_code, answer.json()["message"]) == (422, says)
    assert there.journal("filed") == []


async def test_the_list_goes_on_where_its_cursor_says_and_shows_a_changed_complaint_again(
    there: Province,
) -> None:
    tickets = [await there.reported() for _ in range(3)]
    await there.reported(id_kabkota="3374")
    first = (await there.client.get("/api/aduan", params={"batas": 2})).json()
    assert [row["tiket"] for row in first["data"]] == tickets[:2]
    await there.play("move", ticket=tickets[0], status="verifikasi")
    rest = await there.client.get("/api/aduan", params={"sejak": first["berikut"]})
    assert [row["tiket"] for row in rest.json()["data"]] == [tickets[2], tickets[0]]
    assert rest.json()["berikut"] is None


async def test_a_follow_up_stands_in_the_timeline_with_our_marker(there: Province) -> None:
    ticket = await there.opened()
    sent = {"isi": "Diverifikasi oleh kota.", "status": "verifikasi", "ref": PARCEL}
    answer = await there.client.post(f"/api/aduan/{ticket}/tindak-lanjut", json=sent)
    seen = await there.seen(ticket)
    assert answer.status_code == 201
    assert seen["status"] == "Verifikasi"
    assert (
        seen["linimasa"][-1].items()
        >= {
            "id": answer.json()["data"]["id"],
            "isi": "Diverifikasi oleh kota.",
            "judul": "Verifikasi",
            "ref": PARCEL,
        }.items()
    )
    assert there.journal("followed_up") == [{"external_id": ticket, "marker": PARCEL}]
    assert there.journal("moved") == [{"external_id": ticket, "status": "Verifikasi"}]


async def test_a_late_follow_up_is_kept_but_does_not_lead_back(there: Province) -> None:
    ticket = await there.opened()
    await there.play("move", ticket=ticket, status="selesai")
    await there.client.post(
        f"/api/aduan/{ticket}/tindak-lanjut", json={"isi": "Ditangani.", "status": "progres"}
    )
    seen = await there.seen(ticket)
    assert seen["status"] == "Selesai"
    assert [line["isi"] for line in seen["linimasa"]] == ["", "", "Ditangani."]


async def test_a_follow_up_that_repeats_the_status_is_no_move(there: Province) -> None:
    ticket = await there.opened()
    for _ in range(2):
        await there.client.post(
            f"/api/aduan/{ticket}/tindak-lanjut", json={"isi": "Dicek.", "status": "VERIFIKASI"}
        )
    assert there.journal("moved") == [{"external_id": ticket, "status": "Verifikasi"}]
    assert len(there.journal("followed_up")) == 2


async def test_a_follow_up_with_an_unknown_word_or_complaint_is_refused(there: Province) -> None:
    ticket = await there.opened()
    word = await there.client.post(
        f"/api/aduan/{ticket}/tindak-lanjut", json={"isi": "…", "status": "beres"}
    )
    nobody = await there.client.post("/api/aduan/LGWP99999999/tindak-lanjut", json={"isi": "…"})
    assert (word.status_code, nobody.status_code) == (422, 404)
    assert there.journal("followed_up") == []


async def test_files_come_with_the_complaint_or_after_it_and_can_be_fetched(
    there: Province,
) -> None:
    photo = ("foto.jpg", b"\xff\xd8foto", "image/jpeg")
    answer = await there.client.post(
        "/api/aduan", data={"isi": "Jalan rusak."}, files=[("lampiran", photo)]
    )
    ticket = answer.json()["data"]["tiket"]
    note = ("surat.pdf", b"%PDF-surat", "application/pdf")
    await there.client.post(f"/api/aduan/{ticket}/lampiran", files=[("lampiran", note)])
    files = (await there.seen(ticket))["lampiran"]
    assert [file["nama"] for file in files] == ["foto.jpg", "surat.pdf"]
    assert (await there.client.get(files[1]["url"])).content == b"%PDF-surat"
    assert (await there.client.get(f"/api/aduan/{ticket}/lampiran/3")).status_code == 404


@pytest.mark.parametrize("kind", ["drop_after", "truncated", "html", "status_after"])
async def test_a_write_whose_answer_is_lost_has_been_done(there: Province, kind: str) -> None:
    await there.fail(kind, route="POST /api/aduan$", times=1, status=500)
    try:
        lost = await there.client.post("/api/aduan", json=dict(ADUAN))
    except httpx.ReadError:
        assert kind == "drop_after"
    else:
        assert kind == "truncated" or lost.is_error
    found = await there.client.get("/api/aduan", params={"nomor_luar": TICKET})
    assert [row["tiket"] for row in found.json()["data"]] == ["LGWP10000001"]


@pytest.mark.parametrize("kind", ["drop_before", "status"])
async def test_a_write_that_failed_before_has_not_been_done(there: Province, kind: str) -> None:
    await there.fail(kind, route="POST", times=1, status=503)
    try:
        assert (await there.client.post("/api/aduan", json=dict(ADUAN))).is_error
    except httpx.ReadError:
        assert kind == "drop_before"
    assert there.journal("filed") == []


async def test_untidy_officers_write_statuses_with_blanks_and_any_capitals(
    there: Province,
) -> None:
    tickets = [await there.opened(), await there.opened()]
    await there.play("switch", untidy="on")
    assert [(await there.seen(ticket))["status"] for ticket in tickets] == [
        " BELUM DIJAWAB  ",
        "belum dijawab ",
    ]
