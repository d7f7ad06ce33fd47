"""A page of a list of theirs: its rows, and whether all of it has the shape we know. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`is_whole`: nothing is cut off or renamed, so what is not in it is not there."""

    rows: list[Row]
    has_more: bool = False
    is_whole: bool = False
    total: int | None = None


def listed(results: Mapping[str, Any]) -> Listed:
    """The page of an answer."""
    data, total = results.get("data"), results.get("total")
    found = rows(data)
    has_envelope = bool(found) or "current_page" in results or "total" in results
    return Listed(
        rows=found,
        has_more=bool(results.get("next_page_url")),
        is_whole=has_envelope and "next_page_url" in results and _are_rows(data, len(found)),
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def joined(pages: Sequence[Listed]) -> Listed:
    """All pages of a list as one."""
    found = [row for page in pages for row in page.rows]
    totals = {page.total for page in pages} - {None, len(found)}
    return Listed(rows=found, is_whole=all(page.is_whole for page in pages) and not totals)


def rows(value: Any) -> list[Row]:
    """The objects of a list; PHP writes a list with gaps as an object with numbers for keys."""
    items = value.values() if is_object(value) else value
    return [item for item in items if is_object(item)] if isinstance(items, Iterable) else []


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def _are_rows(data: Any, number: int) -> bool:
    if is_object(data):
        return len(data) == number and all(key.isdigit() for key in data)
    return isinstance(data, list) and len(data) == number
