"""What README and the other documents name exists: commands, targets, settings, routes, files."""

import json
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings
from starlette.routing import Route

from hub.bootstrap import open_hub
from hub.cli import app
from hub.settings import Settings
from hub.web.models_desk import Move, NewComplaint

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "deploy/backup.md",
    "deploy/runbook.md",
    "docs/connector.md",
    "docs/doubt.md",
    "docs/matching.md",
    "docs/recovery.md",
    "docs/settings.md",
    "docs/status.md",
]
CONNECTORS = sorted(file.parent.name for file in ROOT.glob("connectors/*/settings.py"))
OWNERS = "|".join(["HUB", *(name.upper() for name in CONNECTORS)])
FOR_TESTS = {"HUB_TEST_DATABASE_URL", "HUB_TEST_REDIS_URL"}
FOLDERS = "hub|connectors|mappings|deploy|docs|tests"
# A default that a table puts into words instead of its value.
IN_WORDS = {"HUB_MAPPINGS_DIR", "SP4N_FILE_TYPES", "SP4N_ADMIN_USER_ID"}

each_document = pytest.mark.parametrize("document", DOCUMENTS)


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code_of(document: str) -> Iterator[str]:
    """Line by line what stands in a block for a shell, then what stands in backticks."""
    text = text_of(document)
    for block in re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        yield from (line.partition(" #")[0] for line in block.splitlines())
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", without_blocks)


def rows_of(document: str) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = text_of(document).splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:1] == "|"]


def commands() -> dict[str, set[str]]:
    """The commands with their options."""
    listed = typer.main.get_group(app).commands
    return {
        name: {option for parameter in command.params for option in parameter.opts} | {"--help"}
        for name, command in listed.items()
    }


def calls_of(document: str) -> list[tuple[str, str]]:
    """Every `hub ...` with what follows it; a path, a table or a Docker image is none."""
    call = re.compile(r"(?:^|bin/|-m )hub ([a-z][a-z-]*)(.*)")
    found = (call.search(code) for code in code_of(document))
    return [(each[1], each[2]) for each in found if each]


def variables() -> dict[str, Any]:
    """Every setting with its default."""
    modules = ["hub.settings", *(f"connectors.{name}.settings" for name in CONNECTORS)]
    kinds: list[type[BaseSettings]] = [import_module(module).Settings for module in modules]
    return {
        f"{kind.model_config['env_prefix']}{name}".upper(): field.default
        for kind in kinds
        for name, field in kind.model_fields.items()
    }


def routes_of_readme() -> set[tuple[str, str]]:
    return set(re.findall(r"`(GET|POST) (/[^`\s]*)`", text_of("README.md")))


def data_of_readme() -> list[dict[str, Any]]:
    """The bodies of its curl examples."""
    bodies = re.findall(r"-d '(\{.*?\})'", text_of("README.md"))
    return [json.loads(body) for body in bodies]


@each_document
def test_every_link_leads_to_a_file(document: str) -> None:
    text = text_of(document)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    here = [target.partition("#")[0] for target in targets if "://" not in target]
    missing = [target for target in here if not (ROOT / document).parent.joinpath(target).exists()]
    assert not missing


@each_document
def test_every_file_it_names_is_there(document: str) -> None:
    named = re.compile(rf"(?:^|[\s'\"])((?:{FOLDERS})/[\w./-]+|\.ci/run|\.env\.example)")
    found = [name for code in code_of(document) for name in named.findall(code)]
    assert not [name for name in found if not (ROOT / name).exists()]


@each_document
def test_every_command_it_names_exists_with_its_options(document: str) -> None:
    known = commands()
    wrong = [
        f"hub {name}{rest}"
        for name, rest in calls_of(document)
        if name not in known or set(re.findall(r"--[a-z-]+", rest)) - known[name]
    ]
    assert not wrong


def test_the_readme_has_every_command_and_only_options_there_are() -> None:
    known = commands()
    told: dict[str, set[str]] = {}
    for row in rows_of("README.md"):
        for name in re.findall(r"`hub ([a-z]+)", row[0]):
            told.setdefault(name, set()).update(re.findall(r"--[a-z-]+", " ".join(row)))
    assert told.keys() >= known.keys()
    assert not {name for name, options in told.items() if options - known[name]}


@each_document
def test_every_make_target_it_names_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), flags=re.MULTILINE))
    named = [
        match for code in code_of(document) for match in re.findall(r"^make ([a-z][a-z-]*)", code)
    ]
    assert set(named) <= targets


@each_document
def test_every_setting_it_names_exists(document: str) -> None:
    named = set(re.findall(rf"\b(?:{OWNERS})_[A-Z0-9_]+\b", text_of(document)))
    assert named <= variables().keys() | FOR_TESTS


def test_all_settings_are_listed_once_with_their_defaults() -> None:
    listed = {row[0].strip("`"): row[1] for row in rows_of("docs/settings.md") if "`" in row[0]}
    assert listed.keys() == variables().keys()
    wrong = {
        name: (listed[name], default)
        for name, default in variables().items()
        if name not in IN_WORDS and not _is_told(listed[name], default)
    }
    assert not wrong


def _is_told(told: str, default: object) -> bool:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default is PydanticUndefined:
        return told == "required"
    if default is None or default == "":
        return told.startswith(("none", "empty", "not sent"))
    return told == f"`{_written(default)}`"


def _written(default: object) -> object:
    """A default as people write it in a file of settings."""
    match default:
        case bool():
            return str(default).lower()
        case float():
            return f"{default:g}"
        case Enum():
            return default.value
        case _:
            return default


def test_the_readme_tells_the_defaults_there_are() -> None:
    known = variables()
    for row in rows_of("README.md"):
        names = re.findall(rf"`((?:{OWNERS})_[A-Z0-9_]+)`", row[0])
        defaults = re.findall(r"`([^`]+)`", row[1])
        if len(row) == 3 and len(names) == len(defaults):
            told = dict(zip(names, defaults, strict=True))
            wrong = {name for name in told if told[name] != str(_written(known[name]))}
            assert not wrong - IN_WORDS


def test_the_readme_names_what_a_channel_requires() -> None:
    required = {
        name
        for name, default in variables().items()
        if default is PydanticUndefined and not name.startswith("HUB_")
    }
    text = text_of("README.md")
    assert not {name for name in required if f"`{name}`" not in text}


async def test_the_readme_has_the_routes_that_are_served(tmp_path: Path) -> None:
    settings = Settings(
        secret_key=SecretStr("x" * 32), database_url=f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
    )
    async with open_hub(settings) as hub:
        api = {
            (method.upper(), path)
            for path, methods in hub.web.openapi()["paths"].items()
            for method in methods
        }
        plain = {
            (method, route.path)
            for route in hub.web.routes
            if isinstance(route, Route)
            for method in route.methods or ()
        }
    told = routes_of_readme()
    assert api <= told
    assert told <= api | plain


def test_the_bodies_of_the_examples_are_accepted() -> None:
    opening, move = data_of_readme()
    assert NewComplaint.model_validate(opening).text
    assert Move.model_validate(move).status
