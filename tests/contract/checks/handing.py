"""What people and files carry there: a slip for whatever the hub wants told, in every mode."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hub.contract import (
    Addition,
    Delivery,
    HandsOver,
    Mode,
    Opening,
    Pushes,
    Slip,
    StatusUpdate,
    Unmapped,
    Unsendable,
    UpstreamError,
)
from tests.contract.checks.secrecy import check_untold, private_in, told
from tests.contract.deliveries import samples
from tests.contract.subjects import Subject
from tests.contract.upstreams import silent

# The columns that every file of the hub begins with.
OURS = frozenset({"penanda", "tiket", "nomor"})
PHONES = ("081100001234", "+62 811-0000-1234")
NIK = "3375012304850001"


def check_modes(subject: Subject) -> None:
    """It is in the mode that is set, and has in each of them what the hub then asks for."""
    for wanted, connector in in_each_mode(subject):
        traits = connector.traits
        assert wanted in {None, traits.mode}, f"mode {wanted} is set, but it says {traits.mode}"
        assert wanted is None or isinstance(connector, HandsOver), (
            f"what was handed out is shown in every mode, but in {wanted} it makes no slip"
        )
        if traits.mode is not Mode.API:
            assert isinstance(connector, HandsOver), f"in mode {traits.mode} it makes no slip"
        elif traits.takes_complaints or traits.speaks_to_citizens:
            assert isinstance(connector, Pushes), "in mode api it is to be told, but has no push"
        assert not traits.done_when_exported or traits.mode is Mode.FILE, (
            f"done when exported, but in mode {traits.mode} nothing is exported"
        )


def check_slips(subject: Subject) -> None:
    """Whatever the hub may want to tell makes a slip, in every mode, or cannot be told there."""
    for connector in that_hand_over(subject):
        for delivery in _addressed(subject):
            _check_slip(connector, delivery)


def check_slips_hide(subject: Subject) -> None:
    """A slip shows no secret and nobody's number, and making one tells nobody anything."""
    for connector in that_hand_over(subject):
        for delivery in map(_with_numbers, _addressed(subject)):
            with told() as heard:
                slip = _slip(connector, delivery)
            shown = (
                [slip.todo, slip.link or "", *(entry.text for entry in slip.entries)]
                if isinstance(slip, Slip)
                else [str(slip), repr(slip)]
            )
            check_untold([*shown, heard.getvalue()], subject.secrets())
            check_untold(
                [heard.getvalue(), repr(slip)], private_in(delivery), what="something private"
            )
            check_untold(shown, (*PHONES, NIK), what="a number that leads to a person")


def in_each_mode(subject: Subject) -> Iterator[tuple[Mode | None, Any]]:
    """The connector as recorded; where a setting says the mode, in each of the three."""
    kind = subject.module("settings").Settings
    if "mode" not in kind.model_fields:
        yield None, subject.build(silent())
        return
    variable = f"{kind.model_config['env_prefix']}MODE"
    for mode in Mode:
        environment = {**subject.environment(), variable: mode.value}
        yield mode, subject.build(silent(), environment=environment)


def that_hand_over(subject: Subject) -> Iterator[Any]:
    for _, connector in in_each_mode(subject):
        if isinstance(connector, HandsOver):
            yield connector


def _addressed(subject: Subject) -> Iterator[Delivery]:
    """Every sample; news of a complaint that they know, to somebody who can be reached."""
    for delivery in samples(subject):
        if isinstance(delivery.content, Opening):
            yield delivery
            continue
        reachable = delivery.recipient or {"phone": "628110009999"}
        yield replace(delivery, external_id=delivery.external_id or "4711", recipient=reachable)


def _slip(connector: Any, delivery: Delivery) -> Slip | UpstreamError:
    try:
        slip: Slip = connector.slip(delivery)
    except UpstreamError as error:
        return error
    return slip


def _check_slip(connector: Any, delivery: Delivery) -> None:
    slip, opens = _slip(connector, delivery), isinstance(delivery.content, Opening)
    what = f"{type(delivery.content).__name__} in mode {connector.traits.mode}"
    if not isinstance(slip, Slip):
        # Where nothing goes there at all, a word may be missing.
        is_told = connector.traits.mode is not Mode.API or isinstance(connector, Pushes)
        expected = Unsendable if is_told else (Unsendable, Unmapped)
        assert isinstance(slip, expected), f"{what}: a slip or unsendable, not {slip!r}"
        assert not (opens and connector.traits.takes_complaints), f"{what}: {slip!r}"
        return
    assert slip == _slip(connector, delivery), f"{what}: asked twice it makes two slips"
    assert slip.todo.strip(), f"{what}: the slip does not say what to do"
    assert slip.wants_number is opens, f"{what}: wants_number is {slip.wants_number}"
    names = [entry.name for entry in slip.entries]
    assert all(names), f"{what}: a column has no name: {names}"
    assert len(set(names)) == len(names), f"{what}: two columns have one name: {names}"
    assert not OURS & set(names), f"{what}: {names} has a column that is the hub's own"
    assert all(entry.label.strip() for entry in slip.entries), f"{what}: an entry has no label"
    if opens:
        assert any(delivery.ticket in entry.text for entry in slip.entries), (
            f"{what}: no text names our ticket, so that nobody finds it there again"
        )


def _with_numbers(delivery: Delivery) -> Delivery:
    """The same, with numbers in everything that people wrote."""
    numbers = f"hubungi {PHONES[0]} atau {PHONES[1]}, NIK {NIK}"
    content: Any = delivery.content
    match content:
        case Opening():
            title = f"{content.title}, {PHONES[0]}"
            content = replace(
                content, title=title, text=f"{content.text} {numbers}", reporter=None
            )
        case Addition():
            content = replace(content, text=f"{content.text} {numbers}")
        case StatusUpdate():
            content = replace(content, note=f"{content.note} {numbers}")
        case _:
            pass
    return replace(delivery, content=content)
