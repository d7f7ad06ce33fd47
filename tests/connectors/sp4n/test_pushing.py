import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sp4n import build
from connectors.sp4n.client import headers
from connectors.sp4n.settings import FILE_TYPES, Settings
from connectors.sp4n.source import PollingSp4n, Sp4n
from connectors.sp4n.translate_out import kept_line, opened, sorted_out
from hub.contract import (
    Addition,
    Delivery,
    HandsOver,
    Imports,
    Inspects,
    KeepsMasters,
    Mapping,
    Mode,
    Opening,
    OutcomeUnknown,
    Polls,
    Pushes,
    ReadsBack,
    Reporter,
    StatusUpdate,
    StoredFile,
    Unavailable,
    Unclear,
)
from tests.connectors.sp4n.conftest import GIVEN, SAID_AT, TICKET, answering
from tests.contract.upstreams import form_of

CREATED = httpx.Response(200, json={"complaint_id": 9200001})
OPENING = Opening(title="Jalan berlubang", text="Berlubang di depan pasar.", said_at=SAID_AT)
SECRET = "nilai-bearer-rekaan"


async def body_of(
    opening: Opening, settings: Settings, mapping: Mapping, new_delivery: Any
) -> dict[str, Any]:
    transport, asked = answering(CREATED)
    connector = Sp4n(settings, mapping, transport=transport)
    await connector.push(new_delivery(opening))
    await connector.aclose()
    body: dict[str, Any] = json.loads(asked[-1].content)
    return body


@pytest.mark.parametrize(
    ("bearer", "prefix", "sent"),
    [
        (SECRET, "", SECRET),
        (SECRET, "Bearer", f"Bearer {SECRET}"),
        (SECRET, "Bearer ", f"Bearer {SECRET}"),
        (f"Bearer {SECRET}", "Bearer", f"Bearer {SECRET}"),
        (f"bearer {SECRET}", "Bearer", f"bearer {SECRET}"),
        (f"Bearer {SECRET}", "", f"Bearer {SECRET}"),
    ],
)
@pytest.mark.parametrize("header", ["auth", "Authorization"])
def test_the_bearer_goes_out_under_its_header_with_its_prefix_once(
    new_settings: Callable[..., Settings], header: str, bearer: str, prefix: str, sent: str
) -> None:
    given = new_settings(auth_header=header, bearer=bearer, bearer_prefix=prefix)
    assert headers(given)[header] == sent


@pytest.mark.parametrize("token", ["0A1B-C0DE", "{0A1B-C0DE}", " 0A1B-C0DE\n"])
def test_the_token_is_always_in_one_pair_of_braces(
    new_settings: Callable[..., Settings], token: str
) -> None:
    assert headers(new_settings(token=token))["token"] == "{0A1B-C0DE}"


