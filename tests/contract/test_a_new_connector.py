"""A connector is one folder, one mapping and recordings: with no other edit it passes the suite and works.

The new one is the small example moved to where connectors stand, in a copy of the tree where
nobody has ever heard of it.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.example import EXAMPLE
from tests.contract.subjects import ROOT

NAME = "papan"
SUITE = Path("tests/contract/test_every_connector.py")
UNTOUCHED = ("hub", "connectors", "mappings", "tests/contract", "tests/fakes")
# In the example's words: its package, the prefix of its settings, its name and its paths.
RENAMED = (
    ("tests.contract.example_connector", f"connectors.{NAME}"),
    ("BOARD_", f"{NAME.upper()}_"),
    ('"board"', f'"{NAME}"'),
    ("/board", f"/{NAME}"),
    ("board:", f"{NAME}:"),
)


@dataclass(frozen=True)
class Tree:
    """A copy of what the suite needs, and what programs say in it."""

    folder: Path

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command there; nothing of this process's surroundings comes along but the PATH."""
        return subprocess.run(
            [str(part) for part in command], cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.folder), "COLUMNS": "200"} | environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def suite(self, *more: str) -> str:
        """The conformance suite, for the new connector alone."""
        pytest_ = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
        done = self.run(*pytest_, "-rA", "-q", "-n0", SUITE, "-k", " and ".join((NAME, *more)))
        return done.stdout + done.stderr

    def check(self) -> subprocess.CompletedProcess[str]:
        """`hub check` with the settings of the imitations, the new one's among them."""
        return self.run(sys.executable, "-m", "hub", "check", "--example")

    def imports(self) -> str:
        """What lint-imports says."""
        done = self.run(Path(sys.executable).with_name("lint-imports"), "--no-cache")
        return done.stdout + done.stderr

    def spoil(self, file: str, old: str, new: str) -> None:
        """Put something else in place of what stands there once."""
        before = (self.folder / file).read_text()
        assert before.count(old) == 1, f"{file} has {old!r} {before.count(old)} times"
        (self.folder / file).write_text(before.replace(old, new))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    for part in UNTOUCHED:
        kept = shutil.ignore_patterns("__pycache__", "*.db")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=kept)
    for file in ("pyproject.toml", "tests/conftest.py", "tests/servers.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    return Tree(tmp_path)


@pytest.fixture
def with_papan(tree: Tree) -> Tree:
    """The tree after the connector was added."""
    _add(tree.folder)
    return tree


def test_all_that_is_added_is_a_folder_a_mapping_and_recordings(tree: Tree) -> None:
    before = _contents(tree.folder)
    _add(tree.folder)
    after = _contents(tree.folder)
    added = {"/".join(path.parts[:3]) for path in after.keys() - before.keys()}
    code = {part for part in added if part.startswith(f"connectors/{NAME}/")}
    assert added - code == {f"mappings/{NAME}.toml", f"tests/connectors/{NAME}"}
    assert code
    assert {path: after[path] for path in before} == before


def test_it_passes_every_test_of_the_suite(with_papan: Tree) -> None:
    said = with_papan.suite()
    passed = re.findall(r"^PASSED \S+::(\w+)\[.*papan", said, re.MULTILINE)
    assert set(passed) == _tests_of_the_suite(), said
    assert re.search(rf"^{len(passed)} passed, \d+ deselected", said, re.MULTILINE), said


def test_the_hub_finds_it_and_has_it_on(with_papan: Tree) -> None:
    done = with_papan.check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"^aktif +{NAME}\b", done.stdout, re.MULTILINE), done.stdout


def test_the_imports_still_point_inwards(with_papan: Tree) -> None:
    said = with_papan.imports()
    assert re.search(r"Contracts: \d+ kept, 0 broken", said), said


def test_one_that_reaches_past_the_door_breaks_the_rule_of_imports(with_papan: Tree) -> None:
    with_papan.spoil(
        f"connectors/{NAME}/export.py", "import csv\n", "import csv\nimport hub.store.outbox\n"
    )
    said = with_papan.imports()
    assert "A connector enters the hub by one door, its imitation by one more BROKEN" in said
    assert f"connectors.{NAME}.export" in said


def test_one_that_pushes_again_by_itself_fails_there(with_papan: Tree) -> None:
    with_papan.spoil(
        f"connectors/{NAME}/source.py",
        "            return Acknowledged(await self._client.pin(words))",
        "            try:\n"
        "                return Acknowledged(await self._client.pin(words))\n"
        "            except Exception:\n"
        "                return Acknowledged(await self._client.pin(words))",
    )
    said = with_papan.suite("one_attempt")
    assert "a push is one attempt, but after call 1 had failed it went on" in said
    assert " failed" in said


def test_one_that_lacks_a_word_fails_there_and_is_named_by_the_check(with_papan: Tree) -> None:
    lacking = '[status_out.archived]\ntext = "Laporan diarsipkan."\n'
    with_papan.spoil(f"mappings/{NAME}.toml", lacking, "")
    sentence = "[status_out] belum punya 'archived'; tambahkan [status_out.archived]"
    assert sentence in with_papan.suite("total_in_both_directions")
    done = with_papan.check()
    assert done.returncode != 0
    assert f"mappings/{NAME}.toml: {sentence}" in " ".join(done.stdout.split())


def _add(folder: Path) -> None:
    """What its author writes: a folder, a mapping, recordings."""
    connector, recordings = folder / "connectors" / NAME, folder / "tests" / "connectors" / NAME
    _move(EXAMPLE.folder, connector)
    (connector / "mapping.toml").rename(folder / "mappings" / f"{NAME}.toml")
    recordings.mkdir(parents=True)
    (connector / "recordings").rename(recordings / "recordings")


def _contents(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def _move(source: Path, target: Path) -> None:
    """The files, in the words of the new place."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for file in [path for path in target.rglob("*") if path.is_file()]:
        text = file.read_text()
        for old, new in RENAMED:
            text = text.replace(old, new)
        file.write_text(text)


def _tests_of_the_suite() -> set[str]:
    functions = ast.parse((ROOT / SUITE).read_text()).body
    names = {
        each.name for each in functions if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name for name in names if name.startswith("test_")}
