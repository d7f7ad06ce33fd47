from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from connectors.sp4n.sandbox.imitation import Sp4nImitation
from connectors.sp4n.source import PollingSp4n, Sp4n
from hub.contract import (
    Absent,
    Addition,
    Delivery,
    Found,
    Mapping,
    NotFound,
    Opening,
    Place,
    Raw,
    Rejected,
    Report,
    Status,
    StatusNews,
    StatusUpdate,
    StoredFile,
    Unauthorized,
    Unclear,
)
from hub.sandbox import SandboxTransport, Stage
from tests.connectors.sp4n.conftest import SAID_AT, TICKET, of_environment

OPENING = Opening(
    title="Lampu padam",
    text="Lampu jalan padam sejak Senin.",
    said_at=SAID_AT,
    category="penerangan",
    place=Place(-6.8886, 109.6753, "Jl. Veteran No 17"),
)


@pytest.fixture
def opened(connector: Sp4n, new_delivery: Callable[..., Delivery]) -> Callable[..., Any]:
    async def open_(**around: Any) -> str:
        acknowledged = await connector.push(new_delivery(OPENING, **around))
        assert acknowledged.external_id
        return acknowledged.external_id

    return open_


async def seen(connector: Sp4n, external_id: str) -> StatusNews:
    [news] = connector.read(await connector.inspect(external_id))
    assert isinstance(news, StatusNews)
    return news


async def test_ids_grow_from_nine_point_two_million(opened: Callable[..., Any]) -> None:
    assert [await opened() for _ in range(3)] == ["9200000", "9200001", "9200002"]


async def test_a_report_goes_the_straight_way_through_the_officers(
    imitation: Sp4nImitation, connector: Sp4n, opened: Callable[..., Any]
) -> None:
    number = await opened()
    walked = [(await seen(connector, number)).status]
    for action in ("verify", "dispose", "answer", "close"):
        await imitation.play(action, {"id": number, "institution": "990109"})
        walked.append((await seen(connector, number)).status)
    assert walked == [
        Status.RECEIVED,
        Status.VERIFIED,
        Status.FORWARDED,
        Status.ANSWERED,
        Status.CLOSED,
    ]
    last = await seen(connector, number)
    assert last.agency == "Dinas Perhubungan"
    assert [answer.text for answer in last.answers] == [
        "Didisposisikan ke Dinas Perhubungan",
        "Terima kasih atas laporannya. Dinas Perhubungan sudah menangani di lokasi.",
    ]


@pytest.mark.parametrize("shape", ["flat", "object", "id_object"])
async def test_every_shape_of_the_history_reads_the_same(
    imitation: Sp4nImitation, connector: Sp4n, opened: Callable[..., Any], shape: str
) -> None:
    await imitation.play("switch", {"log_shape": shape})
    number = await opened()
    await imitation.play("verify", {"id": number})
    await imitation.play("dispose", {"id": number, "institution": "990104"})
    news = await seen(connector, number)
    assert news.status is Status.FORWARDED
    assert news.note == "Didisposisikan ke Dinas Kesehatan"


async def test_an_unchanged_report_has_an_unchanged_key(
    imitation: Sp4nImitation, connector: Sp4n, opened: Callable[..., Any]
) -> None:
    number = await opened()
    before, again = [(await connector.inspect(number)).key for _ in range(2)]
    await imitation.play("verify", {"id": number})
    assert before == again
    assert (await connector.inspect(number)).key != before


async def test_an_answered_report_closes_by_itself_after_ten_days(
    imitation: Sp4nImitation, connector: Sp4n, stage: Stage, opened: Callable[..., Any]
) -> None:
    number = await opened()
    for action in ("verify", "dispose", "answer"):
        await imitation.play(action, {"id": number})
    stage.clock.advance(timedelta(days=9, hours=23))
    await imitation.tick()
    assert (await seen(connector, number)).status is Status.ANSWERED
    stage.clock.advance(timedelta(hours=1))
    await imitation.tick()
    closed = await seen(connector, number)
    assert closed.theirs == "Ditutup oleh Sistem"
    assert abs(closed.at - stage.clock.now()) < timedelta(minutes=1)


async def test_a_reply_of_the_citizen_stops_the_countdown(
    imitation: Sp4nImitation, connector: Sp4n, stage: Stage, opened: Callable[..., Any]
) -> None:
    number = await opened()
    for action in ("verify", "dispose", "answer", "reply"):
        await imitation.play(action, {"id": number, "text": "Belum menyala"})
    stage.clock.advance(timedelta(days=30))
    await imitation.tick()
    news = await seen(connector, number)
    assert news.status is Status.IN_PROGRESS
    assert [answer.text for answer in news.answers].count("Belum menyala") == 1


async def test_the_same_create_twice_is_two_reports_there(
    imitation: Sp4nImitation, opened: Callable[..., Any]
) -> None:
    assert await opened() != await opened()
    await imitation.play("switch", {"accept_duplicates": "false"})
    with pytest.raises(Rejected, match="serupa"):
        await opened()


