"""The profile: [api], [file] and [page] of mappings/laporgub.toml, which say how LaporGub speaks to us.

Nothing of it is documented in public, so paths, parameters, fields and columns stand in the mapping.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Paging(StrEnum):
    """How their list goes on after a page."""

    CURSOR = "cursor"
    PAGE = "page"
    SINCE = "since"


@dataclass(frozen=True, slots=True)
class Write:
    """A call that leaves something there: `fields` leads from our word to their field."""

    method: str
    path: str
    fields: Mapping[str, str]
    ticket: str
    id: str
    kinds: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """The list of what is new."""

    path: str
    paging: Paging
    cursor: str
    size: str
    items: str
    next: str


@dataclass(frozen=True, slots=True)
class Search:
    """The list again, asked for one ticket of ours."""

    path: str
    marker: str
    items: str


@dataclass(frozen=True, slots=True)
class Table:
    """Their table of kabupaten and kota."""

    path: str
    items: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Files: our word -> the names its column may have. `known_by` tells an answer file."""

    report: Mapping[str, tuple[str, ...]]
    pair: Mapping[str, tuple[str, ...]]
    known_by: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageMarkup:
    """Their public page: the classes of its timeline, who counts as an officer, what a CAPTCHA says."""

    entry: str
    title: str
    at: str
    author: str
    text: str
    officers: tuple[str, ...]
    captcha: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """All of it. `search` and `regions` are None where they have no such call."""

    create: Write
    update: Write
    comment: Write
    list: Listing
    one_path: str
    one_item: str
    search: Search | None
    regions: Table | None
    item: Mapping[str, str]
    answer: Mapping[str, str]
    columns: Columns
    page: PageMarkup
