"""A row of a database as a row of a file: texts by the names of their columns."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

Cells = Mapping[str, str]


def cells_of(row: Mapping[str, Any]) -> Cells:
    """All cells as text; one that is null is empty."""
    return {str(name): _cell(value) for name, value in row.items()}


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bytes():
            return value.decode(errors="replace")
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
