"""Every import rule has teeth: one offending import breaks exactly its contract."""

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = "Inside the hub, imports point inwards"
DESK = "Pages and API read the desk and nothing else of what runs"
DOMAIN = "The domain knows the standard library only"
USE_CASES = "Use cases know no framework"
DOOR = "A connector enters the hub by one door, its imitation by one more"
NAMELESS = "The hub does not know its connectors"
APART = "Connectors do not know each other"
SQL = "Only the store speaks SQL"
REDIS = "Only the worker speaks arq and Redis"

# The module that offends, what it imports, and the rule that forbids it.
OFFENCES = [
    ("hub/contract/news.py", "hub.ports", LAYERS),
    ("hub/intake/read.py", "hub.store.inbox", LAYERS),
    ("hub/worker.py", "hub.bootstrap", LAYERS),
    ("hub/web/pages.py", "hub.store.outbox", DESK),
    ("hub/domain/place.py", "httpx", DOMAIN),
    ("hub/domain/place.py", "pydantic", DOMAIN),
    ("hub/intake/read.py", "starlette", USE_CASES),
    ("hub/delivery/relay.py", "jinja2", USE_CASES),
    ("connectors/sp4n/client.py", "hub.settings", DOOR),
    ("connectors/sp4n/client.py", "hub.domain.status", DOOR),
    ("connectors/sp4n/client.py", "hub.sandbox", DOOR),
    ("connectors/sp4n/sandbox/desk.py", "hub.ports", DOOR),
    ("hub/registry.py", "connectors.sp4n", NAMELESS),
    ("connectors/sp4n/client.py", "connectors.whatsapp.client", APART),
    ("hub/bootstrap.py", "sqlalchemy", SQL),
    ("connectors/sp4n/client.py", "sqlite3", SQL),
    ("hub/bootstrap.py", "arq", REDIS),
    ("hub/clockwork.py", "redis", REDIS),
]


@dataclass(frozen=True)
class Copy:
    """The code, where it may be spoiled."""

    folder: Path

    def lint(self) -> str:
        """What lint-imports says of it."""
        done = subprocess.run(
            [Path(sys.executable).with_name("lint-imports")],
            cwd=self.folder, env={"PYTHONPATH": str(self.folder), "COLUMNS": "200"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Analyzed" in done.stdout, done.stderr
        return done.stdout

    def broken(self) -> set[str]:
        """The contracts that do not hold."""
        return set(re.findall(r"^(.+?) BROKEN", self.lint(), re.MULTILINE))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("copy")
    for package in ("hub", "connectors"):
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__", "recordings"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return Copy(folder)


def test_the_code_as_it_is_breaks_no_rule(copy: Copy) -> None:
    assert copy.broken() == set()


@pytest.mark.parametrize(
    ("file", "imported", "rule"), OFFENCES, ids=[f"{file}:{name}" for file, name, _ in OFFENCES]
)
def test_an_offending_import_breaks_its_rule_and_no_other(
    copy: Copy, file: str, imported: str, rule: str
) -> None:
    module = copy.folder / file
    innocent = module.read_text(encoding="utf-8")
    module.write_text(f"{innocent}\nimport {imported}\n", encoding="utf-8")
    try:
        assert copy.broken() == {rule}
    finally:
        module.write_text(innocent, encoding="utf-8")


def test_a_module_that_nobody_placed_breaks_the_layers(copy: Copy) -> None:
    newcomer = copy.folder / "hub/newcomer.py"
    newcomer.write_text('"""Where does it belong?"""\n', encoding="utf-8")
    try:
        assert "newcomer" in copy.lint()
        assert copy.broken() == {LAYERS}
    finally:
        newcomer.unlink()


def test_a_new_connector_is_covered_without_touching_a_list(copy: Copy) -> None:
    newcomer = copy.folder / "connectors/newcomer"
    newcomer.mkdir()
    (newcomer / "__init__.py").write_text("import hub.settings\n", encoding="utf-8")
    (newcomer / "client.py").write_text("import connectors.sp4n.client\n", encoding="utf-8")
    try:
        assert copy.broken() == {DOOR, APART}
    finally:
        shutil.rmtree(newcomer)


def test_every_rule_has_an_offence_here() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rules = {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}
    assert rules == {rule for _, _, rule in OFFENCES}
