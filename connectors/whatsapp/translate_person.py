"""Who speaks, and under which new name. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from connectors.whatsapp.attachments import display_name
from connectors.whatsapp.envelope import digest
from connectors.whatsapp.payloads import Contact, Message, phone_in, user_id_in
from hub.contract import IdentityChanged, Ignored, News, Node, Person, UnreadableError

LONGEST_NAME = 80


def person_of(message: Message, contacts: Sequence[Contact]) -> Person:
    """The sender: the user id first, since a phone number may be withheld or handed on."""
    contact = _contact(message, contacts)
    user_id = message.user_id or (contact.user_id if contact else None)
    phone = message.phone or (contact.phone if contact else None)
    if user_id is None and phone is None:
        raise UnreadableError(f"{message.node.path}: no sender")
    name = display_name(contact.name or "", longest=LONGEST_NAME) if contact else ""
    aliases = (user_id and f"user:{user_id}", phone and f"phone:{phone}")
    return Person(
        aliases=tuple(alias for alias in aliases if alias),
        address=_address(phone, user_id),
        name=name or None,
    )


def _contact(message: Message, contacts: Sequence[Contact]) -> Contact | None:
    """The user id decides; a number alone could by now belong to somebody else."""
    by_user = (one for one in contacts if message.user_id and one.user_id == message.user_id)
    by_phone = (
        one
        for one in contacts
        if message.phone
        and one.phone == message.phone
        and (message.user_id is None or one.user_id is None)
    )
    return next(by_user, None) or next(by_phone, None)


def own_number(person: Person, card: Node, message: Message) -> News:
    """The citizen answered our request for the phone number."""
    phones = [phone_in(phone["wa_id"]) or phone_in(phone["phone"]) for phone in card["phones"]]
    phone = next((phone for phone in phones if phone), None)
    if phone is None or f"phone:{phone}" in person.aliases:
        return Ignored(key=message.key, reason="shared a number we had, or none", person=person)
    return IdentityChanged(
        key=message.key,
        known_alias=person.aliases[0],
        new_alias=f"phone:{phone}",
        address={**person.address, "phone": phone},
        at=message.node["timestamp"].need_time(),
        replaces=False,
    )


def read_system(message: Message) -> Iterator[News]:
    """A citizen's number or id has changed; such a message has no contacts.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system
    """
    system, what, old = message.body, message.body["type"].text(), message.phone
    phone = phone_in(system["wa_id"]) or phone_in(system["new_wa_id"])
    user_id = user_id_in(system["user_id"])
    if what in ("user_changed_number", "customer_changed_number") and old and phone:
        address = _address(phone, user_id)
        moved = _changed(message, f"phone:{old}", f"phone:{phone}", address=address)
        yield moved
        if user_id:
            named = _changed(message, f"phone:{phone}", f"user:{user_id}", address=address)
            yield replace(named, key=f"{moved.key}:user_id", replaces=False)
    elif what == "user_changed_user_id" and old and user_id:
        address = _address(old, user_id)
        named = _changed(message, f"phone:{old}", f"user:{user_id}", address=address)
        yield replace(named, replaces=False)
    elif what == "user_changed_user_id":
        yield Ignored(
            key=message.key, reason="a new user id alone; user_id_update brings the pair"
        )
    else:
        yield Ignored(key=message.key, reason=f"system message {what!r}")


def read_user_id_update(update: Node) -> Iterator[News]:
    """The only place where the old id stands beside the new one.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_id_update
    """
    key = f"user_id_update:{digest(update.value)}"
    old, new = (user_id_in(update["user_id"][name]) for name in ("previous", "current"))
    phone = phone_in(update["wa_id"])
    if new is None:
        raise UnreadableError(f"{update.path}.user_id.current is missing or no user id")
    if old is None and phone is None:
        yield Ignored(key=key, reason="a new user id, and nothing it could belong to")
        return
    yield IdentityChanged(
        key=key,
        known_alias=f"user:{old}" if old else f"phone:{phone}",
        new_alias=f"user:{new}",
        address=_address(phone, new),
        at=update["timestamp"].need_time(),
        replaces=old is not None,
    )


def _changed(
    message: Message, known: str, new: str, *, address: dict[str, str]
) -> IdentityChanged:
    return IdentityChanged(
        key=message.key,
        known_alias=known,
        new_alias=new,
        address=address,
        at=message.node["timestamp"].need_time(),
    )


def _address(phone: str | None, user_id: str | None) -> dict[str, str]:
    both = {"phone": phone, "user_id": user_id}
    return {name: value for name, value in both.items() if value}
