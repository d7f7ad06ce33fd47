"""A webhook body in our words: every entry, change, message and status. Pure.

One bad piece never costs its neighbours anything.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from connectors.whatsapp import errors
from connectors.whatsapp.envelope import Change, changes, digest, open_body
from connectors.whatsapp.payloads import Contact, Message, need_id
from connectors.whatsapp.translate_account import read_account, read_value_error
from connectors.whatsapp.translate_message import read_message
from connectors.whatsapp.translate_person import read_user_id_update
from hub.contract import (
    Ignored,
    News,
    Node,
    Raw,
    Receipt,
    ReceiptState,
    Rejected,
    Unreadable,
    UnreadableError,
    UpstreamError,
)

PARCEL_ID = re.compile(r"[0-9a-f]{32}")
LONGEST_WORD = 40
STATES = {state.value: state for state in ReceiptState}


def read(raw: Raw, *, numbers: Collection[str]) -> Iterator[News]:
    """Everything in a body. Raises `UnreadableError` only for what is no JSON object at all."""
    body = open_body(raw.body)
    if not isinstance(body.value, dict):
        raise UnreadableError("not a webhook body: no JSON object")
    nothing = True
    for change in changes(body):
        nothing = False
        yield from _read_change(change, numbers)
    if nothing:
        yield Unreadable(key=f"body:{digest(body.value)}", reason="no entry in the body")


def _read_change(change: Change, numbers: Collection[str]) -> Iterable[News]:
    route = change.phone_number_id
    if route is not None and route not in numbers:
        return (Ignored(key=f"change:{change.key}", reason=f"{route} is no number of ours"),)
    pieces = (
        *_messages(change, route),
        *_each(change.value["statuses"], "status", _read_status),
        *_each(change.value["user_id_update"], "user_id_update", read_user_id_update),
    )
    failures = (
        read_value_error(error, change, alone=not pieces) for error in change.value["errors"]
    )
    return (*pieces, *failures) or read_account(change)


def _messages(change: Change, route: str | None) -> Iterator[News]:
    contacts = [Contact(node) for node in change.value["contacts"]]
    for node in change.value["messages"]:
        message = Message(node)
        read_it = partial(read_message, message, contacts=contacts, route=route)
        yield from _safely(read_it, key=message.key)


def _each(nodes: Node, kind: str, read_one: Callable[[Node], Iterable[News]]) -> Iterator[News]:
    for node in nodes:
        yield from _safely(partial(read_one, node), key=f"{kind}:{digest(node.value)}")


def _safely(read_piece: Callable[[], Iterable[News]], *, key: str) -> Iterable[News]:
    """The news of a piece, or the one thing that can be said about it."""
    try:
        return tuple(read_piece())
    except (UnreadableError, OverflowError) as error:
        # OverflowError: a number too large for a float, which `Node.number` lets through.
        return (Unreadable(key=key, reason=str(error)),)


def _read_status(status: Node) -> Iterator[News]:
    """What became of a message of ours.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
    """
    message_id, word = need_id(status["id"]), status["status"].need_text()[:LONGEST_WORD]
    key = f"status:{message_id}:{word}"
    if status["recipient_type"].text() == "group":
        yield Ignored(key=key, reason="about a message to a group")
        return
    state = STATES.get(word)
    if state is None:
        yield Ignored(key=key, reason=f"status {word!r} is not known")
        return
    marker = status["biz_opaque_callback_data"].text() or ""
    yield Receipt(
        key=key,
        external_id=message_id,
        state=state,
        at=status["timestamp"].need_time(),
        parcel_id=marker if PARCEL_ID.fullmatch(marker) else None,
        error=_why_failed(status) if state is ReceiptState.FAILED else None,
        facts=_pricing(status["pricing"]),
    )


def _why_failed(status: Node) -> UpstreamError:
    first = next(iter(status["errors"]), None)
    if first is None:
        return Rejected("Meta gave no reason", code="failed")
    return errors.failure_of(first)


def _pricing(pricing: Node) -> dict[str, str]:
    names = ("category", "type", "pricing_model", "billable")
    said = {name: pricing[name] for name in names if pricing[name].value is not None}
    return {
        f"pricing_{name.removeprefix('pricing_')}": node.text() or str(node.value).lower()
        for name, node in said.items()
    }