async def test_a_report_as_new_user_carries_name_and_phone(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    given = new_settings(new_users=True, new_user_email="{ticket}@aduan.contoh.example")
    opening = replace(OPENING, reporter=Reporter(name="Warga Rekaan", phone="628110000001"))
    body = await body_of(opening, given, mapping, new_delivery)
    assert body["is_new_user_slider"] is True
    assert body["nameUser"] == "Warga Rekaan"
    assert body["phoneUser"] == "628110000001"
    assert body["emailUser"] == "pkl-2026-000123@aduan.contoh.example"
    assert "user_id" not in body
    assert build(given, mapping).traits.wants_identity


@pytest.mark.parametrize(
    "reporter", [None, Reporter(name="Warga Rekaan"), Reporter(phone="62811")]
)
async def test_without_name_or_phone_the_proxy_account_reports(
    new_settings: Callable[..., Settings],
    mapping: Mapping,
    new_delivery: Any,
    reporter: Reporter | None,
) -> None:
    opening = replace(OPENING, reporter=reporter)
    body = await body_of(opening, new_settings(new_users=True), mapping, new_delivery)
    assert body["user_id"] == GIVEN["user_id"]
    assert "Warga" not in json.dumps(body)


async def test_identity_never_leaves_where_the_setting_is_off(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    opening = replace(OPENING, reporter=Reporter(name="Warga Rekaan", phone="628110000001"))
    body = await body_of(opening, new_settings(), mapping, new_delivery)
    assert "Warga Rekaan" not in json.dumps(body)
    assert "628110000001" not in json.dumps(body)
    assert not build(new_settings(), mapping).traits.wants_identity


async def test_what_is_unknown_is_sent_as_the_settings_say(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    given = new_settings(
        dispose_at_once=False, is_inbox=True, is_approval=True, date_format="%d/%m/%Y"
    )
    late = replace(OPENING, said_at=datetime(2026, 3, 2, 18, tzinfo=UTC))
    body = await body_of(late, given, mapping, new_delivery)
    assert body["is_disposisi_slider"] is False
    assert "disposition_id" not in body
    assert body["is_inbox"] is True
    assert body["is_approval"] is True
    # 18:00 UTC is past midnight in Pekalongan.
    assert body["date_of_incident"] == "03/03/2026"


@pytest.mark.parametrize(("encoding", "sent"), [("plain", "[66]"), ("dot", "[66].")])
async def test_attachment_ids_are_written_as_the_setting_says(
    new_settings: Callable[..., Settings],
    mapping: Mapping,
    new_delivery: Any,
    tmp_path: Path,
    encoding: str,
    sent: str,
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"\xff\xd8")
    opening = replace(OPENING, files=(StoredFile("foto.jpg", "image/jpeg", 2, photo),))
    uploaded = httpx.Response(200, json={"results": {"images": [{"id": 66}], "docs": []}})
    transport, asked = answering(uploaded, CREATED)
    connector = Sp4n(new_settings(attachment_encoding=encoding), mapping, transport=transport)
    await connector.push(new_delivery(opening))
    assert json.loads(asked[-1].content)["attachments"] == sent


def test_more_files_than_they_take_stay_with_the_ticket(
    new_settings: Callable[..., Settings],
) -> None:
    files = [StoredFile(f"{i}.jpg", "image/jpeg", 10, Path("x")) for i in range(4)]
    taken, kept = sorted_out(files, new_settings(max_files=3))
    assert [file.file_name for file in taken] == ["0.jpg", "1.jpg", "2.jpg"]
    assert [file.file_name for file in kept] == ["3.jpg"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=50).map(lambda part: f"{part} kata " * 200), title=st.text())
def test_a_complaint_keeps_its_limits_and_its_ticket(
    mapping: Mapping, text: str, title: str
) -> None:
    opening = Opening(title=title, text=text, said_at=SAID_AT)
    delivery = Delivery(parcel_id="0" * 32, ticket=TICKET, content=opening)
    given_ = Settings(**GIVEN)
    body = opened(delivery, opening, settings=given_, mapping=mapping, file_ids=(), kept=())
    assert len(body["content"]) <= 3000
    assert body["content"].endswith(f"No. tiket: {TICKET}")
    assert 0 < len(body["title"]) <= given_.title_limit
    assert "\n" not in body["title"]


def test_a_connector_can_do_what_its_settings_give_it(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    with_api = build(new_settings(), mapping)
    assert isinstance(with_api, Pushes)
    assert isinstance(with_api, ReadsBack)
    assert isinstance(with_api, Inspects)
    assert isinstance(with_api, KeepsMasters)
    assert isinstance(with_api, Imports)
    assert not isinstance(with_api, Polls)
    assert isinstance(build(new_settings(inbound_path="/inbound"), mapping), Polls)


@pytest.mark.parametrize("mode", [Mode.FILE, Mode.ASSISTED])
def test_without_the_api_no_credential_is_asked_for(mapping: Mapping, mode: Mode) -> None:
    connector = build(Settings(mode=mode), mapping)
    assert isinstance(connector, Imports)
    assert isinstance(connector, HandsOver)
    assert not isinstance(connector, Pushes)


@pytest.mark.parametrize("mode", Mode)
def test_complaints_are_taken_in_every_mode_and_the_hub_is_told_which(
    new_settings: Callable[..., Settings], mapping: Mapping, mode: Mode
) -> None:
    connector = build(new_settings(mode=mode), mapping)
    assert connector.traits.takes_complaints
    assert connector.traits.mode is mode
    assert isinstance(connector, HandsOver)


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(ValueError, match="8 validation errors") as caught:
        Settings()
    assert all(name in str(caught.value) for name in GIVEN.keys() - {"per_second"})


def test_a_zone_that_does_not_exist_is_refused(new_settings: Callable[..., Settings]) -> None:
    with pytest.raises(ValueError, match="timezone"):
        new_settings(timezone="Asia/Pekalongan")


async def test_an_opening_in_doubt_needs_a_person_where_there_is_no_list(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    seen = await Sp4n(new_settings(), mapping).find(new_delivery(OPENING))
    assert isinstance(seen, Unclear)
    assert TICKET in seen.reason


async def test_a_list_of_ours_proves_nothing_about_what_was_not_disposed_to_us(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    transport, _ = answering(httpx.Response(200, json={"results": {"data": []}}))
    given = new_settings(inbound_path="/inbound", dispose_at_once=False)
    connector = PollingSp4n(given, mapping, transport=transport)
    assert isinstance(await connector.find(new_delivery(OPENING)), Unclear)


async def test_a_long_note_is_cut_before_the_marker(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    transport, asked = answering(httpx.Response(200, json={}))
    update = StatusUpdate(
        status=next(iter(mapping.status_out)), at=SAID_AT, note="sudah ditangani " * 300
    )
    update = replace(update, status=type(update.status)("in_progress"))
    connector = Sp4n(new_settings(), mapping, transport=transport)
    await connector.push(new_delivery(update, external_id="9200001"))
    assert "…\n(ref. PKL-2026-000123/0123456789ab)".encode() in asked[-1].content


async def test_the_inbound_path_may_bring_a_query_of_its_own(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    transport, asked = answering(httpx.Response(200, json={"results": {"data": []}}))
    given_ = new_settings(inbound_path="/inbound?status=baru", inbound_page_size=50)
    await PollingSp4n(given_, mapping, transport=transport).poll("3")
    assert str(asked[0].url) == (
        "https://sp4n.contoh.example/lapor/3.0.0/inbound?status=baru&page=3&page_size=50"
    )


@pytest.mark.parametrize(("admin", "author"), [(None, "700001"), (700002, "700002")])
async def test_follow_ups_are_written_as_the_admin_or_else_as_the_proxy(
    new_settings: Callable[..., Settings],
    mapping: Mapping,
    new_delivery: Any,
    admin: int | None,
    author: str,
) -> None:
    transport, asked = answering(httpx.Response(200, json={}))
    connector = Sp4n(new_settings(admin_user_id=admin), mapping, transport=transport)
    addition = Addition(text="Masih padam.", said_at=SAID_AT)
    await connector.push(new_delivery(addition, external_id="9200001"))
    assert form_of(asked[0])["user_id"] == author


async def test_ids_that_their_tables_do_not_know_are_named(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    tables = {
        "institutions": {"results": {"data": [{"id": 990101, "name": "BPBD"}]}},
        "templates": {
            "results": {"data": [{"template_code": "disposition", "title": "Disposisi"}]}
        },
    }
    transport, _ = answering(*(httpx.Response(200, json=table) for table in tables.values()))
    connector = Sp4n(new_settings(), mapping, transport=transport)
    sentences = connector.check_masters(await connector.masters())
    assert any(sentence.startswith("SP4N_INSTITUTION_ID 990100") for sentence in sentences)
    assert any(sentence.startswith("SP4N_TEMPLATE_CODE 'reply_lmw'") for sentence in sentences)
    assert any("'Dinas Kesehatan' memakai ID 990104" in sentence for sentence in sentences)
    assert not any("'Badan Penanggulangan Bencana Daerah'" in sentence for sentence in sentences)
    assert connector.check_masters({}) == ()


@pytest.mark.parametrize(
    ("media_type", "name", "sent"),
    [
        ("image/jpeg", "image-12", "image-12.jpg"),
        ("image/png", "image-12", "image-12.png"),
        ("application/pdf", "document-3", "document-3.pdf"),
        ("image/jpeg", "foto.JPG", "foto.JPG"),
        ("image/jpeg", "Foto No. 5", "Foto No. 5.jpg"),
        (next(each for each in FILE_TYPES if "openxml" in each), "surat", "surat.docx"),
    ],
)
async def test_a_file_goes_up_under_a_name_with_an_ending(
    new_settings: Callable[..., Settings],
    mapping: Mapping,
    new_delivery: Any,
    tmp_path: Path,
    media_type: str,
    name: str,
    sent: str,
) -> None:
    path = tmp_path / "1f"
    path.write_bytes(b"isi")
    uploaded = httpx.Response(200, json={"results": {"docs": [{"id": 66}]}})
    transport, asked = answering(uploaded, CREATED)
    opening = replace(OPENING, files=(StoredFile(name, media_type, 3, path),))
    await Sp4n(new_settings(), mapping, transport=transport).push(new_delivery(opening))
    assert form_of(asked[0])["attachments[]"] == sent


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/ogg", "pesan suara"),
        ("audio/mpeg", "pesan suara"),
        ("video/mp4", "video"),
        ("image/webp", "gambar"),
        ("application/zip", "dokumen"),
    ],
)
def test_what_stays_with_us_is_named_for_what_it_is(media_type: str, kind: str) -> None:
    kept = [StoredFile("berkas-1", media_type, 10, Path("x"))]
    assert kept_line(kept, TICKET) == f"1 {kind} disimpan pada tiket {TICKET}."


REFUSED = {"results": None, "message": "Kuota habis.\nHubungi 081100001234"}


@pytest.mark.parametrize(
    "content", [OPENING, Addition(text="Masih padam.", said_at=SAID_AT)], ids=["create", "add"]
)
async def test_a_doubt_keeps_the_sentence_they_gave_for_it(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any, content: Any
) -> None:
    transport, _ = answering(httpx.Response(200, json=REFUSED))
    connector = Sp4n(new_settings(), mapping, transport=transport)
    with pytest.raises(OutcomeUnknown) as caught:
        await connector.push(new_delivery(content, external_id="9200001"))
    assert caught.value.detail == "Kuota habis. Hubungi [disensor]"


async def test_an_upload_without_ids_says_why(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"\xff\xd8")
    opening = replace(OPENING, files=(StoredFile("foto.jpg", "image/jpeg", 2, photo),))
    transport, _ = answering(httpx.Response(200, json=REFUSED))
    connector = Sp4n(new_settings(), mapping, transport=transport)
    with pytest.raises(Unavailable, match="0 ids back: Kuota habis"):
        await connector.push(new_delivery(opening))


async def test_a_list_without_an_end_proves_nothing(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any
) -> None:
    page = {"results": {"data": [], "next_page_url": "x"}}
    transport, asked = answering(*(httpx.Response(200, json=page) for _ in range(3)))
    given_ = new_settings(inbound_path="/inbound", max_pages=3)
    connector = PollingSp4n(given_, mapping, transport=transport)
    assert isinstance(await connector.find(new_delivery(OPENING)), Unclear)
    assert len(asked) == 3
