"""A delivery that people carry: copied from a card into the upstream's form, or a row of a file."""

from dataclasses import dataclass, field

from hub.contract.delivery import StoredFile


@dataclass(frozen=True, slots=True)
class Entry:
    """One box of the upstream's form: `label` stands beside it there, `name` is its column in a file."""

    name: str
    label: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is to be done there, in Bahasa Indonesia, with every text ready to copy.

    `link` leads to their form or their page of the complaint. `wants_number`: it is done only when
    their number is typed back.
    """

    todo: str
    entries: tuple[Entry, ...]
    link: str | None = None
    files: tuple[StoredFile, ...] = ()
    wants_number: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be carried there at all."""
        return not (self.entries or self.files or self.wants_number)


@dataclass(frozen=True, slots=True)
class Number:
    """Their number, put right. `odd`: why it looks wrong, as a sentence in Bahasa Indonesia."""

    text: str
    odd: str | None = None
