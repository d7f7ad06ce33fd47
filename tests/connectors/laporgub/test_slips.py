import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.contract import (
    Addition,
    Mapping,
    Notice,
    Place,
    Status,
    StoredFile,
    Unmapped,
    Unsendable,
)
from tests.connectors.laporgub.conftest import (
    API,
    NUMBER,
    OPENING,
    SAID_AT,
    TICKET,
    Build,
    delivery,
    texts,
    told,
)

PHOTO = StoredFile("foto.jpg", "image/jpeg", 1000, Path("foto.jpg"))
VOICE = StoredFile("suara.ogg", "application/ogg", 1000, Path("suara.ogg"))
BIG = StoredFile("besar.jpg", "image/jpeg", 50_000_000, Path("besar.jpg"))
SPOT = Place(-6.8886, 109.6753, "Jl. Gajah Mada")


def test_a_card_holds_the_boxes_of_their_form_in_their_order(assisted: Any) -> None:
    slip = assisted.slip(delivery(replace(OPENING, place=SPOT)))
    text = (
        "Jalan berlubang di depan pasar, hubungi [disensor].\n\nLokasi: Jl. Gajah Mada\n"
        f"Koordinat: -6.88860, 109.67530\nNomor di Simpul Aduan: {TICKET}"
    )
    assert [(entry.label, entry.text) for entry in slip.entries] == [
        ("Judul", "Jalan provinsi berlubang"),
        ("Isi aduan", text),
        ("Lokasi", "Jl. Gajah Mada"),
        ("Jenis", "1 (publik)"),
        ("Kategori", "infrastruktur"),
    ]
    assert slip.link == "https://laporgub.jatengprov.go.id/buat-aduan"
    assert slip.wants_number
    assert "Anonim" not in slip.todo


def test_a_secret_and_nameless_complaint_says_so(assisted: Any) -> None:
    slip = assisted.slip(delivery(replace(OPENING, secret=True, anonymous=True)))
    assert texts(slip)["jenis"] == "0 (rahasia)"
    assert "pilih Anonim" in slip.todo


def test_a_row_of_a_file_has_what_their_interface_would_get(new: Build) -> None:
    slip = new(mode="file").slip(delivery(replace(OPENING, place=SPOT)))
    assert list(texts(slip)) == [
        "judul",
        "isi",
        "kategori",
        "id_kabkota",
        "lokasi",
        "lat",
        "lon",
        "jenis",
    ]
    cells = texts(slip)
    assert (cells["id_kabkota"], cells["lat"], cells["jenis"]) == ("3375", "-6.88860", "1")
    assert cells["isi"].endswith(TICKET)


def test_pictures_go_along_and_the_text_names_what_stays(assisted: Any) -> None:
    slip = assisted.slip(delivery(replace(OPENING, files=(PHOTO, VOICE, BIG))))
    assert slip.files == (PHOTO,)
    kept = f"1 pesan suara, 1 gambar disimpan pada tiket {TICKET}."
    assert kept in texts(slip)["isi"]
    assert "Unduh lampirannya" in slip.todo


def test_a_move_leads_to_their_page_with_the_number_and_the_word(assisted: Any) -> None:
    slip = assisted.slip(delivery(told(Status.CLOSED, note="Sudah ditambal, hub 081100001234.")))
    assert texts(slip) == {
        "nomor_laporgub": NUMBER,
        "status": "selesai",
        "isi": "Laporan telah selesai ditangani oleh instansi terkait. Sudah ditambal, hub "
        f"[disensor].\n(ref. {TICKET}/0123456789ab)",
    }
    assert slip.link == f"https://laporgub.jatengprov.go.id/detail/{NUMBER}"
    assert NUMBER in slip.todo
    assert not slip.wants_number


def test_what_the_citizen_adds_is_a_text_without_a_status(assisted: Any, new: Build) -> None:
    added = delivery(Addition(text="Ada yang jatuh.", said_at=SAID_AT, files=(PHOTO,)))
    slip = assisted.slip(added)
    assert list(texts(slip)) == ["nomor_laporgub", "isi"]
    assert slip.files == (PHOTO,)
    assert list(texts(new(mode="file").slip(added))) == ["isi"]


def test_a_status_they_need_not_know_is_a_slip_with_nothing_to_copy(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["status_out"]["received"]["do"] = "nothing"
    connector = new(words=Mapping.from_tables("laporgub", tables))
    slip = connector.slip(delivery(told(Status.RECEIVED)))
    assert slip.entries == ()
    assert "Tidak ada yang perlu ditulis" in slip.todo


def test_a_slip_fails_as_a_push_does(assisted: Any) -> None:
    with pytest.raises(Unsendable) as unknown:
        assisted.slip(delivery(told(Status.CLOSED), external_id=None))
    assert unknown.value.code == "no_external_id"
    with pytest.raises(Unsendable):
        assisted.slip(delivery(Notice(name="greeting")))
    with pytest.raises(Unmapped):
        assisted.slip(delivery(replace(OPENING, category="kereta_gantung")))


@pytest.mark.parametrize("status", Status)
async def test_a_card_says_what_a_call_would_say(new: Build, status: Status) -> None:
    bodies: list[Any] = []

    def answer(request: Any) -> Any:
        bodies.append(request)
        return httpx.Response(201, json={"data": {"id": 1}})

    api, news = new(answer, **API), delivery(told(status, agency="Dinas PU"))
    await api.push(news)
    sent = json.loads(bodies[0].content)
    copied = texts(new().slip(news))
    assert {"isi": sent["isi"], "status": sent.get("status")} == {
        "isi": copied["isi"],
        "status": copied.get("status"),
    }
    await api.aclose()


def test_a_long_text_is_cut_before_our_number(assisted: Any) -> None:
    isi = texts(assisted.slip(delivery(replace(OPENING, text="kata " * 2000))))["isi"]
    assert len(isi) <= 3000
    assert isi.endswith(f"…\n\nNomor di Simpul Aduan: {TICKET}")
