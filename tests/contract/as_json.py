"""News and deliveries as JSON, the form in which recordings keep them.

What has its default is left out on the way to JSON and filled in on the way back, so two
spellings of the same news are equal after `as_json(news_of(...))`.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from hub import contract
from hub.contract import Content, Delivery, News, UpstreamError


def as_json(value: Any) -> Any:
    """Plain JSON: times with Z, enums by value, dataclasses as objects without their defaults."""
    match value:
        case UpstreamError():
            return {"class": type(value).__name__, "code": value.code}
        case Mapping():
            return {key: as_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [as_json(inner) for inner in value]
        case _:
            return _object(value) if is_dataclass(value) else _word(value)


def _word(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
        case date():
            return value.isoformat()
        case Path():
            return value.name
        case _:
            return value


def _object(value: Any) -> dict[str, Any]:
    told = {
        field.name: as_json(getattr(value, field.name))
        for field in fields(value)
        if getattr(value, field.name) != _default(field)
    }
    if type(value) in get_args(News):
        return {"news": type(value).__name__, **told}
    if type(value) in get_args(Content):
        return {"kind": type(value).__name__, **told}
    return told


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def news_of(written: Mapping[str, Any]) -> Any:
    """The news that is written down; `ValueError` names a field that does not exist."""
    told = dict(written)
    return _made(_one_of(get_args(News), told.pop("news")), told, folder=Path())


def delivery_of(written: Mapping[str, Any], *, folder: Path) -> Delivery:
    """The delivery that is written down; its files lie in `folder`."""
    delivery: Delivery = _made(Delivery, written, folder=folder)
    return delivery


def error_of(written: Mapping[str, Any]) -> UpstreamError:
    """The failure that is written down."""
    error: UpstreamError = getattr(contract, written["class"])(code=written.get("code"))
    return error


def _one_of(kinds: tuple[type, ...], name: str) -> type:
    for kind in kinds:
        if kind.__name__ == name:
            return kind
    known = ", ".join(kind.__name__ for kind in kinds)
    raise ValueError(f"{name!r} is none of {known}")


def _made(kind: Any, value: Any, *, folder: Path) -> Any:
    """`value` as a `kind`: a class, an optional one, a union, a tuple or a mapping of them."""
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        kinds = tuple(each for each in get_args(kind) if each is not types.NoneType)
        if len(kinds) == 1:
            return _made(kinds[0], value, folder=folder)
        told = dict(value)
        return _made(_one_of(kinds, told.pop("kind")), told, folder=folder)
    if origin is tuple:
        return tuple(_made(get_args(kind)[0], each, folder=folder) for each in value)
    if origin is not None:
        return dict(value)
    return _made_plain(kind, value, folder=folder)


def _made_plain(kind: type, value: Any, *, folder: Path) -> Any:
    if is_dataclass(kind):
        return _dataclass(kind, value, folder=folder)
    if issubclass(kind, UpstreamError):
        return error_of(value)
    if issubclass(kind, datetime):
        return datetime.fromisoformat(value)
    if issubclass(kind, date):
        return date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    return folder / value if issubclass(kind, Path) else value


def _dataclass(kind: type, told: Mapping[str, Any], *, folder: Path) -> Any:
    kinds = get_type_hints(kind)
    if unknown := told.keys() - kinds.keys():
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _made(kinds[name], value, folder=folder) for name, value in told.items()})
