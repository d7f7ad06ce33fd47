"""The dictionary between their words and ours, from mappings/<name>.toml. No silent defaults.

[status_in]                      their exact word -> our status (compared lower-cased, blanks folded)
"menunggu" = "received"
[[status_family]]                tried in order when no exact word fits
starts = "belum terverifikasi"   (or contains = / equals =)
status = "received"
[status_out.received]            one table per status, read by the connector (text, template, do, ...)
[category_in]                    their word -> our category code
[category_out]                   our category code -> their word or id; "-" where we have none
[agency] [classification]        free tables of words
[notices.greeting]               lines to citizens (text, template)

Where an upstream has several layouts, each stands in mappings/<name>/<layout>.toml: `tables["profiles"]`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.contract.errors import Unmapped
from hub.domain.status import Status

NO_CATEGORY = "-"


def folded(word: str) -> str:
    """Lower case, every run of white space (no-break too) one blank, none at the ends."""
    return " ".join(word.lower().split())


@dataclass(frozen=True, slots=True)
class Family:
    """Status words that begin with, contain or equal a text mean one status."""

    how: str
    text: str
    status: Status

    def fits(self, word: str) -> bool:
        """Whether the folded word belongs to the family."""
        match self.how:
            case "starts":
                return word.startswith(self.text)
            case "contains":
                return self.text in word
            case _:
                return word == self.text


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The words of one connector. `tables` holds the whole file for what only the connector reads."""

    name: str
    status_in: Mapping[str, Status] = field(default_factory=dict)
    families: tuple[Family, ...] = ()
    status_out: Mapping[Status, Mapping[str, Any]] = field(default_factory=dict)
    category_in: Mapping[str, str] = field(default_factory=dict)
    category_out: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)

    def to_status(self, theirs: str) -> Status | None:
        """Our status for their word: the exact word first, then families in order; None if unknown."""
        word = folded(theirs)
        if word in self.status_in:
            return self.status_in[word]
        return next((family.status for family in self.families if family.fits(word)), None)

    def to_category(self, theirs: str | None) -> str | None:
        """Our category for their word; None if they gave none, `Unmapped` if it is unknown."""
        if theirs is None or not folded(theirs):
            return None
        try:
            return self.category_in[folded(theirs)]
        except KeyError:
            raise Unmapped(f"category {theirs!r}") from None

    def from_category(self, ours: str | None) -> str:
        """Their word or id for our category."""
        try:
            return self.category_out[ours or NO_CATEGORY]
        except KeyError:
            raise Unmapped(f"category {ours!r}") from None

    def from_status(self, ours: Status) -> Mapping[str, Any]:
        """What to do or say there when a complaint becomes `ours`."""
        try:
            return self.status_out[ours]
        except KeyError:
            raise Unmapped(f"status {ours.value!r}") from None

    def shown_after(self, ours: Status) -> frozenset[Status]:
        """What the upstream may show once it was told `ours`: `expect` of [status_out], and `ours` itself.

        Where an upstream cannot be moved by us (a follow-up never closes in SP4N), that is in step.
        """
        expected = self.status_out.get(ours, {}).get("expect", ())
        return frozenset({ours} | {Status(word) for word in expected})

    def notice(self, name: str) -> Mapping[str, Any]:
        """The line for a citizen called `name`."""
        try:
            return self.notices[name]
        except KeyError:
            raise Unmapped(f"notice {name!r}") from None

    @classmethod
    def from_tables(cls, name: str, tables: Mapping[str, Any]) -> "Dictionary":
        """Read the parsed TOML. Raises `ValueError` with a sentence naming the table and the word."""
        return cls(
            name=name,
            status_in={
                folded(word): _status(name, "status_in", status)
                for word, status in tables.get("status_in", {}).items()
            },
            families=tuple(_family(name, row) for row in tables.get("status_family", ())),
            status_out={
                _status(name, "status_out", status): row
                for status, row in tables.get("status_out", {}).items()
            },
            category_in={folded(k): v for k, v in tables.get("category_in", {}).items()},
            category_out={k: str(v) for k, v in tables.get("category_out", {}).items()},
            notices=tables.get("notices", {}),
            tables=tables,
        )

    def problems(self, *, categories: Iterable[str], pushes: bool) -> tuple[str, ...]:
        """What is missing, each a sentence that says where to mend it."""
        known = set(categories)
        where = f"mappings/{self.name}.toml"
        missing: list[str] = []
        if pushes:
            missing += [
                f"{where}: [status_out] belum punya {status.value!r}; tambahkan [status_out.{status.value}]"
                for status in Status
                if status not in self.status_out
            ]
        if self.category_out:
            missing += [
                f'{where}: [category_out] belum punya kata untuk kategori {code!r}; tambahkan {code} = "..."'
                for code in sorted(known | {NO_CATEGORY})
                if code not in self.category_out
            ]
        missing += [
            f"{where}: [category_in] {word!r} menunjuk ke {code!r}, yang tak ada di mappings/categories.toml"
            for word, code in self.category_in.items()
            if code not in known
        ]
        return tuple(missing)


def _status(name: str, table: str, word: str) -> Status:
    try:
        return Status(word)
    except ValueError:
        known = ", ".join(Status)
        raise ValueError(
            f"mappings/{name}.toml: [{table}] {word!r} bukan salah satu dari {known}"
        ) from None


def _family(name: str, row: Mapping[str, Any]) -> Family:
    for how in ("starts", "contains", "equals"):
        if how in row and "status" in row:
            return Family(how, folded(row[how]), _status(name, "status_family", row["status"]))
    where = f"mappings/{name}.toml: a [[status_family]]"
    raise ValueError(f"{where} memerlukan starts, contains atau equals, dan status")