async def test_a_rotated_token_is_refused_until_it_is_replaced(
    imitation: Sp4nImitation, mapping: Mapping, opened: Callable[..., Any]
) -> None:
    number = await opened()
    given = await imitation.play("rotate_token", {})
    with pytest.raises(Unauthorized):
        await opened()
    assert imitation.environment()["SP4N_TOKEN"] == given["SP4N_TOKEN"]
    renewed = Sp4n(of_environment(imitation), mapping, transport=SandboxTransport(imitation.app))
    assert (await seen(renewed, number)).status is Status.RECEIVED


@pytest.mark.parametrize(
    "given",
    [
        {"auth_header": "Authorization"},
        {"bearer_prefix": "Bearer"},
        {"create_path": "/complaints/complaint-lmw", "is_inbox": True},
        {"attachment_encoding": "dot"},
    ],
)
async def test_it_takes_what_public_clients_send(
    imitation: Sp4nImitation,
    mapping: Mapping,
    new_delivery: Callable[..., Delivery],
    tmp_path: Path,
    given: dict[str, Any],
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"\xff\xd8")
    opening = Opening(
        title="x",
        text="y",
        said_at=SAID_AT,
        files=(StoredFile("foto.jpg", "image/jpeg", 2, photo),),
    )
    connector = Sp4n(
        of_environment(imitation, **given), mapping, transport=SandboxTransport(imitation.app)
    )
    assert (await connector.push(new_delivery(opening))).external_id == "9200000"
    assert "1 lampiran" in imitation.page()


async def test_its_switches_change_what_nobody_knows(
    imitation: Sp4nImitation, connector: Sp4n, opened: Callable[..., Any]
) -> None:
    await imitation.play("switch", {"nested_id": "true"})
    number = await opened()
    await imitation.play("switch", {"null_results": "on"})
    with pytest.raises(NotFound, match="tidak ditemukan"):
        await connector.inspect(number)
    await imitation.play("switch", {"forbidden_html": "1"})
    with pytest.raises(Unauthorized):
        await connector.inspect(number)


async def test_what_we_tell_by_follow_up_shows_as_answered_and_is_found_again(
    connector: Sp4n,
    mapping: Mapping,
    opened: Callable[..., Any],
    new_delivery: Callable[..., Delivery],
) -> None:
    number = await opened()
    update = StatusUpdate(status=Status.CLOSED, at=SAID_AT, note="Sudah menyala.")
    told = new_delivery(update, external_id=number)
    assert await connector.find(told) == Absent()
    await connector.push(told)
    assert isinstance(await connector.find(told), Found)
    news = await seen(connector, number)
    assert news.status in mapping.shown_after(Status.CLOSED)
    assert [answer.marker for answer in news.answers] == [told.parcel_id[:12]]


async def test_more_follow_ups_than_a_page_holds_are_all_seen(
    connector: Sp4n, opened: Callable[..., Any], new_delivery: Callable[..., Delivery]
) -> None:
    number = await opened()
    for index in range(12):
        addition = Addition(text=f"tambahan {index}", said_at=SAID_AT)
        await connector.push(
            new_delivery(addition, external_id=number, parcel_id=f"{index:032x}"[::-1])
        )
    assert len((await seen(connector, number)).answers) == 12


async def test_an_addition_is_no_answer_of_the_institution(
    connector: Sp4n, opened: Callable[..., Any], new_delivery: Callable[..., Delivery]
) -> None:
    number = await opened()
    addition = Addition(text="Masih padam.", said_at=SAID_AT)
    await connector.push(new_delivery(addition, external_id=number))
    assert (await seen(connector, number)).status is Status.RECEIVED


async def test_bukan_wewenang_is_a_request_until_somebody_agrees(
    imitation: Sp4nImitation,
    connector: Sp4n,
    mapping: Mapping,
    opened: Callable[..., Any],
    new_delivery: Callable[..., Delivery],
) -> None:
    number = await opened()
    update = StatusUpdate(status=Status.REFERRED, at=SAID_AT, agency="Dinas Perhubungan")
    referral = new_delivery(update, external_id=number)
    assert isinstance(await connector.find(referral), Unclear)
    await connector.push(referral)
    assert isinstance(await connector.find(referral), Found)
    assert (await seen(connector, number)).status in mapping.shown_after(Status.REFERRED)
    await imitation.play("agree", {"id": number})
    news = await seen(connector, number)
    assert news.status is Status.REFERRED
    assert news.agency == "Dinas Perhubungan"


