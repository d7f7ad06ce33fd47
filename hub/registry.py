"""Finds the folders under connectors/, loads mappings/, builds what has its settings. Names no connector."""

import importlib
import json
import os
import pkgutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from hub.contract import Connector
from hub.contract import Mapping as Dictionary
from hub.domain.authority import Authorities
from hub.domain.authority_tables import authorities_of
from hub.domain.emergency import EmergencyWords
from hub.domain.matching.tables import TABLES, Matching, matching_of
from hub.domain.routing import Routes
from hub.domain.routing_proof import problems as route_problems
from hub.domain.routing_tables import routes_of
from hub.domain.wards import Wards
from hub.record.promises import can_be_told

PACKAGE = "connectors"
# Where a complaint comes from that an operator types in.
COUNTER = "operator"


@dataclass(frozen=True, slots=True)
class Built:
    """A connector with its mapping, ready to work."""

    connector: Connector
    mapping: Dictionary


@dataclass(frozen=True, slots=True)
class Registry:
    """What was found. `off`: name -> why; `problems`: sentences that say what to mend.

    `wanted`: what a connector of which nothing is set would need, as sentences.
    """

    upstreams: Mapping[str, Built]
    off: Mapping[str, str]
    problems: tuple[str, ...]
    categories: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    routes: Routes = field(default_factory=Routes.everywhere)
    emergency: EmergencyWords = field(default_factory=EmergencyWords.none)
    wards: Wards = field(default_factory=Wards.none)
    matching: Matching | None = None
    authorities: Authorities = field(default_factory=Authorities)

    async def aclose(self) -> None:
        """Close every connector."""
        for upstream in self.upstreams.values():
            await upstream.connector.aclose()


def names(package: str = PACKAGE) -> list[str]:
    """The folders there are."""
    found = importlib.import_module(package)
    return sorted(module.name for module in pkgutil.iter_modules(found.__path__) if module.ispkg)


def load(
    mappings_dir: Path,
    *,
    package: str = PACKAGE,
    city_code: str | None = None,
    zone: tzinfo | None = None,
) -> Registry:
    """Build every connector whose settings are there. Collects all problems instead of the first.

    `city_code` says whose outlines are read from regions/; `zone` is the citizens' clock, and without it
    nothing is matched.
    """
    problems: list[str] = []
    categories = _categories(mappings_dir, problems)
    upstreams: dict[str, Built] = {}
    off: dict[str, str] = {}
    wanted: dict[str, tuple[str, ...]] = {}
    for name in names(package):
        module = importlib.import_module(f"{package}.{name}")
        mapping = _mapping(mappings_dir, name, problems)
        settings, missing = _settings(f"{package}.{name}")
        if settings is None:
            off[name] = _why_off(missing)
            if missing.some_are_set:
                problems += missing.sentences
            else:
                wanted[name] = missing.sentences
            if mapping is not None:
                problems += mapping.problems(
                    categories=categories, pushes=bool(mapping.status_out)
                )
            continue
        if mapping is None:
            off[name] = f"mappings/{name}.toml tidak ada"
            continue
        try:
            connector: Connector = module.build(settings, mapping)
        except ValueError as error:
            # A mapping may lack what only this connector reads; its sentences say where.
            problems += str(error).splitlines()
            problems += mapping.problems(categories=categories, pushes=bool(mapping.status_out))
            off[name] = f"mappings/{name}.toml tidak dapat dipakai"
            continue
        problems += mapping.problems(categories=categories, pushes=can_be_told(connector))
        upstreams[name] = Built(connector, mapping)
    emergency = _emergency(mappings_dir, upstreams, problems)
    routes = _routes(mappings_dir, problems)
    channels = names(package)
    problems += route_problems(
        routes,
        categories=categories,
        channels=(*channels, COUNTER),
        targets_known=[name for name in channels if _may_take(upstreams.get(name))],
        is_emergency=lambda text: emergency.find(text) is not None,
    )
    wards = _wards(mappings_dir, city_code, problems)
    wards = replace(wards, nowhere=_nowhere(mappings_dir))
    matching = (
        None if zone is None else _matching(mappings_dir, wards, zone=zone, problems=problems)
    )
    authorities = _authorities(mappings_dir, channels, problems)
    return Registry(
        upstreams, off, tuple(problems), categories, wanted, routes, emergency, wards, matching,
        authorities,
    )  # fmt: skip


def sandboxes(package: str = PACKAGE) -> Iterator[tuple[str, ModuleType]]:
    """The sandbox modules of the connectors that have one."""
    for name in names(package):
        try:
            yield name, importlib.import_module(f"{package}.{name}.sandbox")
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}.sandbox":
                raise


@dataclass(frozen=True, slots=True)
class Missing:
    """What a connector's settings lack, as sentences; whether anything of them is set at all."""

    sentences: tuple[str, ...]
    names: tuple[str, ...]
    some_are_set: bool


def _settings(module_name: str) -> tuple[BaseSettings | None, Missing]:
    kind: type[BaseSettings] = importlib.import_module(f"{module_name}.settings").Settings
    prefix = str(kind.model_config.get("env_prefix", ""))
    try:
        return kind(), Missing((), (), some_are_set=True)
    except ValidationError as error:
        # What concerns several settings together has no place of its own.
        wrong = [
            (str(e["loc"][0]) if e["loc"] else "*", e["type"], e["msg"]) for e in error.errors()
        ]
        sentences = tuple(
            _sentence(kind, prefix, name=name, how=how, message=message)
            for name, how, message in wrong
        )
        some = any(key.upper().startswith(prefix) and value for key, value in os.environ.items())
        return None, Missing(
            sentences, tuple(f"{prefix}{name.upper()}" for name, _, _ in wrong), some
        )


