"""The connectors under test: folders that are found, never listed."""

import ast
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from hub.contract import Mapping as Dictionary
from hub.sandbox import Imitation, Stage

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One connector: its code, its words and its recordings. `name` is its folder's."""

    name: str
    package: str
    folder: Path
    mapping_file: Path
    recordings: Path

    def __str__(self) -> str:
        return self.name

    def module(self, name: str = "") -> Any:
        """One of its modules, or the package itself."""
        return import_module(f"{self.package}.{name}" if name else self.package)

    @property
    def profiles(self) -> Path:
        """Where its layouts stand, if it has several."""
        return self.mapping_file.with_suffix("")

    def mapping(self) -> Dictionary:
        """Its words."""
        assert self.mapping_file.is_file(), (
            f"{self.name} has no mapping: write mappings/{self.mapping_file.name}"
        )
        tables = _toml(self.mapping_file)
        layouts = {file.stem: _toml(file) for file in self.profiles.glob("*.toml")}
        return Dictionary.from_tables(
            self.name, tables | ({"profiles": layouts} if layouts else {})
        )

    def environment(self) -> dict[str, str]:
        """The settings its recordings were made with."""
        file = self.recordings / "settings.json"
        if not file.is_file():
            return {}
        given: dict[str, str] = json.loads(file.read_text())
        return given

    def settings(self, environment: Mapping[str, str] | None = None) -> BaseSettings:
        """Its settings, from this environment and nothing else."""
        given = self.environment() if environment is None else environment
        with pytest.MonkeyPatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value)
            try:
                settings: BaseSettings = self.module("settings").Settings(_env_file=None)
            except ValidationError as error:
                where = f"tests/connectors/{self.name}/recordings/settings.json"
                raise AssertionError(f"put invented settings into {where}: {error}") from error
        return settings

    def build(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> Any:
        """The connector, with this transport for a network."""
        return self.module().build(self.settings(environment), self.mapping(), transport=transport)

    def imitation(self, stage: Stage) -> Imitation:
        """Its upstream, imitated."""
        built: Imitation = self.module("sandbox").build(stage)
        return built

    def secrets(self) -> frozenset[str]:
        """Every secret value, and its parts where several stand in one setting."""
        values = [value for _, value in self.settings() if isinstance(value, SecretStr)]
        whole = [value.get_secret_value() for value in values]
        parts = [part.strip() for value in whole for part in value.split(",")]
        return frozenset(value for value in whole + parts if value)


def found(root: Path = ROOT) -> Iterator[Subject]:
    """Every folder under connectors/ that holds code."""
    for init in sorted((root / "connectors").glob("*/__init__.py")):
        name = init.parent.name
        yield Subject(
            name=name,
            package=f"connectors.{name}",
            folder=init.parent,
            mapping_file=root / "mappings" / f"{name}.toml",
            recordings=root / "tests" / "connectors" / name / "recordings",
        )


def categories() -> frozenset[str]:
    """The codes of the hub's own categories."""
    tables = _toml(ROOT / "mappings" / "categories.toml")
    return frozenset(tables["categories"])


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text())


def docstring_of(file: Path) -> str:
    """What a module says about itself."""
    return ast.get_docstring(ast.parse(file.read_text())) or ""
