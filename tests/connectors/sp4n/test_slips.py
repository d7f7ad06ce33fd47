import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.sp4n import build
from connectors.sp4n.settings import Settings
from connectors.sp4n.source import Sp4n
from connectors.sp4n.translate_out import our_mark
from hub.contract import (
    Addition,
    Delivery,
    Mapping,
    Notice,
    Opening,
    Place,
    Reporter,
    Slip,
    Status,
    StatusUpdate,
    StoredFile,
    Unmapped,
    Unsendable,
    UpstreamError,
)
from tests.connectors.sp4n.conftest import PARCEL_ID, SAID_AT, TICKET
from tests.contract.as_json import delivery_of
from tests.contract.upstreams import form_of

RECORDED = sorted((Path(__file__).parent / "recordings" / "push").iterdir())
OPENING = Opening(
    title="Jalan berlubang",
    text="Berlubang di depan pasar. NIK saya 3375990000000037, hub 0811-0000-1234.",
    said_at=SAID_AT,
    category="jalan",
    place=Place(-6.8886, 109.6753, "Jalan Contoh 1, rumah 0811-0000-1234"),
    anonymous=True,
)
ADDITION = Addition(text="Masih berlubang.", said_at=SAID_AT)
REFERRED = StatusUpdate(status=Status.REFERRED, at=SAID_AT, agency="Dinas Perhubungan")
ANSWERED = StatusUpdate(status=Status.ANSWERED, at=SAID_AT, note="Sudah ditambal.")


def texts(slip: Slip) -> dict[str, str]:
    return {entry.name: entry.text for entry in slip.entries}


@pytest.fixture
def by_hand(mapping: Mapping) -> Any:
    return build(Settings(mode="assisted"), mapping)


