"""Reads the profile from the mapping; what is missing is a sentence that says what to write."""

from collections.abc import Mapping
from typing import Any

from connectors.laporgub.profile import (
    Columns,
    Listing,
    PageMarkup,
    Paging,
    Profile,
    Search,
    Table,
    Write,
)

WHERE = "mappings/laporgub.toml"
_NO_TABLE: Mapping[str, Any] = {}


def profile_of(tables: Mapping[str, Any]) -> Profile:
    """The profile of a mapping. Raises `ValueError` with a sentence that names table and key."""
    api = tables.get("api", _NO_TABLE)
    one, item = _table(api, "one"), _table(api, "item")
    return Profile(
        create=_write(api, "create"),
        update=_write(api, "update"),
        comment=_write(api, "comment"),
        list=_listing(_table(api, "list")),
        one_path=_need(one, "path", "[api.one]"),
        one_item=str(one.get("item", "")),
        search=_search(api["search"]) if "search" in api else None,
        regions=_regions(api["regions"]) if "regions" in api else None,
        item={word: str(path) for word, path in item.items()},
        answer={word: str(path) for word, path in _table(api, "answer").items()},
        columns=_columns(tables.get("file", _NO_TABLE)),
        page=_page(tables.get("page", _NO_TABLE)),
    )


def _write(api: Mapping[str, Any], name: str) -> Write:
    table, where = _table(api, name), f"[api.{name}]"
    fields = {word: str(field) for word, field in _table(table, "fields", where).items()}
    if "text" not in fields:
        raise ValueError(f'{WHERE}: [api.{name}.fields] belum punya text; tulis text = "..."')
    return Write(
        method=str(table.get("method", "POST")),
        path=_need(table, "path", where),
        fields=fields,
        ticket=str(table.get("ticket", "")),
        id=str(table.get("id", "")),
        kinds=table.get("jenis", {"public": 1, "secret": 0}),
    )


def _listing(table: Mapping[str, Any]) -> Listing:
    where = "[api.list]"
    try:
        paging = Paging(table.get("paging", ""))
    except ValueError:
        known = ", ".join(Paging)
        raise ValueError(
            f"{WHERE}: {where} paging = {table.get('paging')!r}; tulis salah satu dari {known}"
        ) from None
    return Listing(
        path=_need(table, "path", where),
        paging=paging,
        cursor=_need(table, "cursor", where),
        size=str(table.get("size", "")),
        items=str(table.get("items", "")),
        next=str(table.get("next", "")),
    )


def _search(table: Mapping[str, Any]) -> Search:
    where = "[api.search]"
    return Search(
        path=_need(table, "path", where),
        marker=_need(table, "marker", where),
        items=str(table.get("items", "")),
    )


def _regions(table: Mapping[str, Any]) -> Table:
    where = "[api.regions]"
    return Table(
        path=_need(table, "path", where),
        items=str(table.get("items", "")),
        id=_need(table, "id", where),
        name=_need(table, "name", where),
    )


def _columns(table: Mapping[str, Any]) -> Columns:
    pair = dict(_table(table, "pairs", "[file]"))
    known_by = _words(pair.pop("known_by", ()), "[file.pairs] known_by")
    refused = _words(pair.pop("refused", ()), "[file.pairs] refused")
    report = _table(table, "columns", "[file]")
    return Columns(
        report={word: _words(names, f"[file.columns] {word}") for word, names in report.items()},
        pair={word: _words(names, f"[file.pairs] {word}") for word, names in pair.items()},
        known_by=known_by,
        refused=refused,
    )


def _page(table: Mapping[str, Any]) -> PageMarkup:
    classes = {word: _need(table, word, "[page]") for word in ("entry", "title", "at")}
    return PageMarkup(
        **classes,
        author=str(table.get("author", "")),
        text=_need(table, "text", "[page]"),
        officers=_words(table.get("officers", ()), "[page] officers"),
        captcha=_words(table.get("captcha", ()), "[page] captcha"),
    )


def _table(table: Mapping[str, Any], name: str, where: str = "[api]") -> Mapping[str, Any]:
    inner = table.get(name)
    if not isinstance(inner, Mapping):
        inside = f"[{where.strip('[]')}.{name}]"
        raise ValueError(f"{WHERE}: tabel {inside} tidak ada; salin dari repositori")  # noqa: TRY004 - shown
    return inner


def _need(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f'{WHERE}: {where} belum punya {key}; tulis {key} = "..."')
    return value


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{WHERE}: {where} = {value!r}; tulis daftar [...] kata")
    return tuple(word.lower() for word in value)
