"""The imitation as the harness sees it: citizens act, our messages reach their phones."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from jinja2 import Environment

from connectors.whatsapp.sandbox import bodies, day
from connectors.whatsapp.sandbox.citizens import (
    Bubble,
    Citizen,
    PhoneBook,
    user_id_for,
)
from connectors.whatsapp.sandbox.desk import FIRST_TOKEN, Desk
from connectors.whatsapp.sandbox.graph import Graph
from connectors.whatsapp.sandbox.postman import Postman
from connectors.whatsapp.sandbox.saying import SAYINGS, Saying, Way
from hub.sandbox import Scene, Stage

APP_SECRET = "rahasia-aplikasi-tiruan"  # noqa: S105 - everything here is invented
VERIFY_TOKEN = "kata-sandi-tiruan"  # noqa: S105
WIB = ZoneInfo("Asia/Jakarta")
PAGE = Path(__file__).parent / "page.html"


class WhatsAppImitation:
    """One number of the city, and everybody who writes to it."""

    name = "whatsapp"
    title = "WhatsApp"

    def __init__(self, stage: Stage, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._stage = stage
        self._page = Environment(autoescape=True).from_string(PAGE.read_text(encoding="utf-8"))
        self.citizens = PhoneBook()
        self.postman = Postman(stage, secret=APP_SECRET, transport=transport)
        self.desk = Desk(stage, citizens=self.citizens, postman=self.postman)
        self.app = Graph(self.desk).app
        self._last_body: dict[str, bytes] = {}
        self._switches: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "again": self._bring_again,
            "block": self._block,
            "change_id": self._change_id,
            "network": self._worsen_network,
            "restore_token": lambda _: self._take_token(FIRST_TOKEN),
            "rotate_token": lambda facts: self._take_token(
                str(facts.get("token") or f"token-{self.desk.message_id()}")
            ),
        }

    def environment(self) -> Mapping[str, str]:
        return {
            "WHATSAPP_BASE_URL": f"{self._stage.base_url}/upstream/whatsapp",
            "WHATSAPP_PHONE_NUMBER_ID": bodies.PHONE_NUMBER_ID,
            "WHATSAPP_ACCESS_TOKEN": self.desk.token,
            "WHATSAPP_APP_SECRET": APP_SECRET,
            "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_RECEIPT_SECONDS": "3",
        }

    def scenes(self, rng: Random) -> Iterable[Scene]:
        return day.scenes(rng)

    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        if action in SAYINGS:
            return self._say(SAYINGS[action], facts)
        if action in self._switches:
            return self._switches[action](facts)
        raise ValueError(f"Warga tidak bisa {action!r}")

    async def act(self, rng: Random) -> bool:  # noqa: ARG002 - the officers sit elsewhere
        return False

    async def tick(self) -> None:
        """Nothing: webhooks keep their own time, addresses run out when they are used."""

    def page(self) -> str:
        return self._page.render(
            citizens=self.citizens.latest_first(),
            waiting=self.postman.on_the_way,
            now=self._stage.clock.now(),
            zone=WIB,
        )

    async def aclose(self) -> None:
        await self.postman.aclose()

    def _say(self, saying: Saying, facts: Mapping[str, Any]) -> dict[str, Any]:
        citizen = self._citizen(facts)
        sent = []
        for shown, said in saying(Way(facts, self.desk.shelf)):
            now, message_id = self._stage.clock.now(), self.desk.message_id()
            citizen.last_said = now
            citizen.bubbles.append(Bubble(message_id, by_citizen=True, text=shown, at=now))
            self._stage.journal.write(
                self.name,
                "said",
                conversation=citizen.conversation,
                message=message_id,
                complaint=facts.get("complaint"),
                text=shown,
            )
            body = bodies.message(citizen, said=said, message_id=message_id, at=now)
            self._last_body[citizen.conversation] = self.postman.bring(body)
            sent.append(message_id)
        return {"conversation": citizen.conversation, "messages": sent}

    def _bring_again(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        conversation = self._citizen(facts).conversation
        if conversation not in self._last_body:
            raise ValueError("Warga ini belum menulis apa pun")
        self.postman.bring_again(self._last_body[conversation])
        return {"conversation": conversation}

    def _block(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The citizen no longer wants our messages; `off` ends it."""
        citizen = self._citizen(facts)
        citizen.blocked = not facts.get("off")
        return {"blocked": citizen.blocked}

    def _change_id(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        citizen = self._citizen(facts)
        previous = citizen.user_id
        citizen.user_id = user_id_for(f"{citizen.conversation} {previous}")
        now = self._stage.clock.now()
        self.postman.bring(bodies.user_id_update(citizen, previous=previous, at=now))
        return {"previous": previous, "current": citizen.user_id}

    def _take_token(self, token: str) -> dict[str, Any]:
        self.desk.token = token
        return {"token": token}

    def _worsen_network(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        self.postman.twice = _share(facts, "twice", self.postman.twice)
        self.postman.late = _share(facts, "late", self.postman.late)
        return {"twice": self.postman.twice, "late": self.postman.late}

    def _citizen(self, facts: Mapping[str, Any]) -> Citizen:
        conversation = str(facts.get("conversation") or "").strip()
        if not conversation:
            raise ValueError("Pilih warga, atau isi nomor teleponnya")
        return self.citizens.named(conversation, name=facts.get("name"))


def _share(facts: Mapping[str, Any], name: str, now: float) -> float:
    try:
        return min(max(float(facts.get(name, now)), 0.0), 1.0)
    except (TypeError, ValueError):
        raise ValueError(f"{name} harus berupa angka antara 0 dan 1") from None
