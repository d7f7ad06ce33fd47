"""Where reading a table goes on: values of its cursor column, each with its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.call112.pages import Mark
from hub.contract import Unavailable

Value = int | float | str | Decimal | datetime | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Rows after `at` come next; None: all of them.

    `recent`: the last values that were read, oldest first; a new sweep begins there. `rows`: how many
    are asked for, where more than a page share one value.
    """

    at: str | None = None
    recent: tuple[str, ...] = ()
    rows: int = 0

    @classmethod
    def of(cls, mark: Mark | None) -> "Position":
        """As it was committed."""
        return cls(**{**mark, "recent": tuple(mark["recent"])}) if mark else cls()


def text_of(value: Any) -> str:
    """A value with its kind, so that it comes back as what it was."""
    match value:
        case datetime() | date():
            return f"{type(value).__name__}:{value.isoformat()}"
        case int() | float() | Decimal() | str():
            return f"{type(value).__name__}:{value}"
        case _:
            raise Unavailable(
                f"CALL112_CURSOR_COLUMN berisi {type(value).__name__}; pilih kolom angka atau waktu",
                code="cursor_column",
            )


def value_of(text: str) -> Value:
    """What `text_of` wrote down."""
    kind, _, value = text.partition(":")
    return _KINDS[kind](value)


def typed(text: str) -> Value:
    """A value as people write it in a setting."""
    if text.isdecimal():
        return int(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


_KINDS: Mapping[str, Callable[[str], Value]] = {
    "int": int,
    "float": float,
    "str": str,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
}
