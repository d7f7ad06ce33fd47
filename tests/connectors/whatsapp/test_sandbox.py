"""The imitation obeys what the connector believes about WhatsApp."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import puremagic
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from connectors.whatsapp import Settings, WhatsApp, build
from connectors.whatsapp.sandbox import WhatsAppImitation
from connectors.whatsapp.sandbox import build as build_imitation
from connectors.whatsapp.sandbox.citizens import PAIR_BURST
from hub.contract import (
    IdentityChanged,
    Notice,
    PairThrottled,
    Raw,
    Receipt,
    ReceiptState,
    Rejected,
    Reply,
    Report,
    Unauthorized,
    WindowClosed,
)
from hub.sandbox import SandboxTransport, Stage
from tests.connectors.whatsapp.given import dictionary, update

CITIZEN = "628110001001"
HIDDEN = "ID.10000000000000001002"


class Hub:
    """What hears the webhooks; refuses the first `deaf` of them."""

    def __init__(self) -> None:
        self.deaf = 0
        self.whatsapp: WhatsApp | None = None
        self.news: list[Any] = []
        self.heard = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard += 1
        if self.deaf:
            self.deaf -= 1
            return httpx.Response(503)
        assert self.whatsapp
        self.whatsapp.verify(request.headers, request.content)
        self.news += self.whatsapp.read(Raw(key="body", body=request.content))
        return httpx.Response(200)

    def of(self, kind: type) -> list[Any]:
        return [each for each in self.news if isinstance(each, kind)]


class Play:
    """An imitation, a hub that listens to it, and the connector between them."""

    def __init__(self) -> None:
        self.stage = Stage(hub_url="http://hub.example", base_url="http://sandbox.example")
        self.hub = Hub()
        self.imitation: WhatsAppImitation = build_imitation(
            self.stage, transport=httpx.MockTransport(self.hub)
        )
        mounted = Starlette(routes=[Mount("/upstream/whatsapp", app=self.imitation.app)])
        given = {
            name.removeprefix("WHATSAPP_").lower(): value
            for name, value in self.imitation.environment().items()
        }
        settings = Settings(**given)  # type: ignore[arg-type]
        self.whatsapp = build(settings, dictionary(), transport=SandboxTransport(mounted))
        self.hub.whatsapp = self.whatsapp

    async def do(self, action: str, **facts: Any) -> Any:
        done = await self.imitation.play(action, {"conversation": CITIZEN} | facts)
        await self.imitation.postman.settled()
        return done


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    stage = Play()
    yield stage
    await stage.whatsapp.aclose()
    await stage.imitation.aclose()


async def test_a_citizen_writes_and_reads_our_answer(play: Play) -> None:
    await play.do("say", text="lampu mati", name="Budi", complaint="lampu")
    (report,) = play.hub.of(Report)
    assert (report.text, report.person.name) == ("lampu mati", "Budi")
    delivery = update(recipient=report.person.address)
    acknowledged = await play.whatsapp.push(delivery)
    await play.imitation.postman.settled()
    receipts = play.hub.of(Receipt)
    assert [each.state for each in receipts] == ["sent", "delivered", "read"]
    assert {each.parcel_id for each in receipts} == {delivery.parcel_id}
    assert {each.external_id for each in receipts} == {acknowledged.external_id}
    (said,), (told,) = play.stage.journal.of("said"), play.stage.journal.of("told")
    assert said.facts["complaint"] == "lampu"
    assert told.facts["conversation"] == said.facts["conversation"] == CITIZEN
    assert told.facts["marker"] == delivery.parcel_id
    assert "PKL-2026-000123" in told.facts["text"]


async def test_somebody_without_a_number_is_answered_by_user_id(play: Play) -> None:
    await play.do("say", conversation=HIDDEN, text="tanggul rembes")
    (report,) = play.hub.of(Report)
    assert report.person.aliases == (f"user:{HIDDEN}",)
    await play.whatsapp.push(update(recipient=report.person.address))
    assert play.stage.journal.of("told")[0].facts["conversation"] == HIDDEN


@pytest.mark.parametrize(
    ("action", "media_type"),
    [
        ("photo", "image/jpeg"),
        ("voice", "application/ogg"),
        ("video", "video/mp4"),
        ("document", "application/pdf"),
    ],
)
async def test_a_file_of_a_citizen_is_what_it_says(
    play: Play, action: str, media_type: str
) -> None:
    await play.do(action, text="")
    (report,) = play.hub.of(Report)
    (file,) = report.attachments
    content = b"".join([part async for part in play.whatsapp.fetch(file.ref, route=report.route)])
    assert sha256(content).hexdigest() == file.sha256
    assert puremagic.from_string(content, mime=True) == media_type


async def test_the_photos_of_an_album_differ(play: Play) -> None:
    await play.do("album", count="3", text="got mampet")
    files = [file for report in play.hub.of(Report) for file in report.attachments]
    assert len({file.sha256 for file in files}) == 3
    assert [report.text for report in play.hub.of(Report)] == ["got mampet", "", ""]


async def test_a_file_is_fetched_after_a_day_and_gone_after_a_week(play: Play) -> None:
    await play.do("photo")
    ref = play.hub.of(Report)[0].attachments[0].ref
    play.stage.clock.advance(timedelta(days=1))
    assert [part async for part in play.whatsapp.fetch(ref, route=None)]
    play.stage.clock.advance(timedelta(days=6))
    with pytest.raises(Rejected) as gone:
        [part async for part in play.whatsapp.fetch(ref, route=None)]
    assert gone.value.code == "100"


async def test_a_webhook_comes_until_it_is_taken(play: Play) -> None:
    play.hub.deaf = 2
    await play.do("say", text="jalan rusak")
    assert len(play.hub.of(Report)) == 1
    assert play.hub.heard == 3


async def test_the_network_can_be_made_worse(play: Play) -> None:
    await play.do("network", twice="1")
    await play.do("say", text="jalan rusak")
    first, second = play.hub.of(Report)
    assert first.key == second.key
    await play.do("network", twice=0)
    await play.do("again")
    assert len(play.hub.of(Report)) == 3


async def test_after_a_day_only_a_template_reaches_the_citizen(play: Play) -> None:
    await play.do("say", text="jalan rusak")
    play.stage.clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(WindowClosed):
        await play.whatsapp.push(update())
    await play.whatsapp.push(update(conversation_open=False))
    assert "[aduan_kabar]" in play.stage.journal.of("told")[0].facts["text"]


async def test_one_citizen_gets_no_more_than_the_pair_limit_and_others_are_not_concerned(
    play: Play,
) -> None:
    await play.do("say", text="a")
    await play.do("say", conversation="628110001002", text="b")
    for _ in range(PAIR_BURST):
        await play.whatsapp.push(replace(update(), parcel_id=uuid4().hex))
    with pytest.raises(PairThrottled):
        await play.whatsapp.push(update())
    await play.whatsapp.push(update(recipient={"phone": "628110001002"}))
    play.stage.clock.advance(timedelta(seconds=6.5))
    await play.whatsapp.push(update())


@pytest.mark.parametrize("action", ["block", "nobody"])
async def test_who_cannot_be_reached_is_told_of_later(play: Play, action: str) -> None:
    if action == "block":
        await play.do("say", text="a")
        await play.do("block")
    acknowledged = await play.whatsapp.push(update())
    await play.imitation.postman.settled()
    (receipt,) = play.hub.of(Receipt)
    assert receipt.state is ReceiptState.FAILED
    assert receipt.external_id == acknowledged.external_id
    assert receipt.error.code == "131026"
    assert not play.stage.journal.of("told")


async def test_an_old_token_is_refused_until_it_is_restored(play: Play) -> None:
    await play.do("say", text="a")
    await play.do("rotate_token")
    with pytest.raises(Unauthorized):
        await play.whatsapp.push(update())
    await play.do("restore_token")
    await play.whatsapp.push(update())


async def test_a_changed_id_leads_from_the_old_to_the_new(play: Play) -> None:
    await play.do("say", conversation=HIDDEN, text="a")
    await play.do("change_id", conversation=HIDDEN)
    (changed,) = play.hub.of(IdentityChanged)
    assert changed.known_alias == f"user:{HIDDEN}"
    await play.whatsapp.push(update(recipient=changed.address))
    assert play.stage.journal.of("told")[0].facts["conversation"] == HIDDEN


async def test_a_button_is_a_reply_and_a_pin_a_place(play: Play) -> None:
    await play.do("button", text="Sudah sesuai", quoted="wamid.1")
    await play.do("location", latitude="-6.87", longitude="109.68", place="Pasar")
    (reply,), (report,) = play.hub.of(Reply), play.hub.of(Report)
    assert (reply.text, reply.in_reply_to) == ("Sudah sesuai", "wamid.1")
    assert (report.place.latitude, report.place.words) == (-6.87, "Pasar")


async def test_a_notice_is_told_without_a_status(play: Play) -> None:
    await play.do("say", text="halo")
    await play.whatsapp.push(replace(update(), content=Notice(name="greeting")))
    assert play.stage.journal.of("told")[0].facts["text"].startswith("Halo!")


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("terbang", {}),
        ("say", {"text": " "}),
        ("say", {"conversation": "", "text": "a"}),
        ("say", {"conversation": "budi", "text": "a"}),
        ("location", {"latitude": "utara"}),
        ("network", {"twice": "sering"}),
        ("again", {"conversation": "628110001999"}),
    ],
)
async def test_what_cannot_be_played_is_said_in_a_sentence(
    play: Play, action: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        await play.do(action, **facts)


async def test_the_page_shows_both_sides_and_says_that_it_is_an_imitation(play: Play) -> None:
    await play.do("say", text="<b>jalan</b> rusak", name="Bu <i>Sri</i>")
    await play.whatsapp.push(update())
    play.stage.clock.advance(timedelta(seconds=2))
    page = play.imitation.page()
    assert "Tiruan (imitasi), dibuat dari kode klien publik — bukan WhatsApp" in page
    assert "&lt;b&gt;jalan&lt;/b&gt; rusak" in page
    assert "sedang dikerjakan" in page
    assert "✓✓ dibaca" in page
    assert "<i>Sri" not in page


async def test_the_demo_day_can_be_played_and_is_told_apart(play: Play) -> None:
    scenes = list(play.imitation.scenes(Random(7)))  # noqa: S311 - play, not secrets
    again = list(play.imitation.scenes(Random(7)))  # noqa: S311 - play, not secrets
    assert scenes == again
    complaints = {
        scene.facts["complaint"]: scene for scene in scenes if "complaint" in scene.facts
    }
    conversations = {scene.facts["conversation"] for scene in complaints.values()}
    assert len(complaints) == len(conversations) >= 44
    assert any(each.startswith("ID.") for each in conversations)
    assert all(0 <= scene.at <= 60 for scene in scenes)
    assert [scene.at for scene in scenes] == sorted(scene.at for scene in scenes)
    for scene in scenes:
        await play.imitation.play(scene.action, scene.facts)
    await play.imitation.postman.settled()
    said = play.stage.journal.of("said")
    assert {event.facts["complaint"] for event in said} - {None} == set(complaints)
    assert len([event for event in said if event.facts["complaint"] is None]) == 4
    assert len(play.hub.of(Report)) == len(said) + 1
    assert len({report.key for report in play.hub.of(Report)}) == len(said)