async def pushed(
    delivery: Delivery, settings: Settings, mapping: Mapping
) -> dict[str, Any] | UpstreamError | None:
    """What the API is given for it: the body of the last call, if any was needed."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        files = request.content.count(b"filename=")
        ids = [{"id": number} for number in range(files)]
        return httpx.Response(200, json={"complaint_id": 9, "results": {"images": ids}})

    connector = Sp4n(settings, mapping, transport=httpx.MockTransport(answer))
    try:
        await connector.push(delivery)
    except UpstreamError as error:
        return error
    finally:
        await connector.aclose()
    if not asked:
        return None
    if asked[-1].headers["content-type"].startswith("multipart/"):
        return dict(form_of(asked[-1]))
    body: dict[str, Any] = json.loads(asked[-1].content)
    return body


@pytest.mark.parametrize("folder", RECORDED, ids=lambda folder: folder.name)
async def test_people_write_there_what_the_api_would_be_given(
    new_settings: Callable[..., Settings], mapping: Mapping, folder: Path
) -> None:
    delivery = delivery_of(json.loads((folder / "delivery.json").read_text()), folder=folder)
    settings = new_settings()
    sent = await pushed(delivery, settings, mapping)
    connector = build(settings, mapping)
    if isinstance(sent, UpstreamError):
        # A file that is gone shows when it is read.
        with nullcontext() if sent.code == "file_gone" else pytest.raises(type(sent)):
            connector.slip(delivery)
        return
    seen = texts(connector.slip(delivery))
    match sent:
        case None:
            assert seen == {}
        case {"title": title, "content": content}:
            assert (seen["judul"], seen["isi"]) == (title, content)
            assert seen["tanggal_kejadian"] == sent["date_of_incident"]
        case {"reason_description": reason}:
            assert seen["alasan_bukan_wewenang"] == reason
        case {"content": content}:
            # A form ends its lines as e-mail does.
            assert seen == {"tindak_lanjut": content.replace("\r\n", "\n")}
        case _:
            raise AssertionError(f"nobody knows what this is: {sent}")


def test_an_opening_fills_every_box_of_their_form(by_hand: Any, new_delivery: Any) -> None:
    slip = by_hand.slip(new_delivery(OPENING))
    assert slip.wants_number
    assert slip.link == "https://www.lapor.go.id/"
    assert "catat Tracking ID" in slip.todo
    assert texts(slip) == {
        "judul": "Jalan berlubang",
        "isi": (
            "Berlubang di depan pasar. NIK saya [disensor], hub [disensor].\n\n"
            "Lokasi: Jalan Contoh 1, rumah [disensor]\nKoordinat: -6.88860, 109.67530\n"
            f"No. tiket: {TICKET}"
        ),
        "tanggal_kejadian": "2026-03-02",
        "lokasi": "Jalan Contoh 1, rumah [disensor] (-6.88860, 109.67530)",
        "kategori": "Infrastruktur Jalan (928)",
        "klasifikasi": "Pengaduan",
        "instansi_tujuan": "",
        "anonim": "Ya",
        "rahasia": "Tidak",
    }


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (None, ""),
        (Place(words="Pasar Banjarsari"), "Pasar Banjarsari"),
        (Place(-6.8886, 109.6753), "-6.88860, 109.67530"),
    ],
)
def test_a_place_is_as_complete_as_it_is_known(
    by_hand: Any, new_delivery: Any, place: Place | None, text: str
) -> None:
    slip = by_hand.slip(new_delivery(replace(OPENING, place=place)))
    assert texts(slip)["lokasi"] == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"institution_name": "Pemerintah Kota Contoh"}, "Pemerintah Kota Contoh"),
        ({"institution_id": 990100}, "990100"),
        (
            {"institution_name": "Pemerintah Kota Contoh", "institution_id": 990100},
            "Pemerintah Kota Contoh (990100)",
        ),
        ({"institution_name": "Pemerintah Kota Contoh", "dispose_at_once": False}, ""),
    ],
)
def test_the_institution_to_pick_is_ours_unless_the_national_admin_disposes(
    mapping: Mapping, new_delivery: Any, given: dict[str, Any], text: str
) -> None:
    connector = build(Settings(mode="file", **given), mapping)
    assert texts(connector.slip(new_delivery(OPENING)))["instansi_tujuan"] == text


def test_a_category_without_a_name_is_still_shown_after_a_change_of_mode(
    new_settings: Callable[..., Settings], tables: dict[str, Any], new_delivery: Any
) -> None:
    nameless = Mapping.from_tables("sp4n", {**tables, "category_name": {}})
    slip = build(new_settings(), nameless).slip(new_delivery(OPENING))
    assert texts(slip)["kategori"] == "928"


def test_who_reports_is_on_the_slip_only_where_the_setting_lets_it_out(
    mapping: Mapping, new_delivery: Any
) -> None:
    delivery = new_delivery(
        replace(OPENING, reporter=Reporter(name="Warga Rekaan", phone="628110000001"))
    )
    off = build(Settings(mode="file"), mapping)
    assert "Warga Rekaan" not in str(texts(off.slip(delivery)))
    assert not off.traits.wants_identity
    on = build(Settings(mode="file", new_users=True), mapping)
    assert texts(on.slip(delivery))["nama_pelapor"] == "Warga Rekaan"
    assert texts(on.slip(delivery))["telepon_pelapor"] == "628110000001"
    # All rows of a file have the same columns.
    nobody = texts(on.slip(new_delivery(OPENING)))
    assert nobody.keys() == texts(on.slip(delivery)).keys()
    assert nobody["nama_pelapor"] == ""


@pytest.mark.parametrize("content", [OPENING, ADDITION], ids=["opening", "addition"])
def test_files_they_take_are_to_be_uploaded_and_the_others_are_named(
    by_hand: Any, new_delivery: Any, content: Any
) -> None:
    photo = StoredFile("foto.jpg", "image/jpeg", 10, Path("x"))
    voice = StoredFile("suara", "application/ogg", 10, Path("y"))
    slip = by_hand.slip(
        new_delivery(replace(content, files=(photo, voice)), external_id="9200001")
    )
    assert slip.files == (photo,)
    assert "dengan 1 lampiran" in slip.todo
    assert f"1 pesan suara disimpan pada tiket {TICKET}." in "".join(texts(slip).values())


@pytest.mark.parametrize("content", [ANSWERED, ADDITION], ids=["answer", "addition"])
def test_a_follow_up_is_known_again_by_its_end(
    by_hand: Any, new_delivery: Any, content: Any
) -> None:
    slip = by_hand.slip(new_delivery(content, external_id="9200001"))
    assert "Buka laporan 9200001" in slip.todo
    assert not slip.wants_number
    assert our_mark(texts(slip)["tindak_lanjut"]) == PARCEL_ID[:12]


def test_a_referral_names_the_institution_to_pick(by_hand: Any, new_delivery: Any) -> None:
    slip = by_hand.slip(new_delivery(REFERRED, external_id="9200001"))
    assert "pilih Bukan Wewenang" in slip.todo
    seen = texts(slip)
    assert seen["instansi_tujuan"] == "Dinas Perhubungan (990109)"
    assert our_mark(seen["alasan_bukan_wewenang"]) == PARCEL_ID[:12]


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.VERIFIED, Status.FORWARDED])
def test_where_nothing_is_done_there_is_nothing_to_carry(
    by_hand: Any, new_delivery: Any, status: Status
) -> None:
    slip = by_hand.slip(new_delivery(StatusUpdate(status=status, at=SAID_AT)))
    assert (slip.entries, slip.files, slip.wants_number) == ((), (), False)
    assert slip.todo.startswith("Tidak ada yang perlu ditulis")


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (Notice(name="greeting"), Unsendable),
        (ANSWERED, Unsendable),
        (ADDITION, Unsendable),
        (REFERRED, Unsendable),
        (replace(OPENING, category="entah"), Unmapped),
    ],
)
def test_what_cannot_be_carried_fails_as_a_push_does(
    by_hand: Any, new_delivery: Any, content: Any, failure: type[UpstreamError]
) -> None:
    with pytest.raises(failure):
        by_hand.slip(new_delivery(content))


def test_a_referral_to_nobody_we_know_is_unmapped(by_hand: Any, new_delivery: Any) -> None:
    unknown = replace(REFERRED, agency="Dinas Rekaan")
    with pytest.raises(Unmapped, match="Dinas Rekaan"):
        by_hand.slip(new_delivery(unknown, external_id="9200001"))


def test_a_slip_leads_to_the_page_of_the_complaint_where_one_is_set(
    mapping: Mapping, new_delivery: Any
) -> None:
    given: dict[str, Any] = {"form_url": "https://lapor.contoh.example/", "mode": "assisted"}
    page = "https://lapor.contoh.example/pengaduan/{id}"
    known = build(Settings(**given, page_url=page), mapping)
    unknown = build(Settings(**given), mapping)
    told = new_delivery(ANSWERED, external_id="92/1")
    assert known.slip(told).link == "https://lapor.contoh.example/pengaduan/92%2F1"
    assert known.slip(new_delivery(OPENING)).link == "https://lapor.contoh.example/"
    assert unknown.slip(told).link == "https://lapor.contoh.example/"


@pytest.mark.parametrize(
    ("name", "value"), [("form_url", "lapor.go.id"), ("page_url", "https://www.lapor.go.id/")]
)
def test_an_address_that_leads_nowhere_is_refused(name: str, value: str) -> None:
    given: dict[str, Any] = {"mode": "assisted", name: value}
    with pytest.raises(ValueError, match=name):
        Settings(**given)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("9200001", "9200001"),
        (" 1051 2345\n", "10512345"),
        ("#10512345", "10512345"),
        ("https://www.lapor.go.id/pengaduan/9200001/", "9200001"),
        ("lapor.go.id/pengaduan/9200001?ref=x", "9200001"),
    ],
)
def test_a_tracking_id_is_put_right(by_hand: Any, typed: str, text: str) -> None:
    assert by_hand.number(typed).text == text
    assert by_hand.number(typed).odd is None


@pytest.mark.parametrize(
    ("typed", "text"), [("12345", "12345"), ("LGWP 12345678", "LGWP12345678"), ("", "")]
)
def test_what_looks_like_no_tracking_id_is_kept_with_a_warning(
    by_hand: Any, typed: str, text: str
) -> None:
    number = by_hand.number(typed)
    assert number.text == text
    assert number.odd
    assert number.odd.endswith("periksa kembali.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (Notice(name="greeting"), "tidak punya jalan untuk menyampaikan pemberitahuan"),
        (ANSWERED, "belum punya nomor SP4N-LAPOR!"),
    ],
)
def test_why_nothing_can_be_carried_is_said_in_the_language_of_operators(
    by_hand: Any, content: Any, sentence: str
) -> None:
    with pytest.raises(Unsendable, match=sentence):
        by_hand.slip(Delivery(parcel_id=PARCEL_ID, ticket=TICKET, content=content))
