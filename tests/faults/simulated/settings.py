"""The hub of a simulated city: its settings, its connectors as they find the imitations."""

import functools
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from connectors import call112, laporgub, sp4n, whatsapp
from hub import registry
from hub.contract import Mapping as Dictionary
from hub.registry import Built, Registry
from hub.settings import Settings
from hub.store.database import Database

MAPPINGS = Path(__file__).parents[3] / "mappings"
KEY = "kunci-rini"
SECRET = "0123456789abcdef0123456789abcdef"
CONNECTORS: Mapping[str, Any] = {
    "whatsapp": whatsapp, "sp4n": sp4n, "laporgub": laporgub, "call112": call112,
}  # fmt: skip
_OURS = tuple(f"{name.upper()}_" for name in CONNECTORS)
# A city's own settings, where a demo would be impatient.
CALM: Mapping[str, Mapping[str, Any]] = {
    "whatsapp": {"receipt_seconds": 90},
    "sp4n": {"inspect_seconds": 300, "poll_seconds": 300, "per_second": 5},
    "laporgub": {
        "mode": "api", "read_page": False, "poll_seconds": 180, "inspect_seconds": 300, "per_second": 5,
    },
    # Dates of real files are the machine's; the centre's web server knows the day's.
    "call112": {"file_url": "http://sandbox/upstream/call112/log.csv", "folder": "", "poll_seconds": 180},
}  # fmt: skip
# How often a channel is polled where nothing happens any more.
POLL_AT_REST = 900

Environment = Mapping[str, Mapping[str, str]]


def settings_of(folder: Path, *, matching: bool) -> Settings:
    """HUB_* of the day."""
    return Settings(
        database_url=f"sqlite+aiosqlite:///{folder / 'hub.db'}",
        secret_key=SECRET,
        api_keys=f"rini:{KEY}",
        files_dir=folder / "files",
        mappings_dir=MAPPINGS,
        matching=matching,
        poll_error_seconds=300,
    )


def registry_of(
    environment: Environment, *, lists: bool, matching: bool, transport: httpx.AsyncBaseTransport
) -> Registry:
    """What a process of the hub finds when it starts. `lists`: SP4N lets us list reports there."""
    upstreams = {}
    for name, module in CONNECTORS.items():
        prefix = f"{name.upper()}_"
        given = {
            key.removeprefix(prefix).lower(): value for key, value in environment[name].items()
        }
        inbound = {"inbound_path": "/inbound"} if name == "sp4n" and lists else {}
        settings = module.Settings(**{**given, **inbound, **CALM[name]})
        words = _words_of(name)
        upstreams[name] = Built(module.build(settings, words, transport=transport), words)
    return replace(_found(matching=matching), upstreams=upstreams, off={})


def slow_polls(known: Registry, *, rests: bool) -> None:
    """Poll seldom, or as often as before."""
    for name, each in known.upstreams.items():
        if often := CALM[name].get("poll_seconds"):
            connector: Any = each.connector
            connector._settings.__dict__["poll_seconds"] = POLL_AT_REST if rests else often


@functools.cache
def _found(*, matching: bool) -> Registry:
    """What mappings/ says, read once."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(_OURS)}
    zone = ZoneInfo("Asia/Jakarta") if matching else None
    try:
        return registry.load(MAPPINGS, city_code="33.75", zone=zone)
    finally:
        os.environ.update(kept)


@functools.cache
def _words_of(name: str) -> Dictionary:
    """A connector's mapping, read once."""
    problems: list[str] = []
    words = registry._mapping(MAPPINGS, name, problems)
    assert words is not None, problems
    return words


@functools.cache
def _compiled() -> dict[str, Any]:
    return {}


def share_compiled(database: Database) -> None:
    """A new process compiles its statements anew, which takes most of its first second."""
    engine: Any = database.engine.sync_engine
    # More readers than the pool has room for would have to wait in the middle of a statement.
    engine.pool._max_overflow = 1000
    engine.dialect = _compiled().setdefault("dialect", engine.dialect)
    engine._compiled_cache = _compiled().setdefault("cache", engine._compiled_cache)
