"""Reads the rules of routing out of a file's tables; what is wrong becomes a sentence that says where."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.domain.routing import Authority, Route, Routes, Sample

LISTS = ("channel", "category", "authority", "place")
LONGEST_NAME = 100  # as wide as the column that keeps it


def routes_of(tables: Mapping[str, Any]) -> Routes:
    """The rules of a file. Raises `ValueError`."""
    return Routes(
        tuple(_route(row) for row in _rows(tables, "route")),
        tuple(_authority(row) for row in _rows(tables, "authority")),
        tuple(_sample(row) for row in _rows(tables, "sample")),
    )


def _rows(tables: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = tables.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(f"[[{name}]] harus berupa tabel")
    return rows


def _route(row: Mapping[str, Any]) -> Route:
    where = f"[[route]] {row.get('name', '?')!r}"
    when = row.get("when", {})
    if not isinstance(when, Mapping):
        # A wrong value like any other, told as a sentence.
        raise ValueError(f"{where}: when harus berupa tabel")  # noqa: TRY004
    if unknown := sorted(set(when) - {*LISTS, "emergency"}):
        raise ValueError(f"{where}: when tidak mengenal {unknown[0]!r}")
    if not isinstance(when.get("emergency", True), bool):
        raise ValueError(f"{where}: emergency harus true atau false")  # noqa: TRY004
    if empty := sorted(key for key in LISTS if when.get(key) == []):
        raise ValueError(f"{where}: {empty[0]} kosong; hapus, atau isi katanya")
    name = _text(row, "name", where)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"{where}: nama rute paling panjang {LONGEST_NAME} huruf")
    return Route(
        name=name,
        why=_text(row, "why", where),
        to=tuple(_texts(row, "to", where)),
        emergency=when.get("emergency"),
        **{key: frozenset(_texts(when, key, where)) for key in LISTS if key in when},
    )


def _authority(row: Mapping[str, Any]) -> Authority:
    where = f"[[authority]] {row.get('name', '?')!r}"
    words, roads = (
        tuple(_texts(row, key, where)) if key in row else () for key in ("words", "roads")
    )
    return Authority(_text(row, "name", where), words, roads)


def _sample(row: Mapping[str, Any]) -> Sample:
    where = f"[[sample]] {row.get('text', '?')!r}"
    return Sample(
        text=_text(row, "text", where),
        expect=_text(row, "expect", where),
        channel=_text(row, "channel", where),
        category=row.get("category"),
    )


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} belum punya {key}")
    return value


def _texts(row: Mapping[str, Any], key: str, where: str) -> list[str]:
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError(f"{where}: {key} harus berupa daftar kata dalam tanda kutip")
    return value