async def test_the_inbound_list_brings_the_reports_and_answers_a_doubt(
    imitation: Sp4nImitation,
    mapping: Mapping,
    opened: Callable[..., Any],
    new_delivery: Callable[..., Delivery],
) -> None:
    for index in range(3):
        await opened(ticket=f"PKL-2026-00020{index}")
    polling = PollingSp4n(
        of_environment(imitation, inbound_path="/inbound", inbound_page_size=2),
        mapping,
        transport=SandboxTransport(imitation.app),
    )
    first = await polling.poll(None)
    second = await polling.poll(first.cursor)
    assert (first.has_more, second.has_more, second.cursor) == (True, False, None)
    raws = [raw for raw in (*first.raws, *second.raws) if isinstance(raw, Raw)]
    news = [each for raw in raws for each in polling.read(raw)]
    markers = [each.marker for each in news if isinstance(each, Report)]
    assert markers == ["PKL-2026-000200", "PKL-2026-000201", "PKL-2026-000202"]
    assert await polling.find(new_delivery(OPENING, ticket="PKL-2026-000202")) == Found("9200002")
    assert await polling.find(new_delivery(OPENING, ticket="PKL-2026-00020")) == Absent()


async def test_officers_bring_every_report_to_an_end_and_show_all_ways(
    imitation: Sp4nImitation, connector: Sp4n, opened: Callable[..., Any]
) -> None:
    numbers = [await opened() for _ in range(12)]
    rng = Random(7)  # noqa: S311 - play, not secrets
    walked: set[Status | None] = set()
    while await imitation.act(rng):
        walked |= {(await seen(connector, number)).status for number in numbers}
    ends = {(await seen(connector, number)).status for number in numbers}
    assert all(end and end.is_final for end in ends)
    assert {Status.NEEDS_INFO, Status.REFERRED, Status.ARCHIVED, Status.CLOSED} <= walked
    assert not await imitation.act(rng)


async def test_finish_all_takes_every_step_at_once(
    imitation: Sp4nImitation, connector: Sp4n, opened: Callable[..., Any]
) -> None:
    number = await opened()
    done = await imitation.play("finish_all", {})
    assert done["steps"] > 0
    news = await seen(connector, number)
    assert news.status
    assert news.status.is_final


async def test_the_journal_tells_what_was_filed_moved_and_followed_up(
    imitation: Sp4nImitation,
    connector: Sp4n,
    stage: Stage,
    opened: Callable[..., Any],
    new_delivery: Callable[..., Delivery],
) -> None:
    number = await opened()
    await imitation.play("verify", {"id": number})
    addition = new_delivery(Addition(text="lagi", said_at=SAID_AT), external_id=number)
    await connector.push(addition)
    assert [(event.kind, event.facts) for event in stage.journal.events] == [
        ("filed", {"external_id": number, "marker": TICKET}),
        ("moved", {"external_id": number, "status": "Terverifikasi"}),
        ("followed_up", {"external_id": number, "marker": addition.parcel_id[:12]}),
    ]


@pytest.mark.parametrize(
    ("action", "facts", "sentence"),
    [
        ("menari", {}, "Tidak ada tindakan 'menari'"),
        ("verify", {"id": "1"}, "Tidak ada laporan bernomor '1'"),
        ("close", {"id": "9200000"}, "berstatus Belum Terverifikasi"),
        ("archive", {"id": "9200000", "institution": "dinas"}, "harus angka"),
        ("archive", {"id": "9200000", "institution": "1"}, "Tidak ada instansi bernomor 1"),
        ("agree", {"id": "9200000"}, "Tidak ada permintaan bukan wewenang"),
        ("switch", {"zone": "Mars"}, "zone harus salah satu dari"),
        ("switch", {"lampu": "on"}, "Tidak ada saklar 'lampu'"),
    ],
)
async def test_what_cannot_be_played_is_refused_with_a_sentence(
    imitation: Sp4nImitation,
    opened: Callable[..., Any],
    action: str,
    facts: dict[str, str],
    sentence: str,
) -> None:
    await opened()
    with pytest.raises(ValueError, match=sentence):
        await imitation.play(action, facts)


async def test_the_desk_is_labelled_an_imitation_and_escapes_what_citizens_write(
    imitation: Sp4nImitation, connector: Sp4n, new_delivery: Callable[..., Delivery]
) -> None:
    assert "Belum ada laporan." in imitation.page()
    opening = Opening(title="<script>x</script>", text="<b>y</b>", said_at=SAID_AT)
    await connector.push(new_delivery(opening))
    page = imitation.page()
    assert "Tiruan (imitasi), dibuat dari kode klien publik — bukan SP4N-LAPOR!" in page
    assert "<script>" not in page
    assert 'formaction="/play/sp4n/verify"' in page


async def test_times_are_written_in_the_zone_of_the_switch(
    imitation: Sp4nImitation, connector: Sp4n, mapping: Mapping, opened: Callable[..., Any]
) -> None:
    number = await opened()
    in_jakarta = await seen(connector, number)
    await imitation.play("switch", {"zone": "UTC"})
    elsewhere = Sp4n(
        of_environment(imitation, timezone="UTC"),
        mapping,
        transport=SandboxTransport(imitation.app),
    )
    assert (await seen(elsewhere, number)).at == in_jakarta.at