def _sentence(kind: type[BaseSettings], prefix: str, *, name: str, how: str, message: str) -> str:
    field_info = kind.model_fields.get(name)
    what = (field_info.description if field_info else None) or "lihat README konektornya"
    variable = f"{prefix}{name.upper()}"
    if how == "missing":
        return f"{variable} belum diisi: {what}"
    # The message never holds the value: pydantic puts that in another field.
    return f"{variable} tidak dapat dipakai: {message} ({what})"


def _why_off(missing: Missing) -> str:
    return "pengaturannya belum lengkap: " + ", ".join(missing.names)


def _mapping(folder: Path, name: str, problems: list[str]) -> Dictionary | None:
    path = folder / f"{name}.toml"
    if not path.exists():
        problems.append(f"mappings/{name}.toml tidak ada; salin dari repositori")
        return None
    try:
        return Dictionary.from_tables(name, _toml(path) | _profiles(folder / name))
    except ValueError as error:  # tomllib's errors are ValueErrors too
        problems.append(f"mappings/{name}.toml tidak dapat dipakai: {error}")
        return None


def _profiles(folder: Path) -> dict[str, Any]:
    """mappings/<name>/*.toml, where a connector has more than one layout: tables by file name."""
    profiles = {path.stem: _toml(path) for path in sorted(folder.glob("*.toml"))}
    return {"profiles": profiles} if profiles else {}


def _categories(folder: Path, problems: list[str]) -> Mapping[str, str]:
    path = folder / "categories.toml"
    try:
        categories: Mapping[str, str] = _toml(path)["categories"]
    except (OSError, ValueError, KeyError) as error:
        problems.append(f"mappings/categories.toml tidak dapat dipakai: {error!r}")
        return {}
    return categories


def _may_take(upstream: Built | None) -> bool:
    """Whether complaints may be opened there; of what is off nobody knows."""
    return upstream is None or upstream.connector.traits.takes_complaints


def _routes(folder: Path, problems: list[str]) -> Routes:
    path = folder / "routes.toml"
    if not path.exists():
        return Routes.everywhere()
    try:
        return routes_of(_toml(path))
    except ValueError as error:
        problems.append(f"mappings/routes.toml tidak dapat dipakai: {error}")
        return Routes.everywhere()


def _authorities(folder: Path, channels: Sequence[str], problems: list[str]) -> Authorities:
    path = folder / "authority.toml"
    if not path.exists():
        return Authorities()
    try:
        found = authorities_of(_toml(path))
    except ValueError as error:
        problems.append(f"mappings/authority.toml tidak dapat dipakai: {error}")
        return Authorities()
    problems += [
        f"mappings/authority.toml: [channel.{name}] bukan konektor; yang ada: {', '.join(channels)}"
        for name in found.channels
        if name not in channels
    ]
    return found


def _emergency(
    folder: Path, upstreams: Mapping[str, Built], problems: list[str]
) -> EmergencyWords:
    path = folder / "emergency.toml"
    if not path.exists():
        return EmergencyWords.none()
    try:
        words = EmergencyWords.from_tables(_toml(path))
    except ValueError as error:
        problems.append(f"mappings/emergency.toml tidak dapat dipakai: {error}")
        return EmergencyWords.none()
    problems += [
        f"mappings/{name}.toml: [notices.emergency] belum ada; pelapor tidak akan diminta menelepon 112"
        for name, upstream in upstreams.items()
        if upstream.connector.traits.speaks_to_citizens
        and "emergency" not in upstream.mapping.notices
    ]
    return words


def _nowhere(folder: Path) -> frozenset[tuple[float, float]]:
    """The points that mean no place, if the city's gazetteer names some."""
    path = folder / "matching" / "places.toml"
    try:
        pins = _toml(path).get("default_pins", ()) if path.exists() else ()
        return frozenset((float(latitude), float(longitude)) for latitude, longitude in pins)
    except (OSError, ValueError, TypeError):
        # Whoever reads the whole file says what is wrong with it.
        return frozenset()


def _matching(folder: Path, wards: Wards, *, zone: tzinfo, problems: list[str]) -> Matching | None:
    """What mappings/matching/ says; without that folder nothing is matched."""
    if not (folder / "matching").is_dir():
        return None
    try:
        tables = {name: _toml(folder / "matching" / f"{name}.toml") for name in TABLES}
        return matching_of(tables, wards=wards, zone=zone)
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems.append(
            f"mappings/matching tidak dapat dipakai ({error!r}); laporan serupa tidak dicari"
        )
        return None


def _wards(folder: Path, city_code: str | None, problems: list[str]) -> Wards:
    path = folder / "regions" / f"{city_code}.geojson"
    if city_code is None or not path.exists():
        return Wards.none()
    try:
        return Wards.from_geojson(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:  # json's errors are ValueErrors too
        problems.append(f"mappings/regions/{path.name} tidak dapat dipakai: {error}")
        return Wards.none()


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
