"""Layouts as data: mappings/call112/<name>.toml says which column is what."""

from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any

from connectors.call112 import payloads
from hub.contract import Mapping, UnreadableError
from hub.contract.mapping import folded

KINDS = ("tickets", "cdr", "queue_log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One layout. `header`: all its columns in order; `columns`: ours -> theirs, the first is the usual name.

    `find`: the columns that a row must hold to be the header. All their names are folded.
    `ignored`: never kept. `ticket_day`: the day in a ticket number, as strptime writes it.
    """

    name: str
    title: str
    kind: str
    header: tuple[str, ...]
    find: tuple[str, ...]
    columns: Table[str, tuple[str, ...]]
    facts: Table[str, str]
    ignored: frozenset[str]
    footer: tuple[str, ...]
    approve: Table[str, str]
    headless: bool = False
    zone: str | None = None
    dates: str | None = None
    ticket_day: str | None = None
    id_prefix: str = ""
    type_else: str | None = None
    done_means: str | None = None

    def known(self) -> frozenset[str]:
        """Every column name that this layout has a use for, or knows that it has none."""
        named = (name for names in self.columns.values() for name in names)
        return frozenset((*self.header, *named, *self.facts.values())) | self.ignored

    def kept(self) -> frozenset[str]:
        """The columns whose cells may be kept."""
        return self.known() - self.ignored - frozenset(self.columns.get(payloads.REPORTER, ()))

    def position(self, ours: str) -> int:
        """Where the column stands in the usual order; -1 if there is none."""
        names = self.columns.get(ours, ())
        return next((self.header.index(name) for name in names if name in self.header), -1)

    def says(self, ours: str) -> str:
        """Their usual name of the column."""
        return next(iter(self.columns.get(ours, ())), ours)


def profile_named(mapping: Mapping, name: str) -> Profile:
    """The layout of this name; `UnreadableError` says which there are, or what is wrong with it."""
    tables = mapping.tables.get("profiles", {})
    if name not in tables:
        there = ", ".join(sorted(tables)) or "belum ada satu pun"
        raise UnreadableError(f"profil {name!r} tidak ada di mappings/call112/ (ada: {there})")
    return _profile(name, tables[name])


def profiles_of(mapping: Mapping) -> tuple[Profile, ...]:
    """All layouts, by name."""
    return tuple(
        profile_named(mapping, name) for name in sorted(mapping.tables.get("profiles", {}))
    )


def _profile(name: str, table: Table[str, Any]) -> Profile:
    where = f"mappings/call112/{name}.toml"
    kind = table.get("kind", "")
    if kind not in KINDS:
        raise UnreadableError(f"{where}: kind harus salah satu dari {', '.join(KINDS)}")
    columns = {ours: _names(theirs) for ours, theirs in table.get("columns", {}).items()}
    if unknown := sorted(columns.keys() - payloads.FIELDS):
        raise UnreadableError(f"{where}: [columns] tidak mengenal {', '.join(unknown)}")
    return Profile(
        name=name,
        title=str(table.get("title", name)),
        kind=kind,
        header=_names(table.get("header", ())),
        find=_names(table.get("find", ())),
        columns=columns,
        facts={label: folded(column) for label, column in table.get("facts", {}).items()},
        ignored=frozenset(_names(table.get("ignored", ()))),
        footer=_names(table.get("footer", ())),
        approve={folded(str(k)): str(v) for k, v in table.get("approve", {}).items()},
        headless=bool(table.get("headless", False)),
        zone=table.get("zone"),
        dates=table.get("dates"),
        ticket_day=table.get("ticket_day"),
        id_prefix=str(table.get("id_prefix", "")),
        type_else=table.get("type_else"),
        done_means=table.get("done_means"),
    )


def _names(value: Any) -> tuple[str, ...]:
    return (folded(value),) if isinstance(value, str) else tuple(folded(str(one)) for one in value)
