"""What the deploy files name exists: commands in the program, variables in the settings."""

import json
import re
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic_settings import BaseSettings

from hub.cli import app

ROOT = Path(__file__).parents[2]
CONNECTORS = sorted(file.parent.name for file in ROOT.glob("connectors/*/settings.py"))
OWNERS = "|".join(["HUB", *(name.upper() for name in CONNECTORS)])
DEPLOY_FILES = [
    ".env.example",
    "Makefile",
    "deploy/Dockerfile",
    "deploy/backup.md",
    "deploy/simpul-aduan.service",
    "docker-compose.yml",
]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def commands() -> set[str]:
    return set(typer.main.get_group(app).commands)


def variables() -> set[str]:
    modules = ["hub.settings", *(f"connectors.{name}.settings" for name in CONNECTORS)]
    return {name for module in modules for name in names_of(import_module(module).Settings)}


def names_of(settings: type[BaseSettings]) -> Iterator[str]:
    prefix = settings.model_config["env_prefix"]
    return (f"{prefix}{field}".upper() for field in settings.model_fields)


def instructions(word: str) -> list[str]:
    joined = read("deploy/Dockerfile").replace("\\\n", " ")
    return re.findall(rf"^\s*{word}\s+(.+)$", joined, flags=re.MULTILINE)


def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(read("docker-compose.yml"))
    return parsed


def hub_services() -> dict[str, dict[str, Any]]:
    services = compose()["services"]
    return {name: body for name, body in services.items() if body["image"] == "simpul-aduan"}


def unit() -> ConfigParser:
    # Without `strict` a repeated key is allowed, as systemd allows it.
    parsed = ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(read("deploy/simpul-aduan.service"))
    return parsed


@pytest.mark.parametrize("name", DEPLOY_FILES)
def test_every_command_a_deploy_file_names_exists(name: str) -> None:
    named = set(re.findall(r"(?:`|-m |/)hub ([a-z]+)", read(name)))
    assert named <= commands()


@pytest.mark.parametrize("name", DEPLOY_FILES)
def test_every_variable_a_deploy_file_names_is_a_setting(name: str) -> None:
    named = set(re.findall(rf"\b(?:{OWNERS})_[A-Z0-9_]*[A-Z0-9]", read(name)))
    assert named <= variables()


def test_the_example_names_every_setting() -> None:
    listed = set(re.findall(r"^#?([A-Z0-9_]+)=", read(".env.example"), flags=re.MULTILINE))
    assert variables() <= listed


def test_the_example_holds_no_secret() -> None:
    filled = re.findall(r"^(\w+)=(.+)$", read(".env.example"), flags=re.MULTILINE)
    assert filled == []


def test_compose_runs_commands_of_the_hub() -> None:
    run = {body["command"][0] for body in hub_services().values()}
    assert run == {"serve", "work"}
    assert run <= commands()


def test_compose_does_not_start_without_a_secret_key() -> None:
    for body in hub_services().values():
        assert body["environment"]["HUB_SECRET_KEY"].startswith("${HUB_SECRET_KEY:?")


def test_compose_waits_for_services_that_can_say_they_are_healthy() -> None:
    services = compose()["services"]
    awaited = {name for body in services.values() for name in body.get("depends_on", ())}
    # The image of the hub brings its own question.
    silent = {name for name in awaited if "healthcheck" not in services[name]}
    assert silent == {"web"}


def test_the_image_starts_a_command_of_the_hub() -> None:
    (entrypoint,) = instructions("ENTRYPOINT")
    assert json.loads(entrypoint) == ["python", "-m", "hub"]
    command = json.loads(instructions("CMD")[-1])
    assert command[0] in commands()


def test_the_image_runs_without_rights() -> None:
    (account,) = instructions("USER")
    assert account not in {"root", "0"}


def test_the_image_installs_only_what_was_locked() -> None:
    installs = [line for line in instructions("RUN") if "pip install" in line]
    assert installs
    for line in installs:
        assert "--require-hashes -r requirements.lock" in line


def test_the_image_asks_whether_the_hub_lives() -> None:
    (question,) = instructions("HEALTHCHECK")
    assert "/healthz" in question


def test_the_image_copies_only_what_reaches_the_builder() -> None:
    let_in = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    copied = {part for line in instructions("COPY") for part in line.split()[:-1]}
    assert copied == let_in
    assert all((ROOT / part).exists() for part in copied)


def test_the_service_runs_a_command_of_the_hub() -> None:
    (command,) = re.findall(r"-m hub ([a-z]+)$", unit()["Service"]["ExecStart"])
    assert command in commands()


def test_the_service_leaves_time_to_finish_what_is_leased() -> None:
    assert unit()["Service"]["KillSignal"] == "SIGTERM"
    assert int(unit()["Service"]["TimeoutStopSec"]) >= 30


def test_the_service_may_write_in_one_place_only() -> None:
    service = unit()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"


def locked(name: str) -> dict[str, str]:
    lines = read(name).replace("\\\n", " ").splitlines()
    return {line.split("==")[0]: line for line in lines}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_version_and_hashes_and_no_address(name: str) -> None:
    for line in locked(name).values():
        assert re.fullmatch(
            r"[a-z0-9.-]+==[^ ]+( ; [^\\]+?)?( +--hash=sha256:[0-9a-f]{64})+", line
        )


def test_development_runs_on_what_production_runs_on() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_ci_asks_every_gate_of_the_makefile() -> None:
    (gates,) = re.findall(r"^gates: (.+?) ##", read("Makefile"), flags=re.MULTILINE)
    assert re.findall(r'^ *step ".*" (\w+)', read(".ci/run"), flags=re.MULTILINE) == gates.split()
