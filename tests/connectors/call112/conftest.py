"""The connector with its words, a log of a few lines to read, and its imitation."""

import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.call112.sandbox.imitation import Call112Imitation
from connectors.call112.settings import Settings
from hub.contract import Counted, ImportFile, Mapping, Raw, UnreadableError
from hub.sandbox import Stage

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def mapping() -> Mapping:
    """The words of the repository, with all profiles."""
    mappings = ROOT / "mappings"
    tables = tomllib.loads((mappings / "call112.toml").read_text())
    profiles = {
        path.stem: tomllib.loads(path.read_text())
        for path in (mappings / "call112").glob("*.toml")
    }
    return Mapping.from_tables("call112", tables | {"profiles": profiles})


@pytest.fixture
def new_settings() -> Callable[..., Settings]:
    return lambda **given: Settings(**({"folder": "kotak"} | given))


@pytest.fixture
def stage() -> Stage:
    return Stage(base_url="http://sandbox")


@pytest.fixture
async def imitation(stage: Stage) -> AsyncIterator[Call112Imitation]:
    imitation = Call112Imitation(stage)
    yield imitation
    await imitation.aclose()


class Log:
    """A format of our own: a row is a line; "rusak" ends it, "aneh" is odd, an empty file is none."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open_export(self, path: Path) -> ImportFile:
        self.opened.append(path.name)
        lines = path.read_text().splitlines()
        if not lines:
            raise UnreadableError(f"{path.name}: kosong.")
        odd = ("baris aneh",) if "aneh" in lines else ()
        return ImportFile(
            len(lines), self._raws(path.name, lines), remarks=("Profil log dikenali: ...", *odd)
        )

    def _raws(self, name: str, lines: list[str]) -> Iterator[Raw | Counted]:
        for number, line in enumerate(lines, start=1):
            if line == "rusak":
                raise UnreadableError(f"{name}, baris {number}: berkas terputus.")
            yield Raw(key=line, body=line.encode())


@pytest.fixture
def log() -> Log:
    return Log()


def keys(raws: Any) -> list[str]:
    """Which rows these are."""
    return [raw.key for raw in raws]
