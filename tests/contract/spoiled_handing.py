"""The small connector, spoiled in what people and files carry, in one way each."""

import csv
import logging
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from hub.contract import (
    Delivery,
    Entry,
    ImportFile,
    Mode,
    Number,
    Opening,
    Rejected,
    Slip,
    UnreadableError,
    Unsendable,
)
from tests.contract.example_connector.source import Board

log = logging.getLogger("board")


class Stubborn(Board):
    """Pushes, whatever is set."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.traits = replace(self.traits, mode=Mode.API)


class Hasty(Board):
    """Thinks that a card is done as soon as it lies there."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.traits = replace(self.traits, done_when_exported=True)


class Handless(Board):
    """Gives nobody anything to carry."""

    slip = None  # type: ignore[assignment]


class Pushless(Board):
    """Cannot be told, although its mode says so."""

    push = None  # type: ignore[assignment]


class Unwilling(Board):
    """Refuses to make a slip, as if the board had refused."""

    def slip(self, _: Delivery) -> Slip:
        raise Rejected("no")


class Closed(Board):
    """Says that it takes complaints, but takes none by hand."""

    def slip(self, delivery: Delivery) -> Slip:
        if isinstance(delivery.content, Opening):
            raise Unsendable("not by hand")
        return super().slip(delivery)


class Changed(Board):
    """Makes another slip out of the sound one."""

    def slip(self, delivery: Delivery) -> Slip:
        slip = super().slip(delivery)
        first, *others = slip.entries
        return self._changed(replace(slip, entries=(self._first(first, delivery), *others)))

    def _changed(self, slip: Slip) -> Slip:
        return slip

    def _first(self, entry: Entry, _: Delivery) -> Entry:
        return entry


class Restless(Changed):
    """Makes another slip every time."""

    _times = count()

    def _changed(self, slip: Slip) -> Slip:
        return replace(slip, todo=f"{slip.todo} ({next(self._times)})")


class Speechless(Changed):
    """Does not say what to do."""

    def _changed(self, slip: Slip) -> Slip:
        return replace(slip, todo=" ")


class Incurious(Changed):
    """Never asks for a number."""

    def _changed(self, slip: Slip) -> Slip:
        return replace(slip, wants_number=False)


class Doubled(Changed):
    """Has two columns of one name."""

    def _changed(self, slip: Slip) -> Slip:
        return replace(slip, entries=slip.entries * 2)


class Nameless(Changed):
    """Has a column without a name."""

    def _first(self, entry: Entry, _: Delivery) -> Entry:
        return replace(entry, name="")


class Grasping(Changed):
    """Takes a column of the hub's own."""

    def _first(self, entry: Entry, _: Delivery) -> Entry:
        return replace(entry, name="penanda")


class Unlabelled(Changed):
    """Does not say which box it is."""

    def _first(self, entry: Entry, _: Delivery) -> Entry:
        return replace(entry, label="")


class Forgetful(Changed):
    """Leaves our ticket out."""

    def _first(self, entry: Entry, delivery: Delivery) -> Entry:
        return replace(entry, text=entry.text.replace(delivery.ticket, ""))


class Unmasked(Changed):
    """Copies what the citizen wrote as it is."""

    def _first(self, entry: Entry, delivery: Delivery) -> Entry:
        return replace(entry, text=entry.text + getattr(delivery.content, "text", ""))


class Careless(Changed):
    """Has its secret copied along."""

    def _first(self, entry: Entry, _: Delivery) -> Entry:
        return replace(entry, text=f"{entry.text} {self._secret.get_secret_value()}")


class Muttering(Changed):
    """Logs what stands on a slip."""

    def _first(self, entry: Entry, delivery: Delivery) -> Entry:
        log.info("laid out %s", getattr(delivery.content, "text", ""))
        return entry


class Picky(Board):
    """Refuses what is no number."""

    def number(self, typed: str) -> Number:
        return Number(str(int(typed)))


class Prefixing(Board):
    """Adds a prefix to what has one."""

    def number(self, typed: str) -> Number:
        return Number(f"P-{super().number(typed).text}")


class Literal(Board):
    """Takes what was typed as it is."""

    def number(self, typed: str) -> Number:
        return Number(typed)


class Credulous(Board):
    """Opens whatever it is given."""

    def open_export(self, _: Path) -> ImportFile:
        return ImportFile(total=0, raws=iter(()))


class Abrupt(Board):
    """Lets the error of its reader out."""

    def open_export(self, path: Path) -> ImportFile:
        raise csv.Error(path.name)


class Vague(Board):
    """Does not say which file it was."""

    def open_export(self, _: Path) -> ImportFile:
        raise UnreadableError("berkas itu bukan daftar pos")


class Curt(Board):
    """Says no, and nothing else."""

    def open_export(self, path: Path) -> ImportFile:
        raise UnreadableError(f"{path.name}: salah")
