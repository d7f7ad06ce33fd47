"""The rules of the house that no linter knows, each seen to bite on an example."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DRAWERS = {"utils", "helpers", "common", "manager", "base"}
MODULES = ("settings", "payloads", "client", "translate*", "source", "sandbox")

CODE = (".py", ".toml", ".html", ".css", ".js", ".yml", ".mako", ".sh", "")

# Each pattern is written so that it does not find itself.
MOCKS = re.compile(r"unittest[.]mock|from unittest import (?:\w+, )*mock|\b(?:Magic|Async)Mock\b")
NOT_DONE = re.compile(r"\b(?:T[O]DO|FI[X]ME|X[X]X|HA[C]K)\b")
# A folder of somebody's machine, or where packages and images are fetched from.
MACHINE = re.compile(r"(?<![\w.}/])/(?:work|tmp|root|home|Users)/\w")
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted\.org|np[m]js\.|un[p]kg\.com|jsde[l]ivr|gh[c]r\.io|-[-]index-url"
)

# How numbers are written in this country: mobile, and the city's landlines.
INDONESIAN = re.compile(r"(?<![\w./-])(?:\+?62|0)[ -]?(?:8\d{2}|285)(?:[ -]?\d){6,10}(?!\w)")
# What stands under these names in a message is somebody's number, whatever it looks like.
NAMED = re.compile(
    r'"(?:from|to|wa_id|recipient_id|input|phone|phone_number|display_phone_number)": ?'
    r'"(\+?\d[\d ()-]{6,})"'
)
INVENTED = (
    re.compile(r"(?:62|0)8\d\d000\d{4,5}"),  # ours: a subscriber number that begins with 000
    re.compile(r"(?:62|0)285000\d+"),
    re.compile(r"972(?:987654321|123456789|912345678)"),  # of pywa's tests
    re.compile(r"1(\d)\1\1\1{7}|1(?:6505551234|5550783881)|1122334455667"),  # Meta's examples
)


def tracked() -> list[Path]:
    """What is in the repository, and what is about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Every text, or those with one of these endings."""
    for file in tracked():
        if suffixes and file.suffix not in suffixes:
            continue
        try:
            yield file.relative_to(ROOT), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def found(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{file}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for file, text in texts(*suffixes)
        for match in pattern.finditer(text)
    ]


def is_invented(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return any(shape.fullmatch(digits) for shape in INVENTED)


def somebodys_numbers(text: str) -> list[str]:
    numbers = [match[0] for match in INDONESIAN.finditer(text)] + NAMED.findall(text)
    return [number for number in numbers if not is_invented(number)]


def test_nothing_is_mocked() -> None:
    assert found(MOCKS, ".py") == []


def test_no_module_is_a_drawer() -> None:
    modules = [file.relative_to(ROOT) for file in tracked() if file.suffix == ".py"]
    assert [str(file) for file in modules if DRAWERS & {file.stem, *file.parts}] == []


def test_nothing_is_left_to_be_done() -> None:
    # Prose may say that there is none.
    assert found(NOT_DONE, *CODE) == []


def test_no_file_knows_a_machine() -> None:
    assert found(MACHINE) == []


def test_no_file_names_a_registry() -> None:
    assert found(REGISTRY) == []


def test_no_number_is_anybodys() -> None:
    assert [f"{file}: {n}" for file, text in texts() for n in somebodys_numbers(text)] == []


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(f, id=f.name)
        for f in sorted(ROOT.glob("connectors/*/"))
        if (f / "__init__.py").is_file()
    ],
)
def test_every_connector_has_the_same_names(folder: Path) -> None:
    missing = [
        name
        for name in MODULES
        if not (list(folder.glob(f"{name}.py")) or list(folder.glob(f"{name}/__init__.py")))
    ]
    assert missing == []
    assert (folder / "README.md").is_file()
    assert (ROOT / "mappings" / f"{folder.name}.toml").is_file()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MOCKS, "from unittest " + "import mock"),
        (MOCKS, "import unittest" + ".mock"),
        (NOT_DONE, "# TO" + "DO later"),
        (MACHINE, 'open("' + "/tm" + 'p/x")'),
        (MACHINE, "cd /ho" + "me/budi"),
        (REGISTRY, "https://py" + "pi.org/simple"),
    ],
)
def test_each_scan_finds_what_it_is_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize(
    "number", ["628" + "1234567890", "0812" + "-3456-7890", "+62 285" + " 423223"]
)
def test_a_number_that_may_be_somebodys_is_found(number: str) -> None:
    assert somebodys_numbers(f"Hubungi {number} segera") == [number]
    assert somebodys_numbers(f'{{"wa_id": "{number}"}}')


@pytest.mark.parametrize(
    "number", ["628110001001", "6281100000112", "0811-0000-1234", "0285000123"]
)
def test_an_invented_number_is_nobodys(number: str) -> None:
    assert somebodys_numbers(f"Hubungi {number} segera") == []
