"""A message with what all kinds of it share. Pure."""

from dataclasses import dataclass
from datetime import datetime

from connectors.whatsapp.attachments import KINDS
from connectors.whatsapp.payloads import Message, id_in, need_id
from hub.contract import AttachmentRef, Ignored, Person, Place, Reply, Report


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what all kinds of it share."""

    message: Message
    person: Person
    at: datetime
    route: str | None

    @property
    def id(self) -> str:
        return need_id(self.message.node["id"])

    def report(
        self, text: str = "", *, place: Place | None = None, file: AttachmentRef | None = None
    ) -> Report:
        """One piece of a turn."""
        return Report(
            key=self.message.key,
            external_id=self.id,
            said_at=self.at,
            text=text,
            person=self.person,
            place=place,
            attachments=(file,) if file else (),
            route=self.route,
            in_reply_to=self.message.quoted,
            joins=True,
            facts=_facts(self.message),
        )

    def reply(
        self, text: str, *, to: str | None = None, file: AttachmentRef | None = None
    ) -> Reply:
        """An answer to something that stands further up in the chat."""
        return Reply(
            key=self.message.key,
            external_id=self.id,
            said_at=self.at,
            text=text,
            person=self.person,
            route=self.route,
            in_reply_to=to or self.message.quoted,
            attachments=(file,) if file else (),
        )

    def ignored(self, reason: str, *, notice: str | None = None) -> Ignored:
        """Nothing to do; the citizen may deserve a line about it."""
        return Ignored(
            key=self.message.key,
            reason=reason,
            notice=notice,
            person=self.person,
            route=self.route,
            said_at=self.at,
        )


def _facts(message: Message) -> dict[str, str]:
    """What operators should know about a message besides its words."""
    context, referral = message.node["context"], message.node["referral"]
    facts = {
        name: "true"
        for name in ("forwarded", "frequently_forwarded")
        if context[name].value is True
    }
    if source := referral["source_url"].text():
        facts["referral"] = source
    if message.type in KINDS and (codes := message.error_codes):
        facts["media_error"] = codes[0]
    elif message.type in KINDS and not id_in(message.body["id"]):
        facts["media_error"] = "missing"
    return facts
