"""Meta's side of our number: it takes our messages in, and tells what became of them."""

from collections.abc import Mapping
from typing import Any

from connectors.whatsapp.sandbox import bodies
from connectors.whatsapp.sandbox.citizens import STEPS, Bubble, Citizen, PhoneBook
from connectors.whatsapp.sandbox.media import MediaShelf
from connectors.whatsapp.sandbox.postman import Postman
from connectors.whatsapp.sandbox.saying import Told
from hub.sandbox import Stage

FIRST_TOKEN = "token-tiruan-1"  # noqa: S105 - everything here is invented
FAILED_AFTER = 0.5


class GraphError(Exception):
    """A refusal with one of Meta's error codes."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Desk:
    """Token, files and message ids; `accept` is what POST /messages does."""

    def __init__(self, stage: Stage, *, citizens: PhoneBook, postman: Postman) -> None:
        self._stage = stage
        self._citizens = citizens
        self._postman = postman
        self._count = 0
        self.token = FIRST_TOKEN
        self.shelf = MediaShelf(stage)

    def message_id(self) -> str:
        """A wamid; with the time in it, so that a sandbox started again does not repeat one."""
        self._count += 1
        stamp = int(self._stage.clock.now().timestamp() * 1000)
        return f"wamid.TIRUAN{stamp:x}{self._count:05x}"

    def accept(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Take one of our messages in, as POST /messages; what follows comes by webhook."""
        now, phone, user_id = self._stage.clock.now(), sent.get("to"), sent.get("recipient")
        if not (phone or user_id):
            raise GraphError(131008)
        citizen = self._citizens.reached_at(phone=phone, user_id=user_id)
        message_id = self.message_id()
        if citizen is None or citizen.blocked:
            self._report(None, sent, message_id)
        else:
            if sent["type"] == "text" and not citizen.may_be_told_freely(now):
                raise GraphError(131047)
            if not citizen.takes_another(now):
                raise GraphError(131056)
            self._tell(citizen, sent, message_id)
        given = {"input": phone or user_id} | ({"wa_id": phone} if phone else {"user_id": user_id})
        return {
            "messaging_product": "whatsapp",
            "contacts": [given],
            "messages": [{"id": message_id}],
        }

    def _tell(self, citizen: Citizen, sent: Mapping[str, Any], message_id: str) -> None:
        text = Told(sent).text
        now = self._stage.clock.now()
        citizen.bubbles.append(Bubble(message_id, by_citizen=False, text=text, at=now))
        self._stage.journal.write(
            "whatsapp",
            "told",
            conversation=citizen.conversation,
            message=message_id,
            marker=sent.get("biz_opaque_callback_data"),
            text=text,
        )
        self._report(citizen, sent, message_id)

    def _report(self, citizen: Citizen | None, sent: Mapping[str, Any], message_id: str) -> None:
        at = self._stage.clock.now()
        for word in STEPS if citizen else ("failed",):
            body = bodies.status(citizen, sent=sent, word=word, message_id=message_id, at=at)
            self._postman.bring(body, after=STEPS.get(word, FAILED_AFTER))
