"""Connectors are found by their folders; what is wrong with them becomes sentences."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest

from hub.domain.wards import Wards
from hub.registry import load, names, sandboxes

ROOT = Path(__file__).parents[2]
INIT = '''
"""An invented channel."""
from types import SimpleNamespace

from hub.contract import Traits


def build(settings, mapping):
    if settings.greeting == "wrong":
        raise ValueError("mappings/x.toml: [status_out.closed] needs text\\nand more")
    traits = Traits(title="X")
    return SimpleNamespace(name="x", settings=settings, mapping=mapping, traits=traits)
'''
SETTINGS = """
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="{prefix}_", env_ignore_empty=True)

    token: SecretStr = Field(description="the key they gave us")
    number: int = Field(description="our number there")
    greeting: str = Field("halo", description="how we greet")
"""
MAPPING = '[status_in]\n"baru" = "received"\n'

AddFolder = Callable[..., None]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty package of connectors."""
    name = f"kanal_{uuid4().hex[:8]}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    folder = tmp_path / "mappings"
    folder.mkdir()
    shutil.copy(ROOT / "mappings" / "categories.toml", folder)
    return folder


@pytest.fixture
def add(tmp_path: Path, package: str, mappings: Path) -> AddFolder:
    """Drop a folder into the package, as somebody who adds a channel does."""

    def drop(name: str, *, mapping: str | None = MAPPING, **files: str) -> None:
        folder = tmp_path / package / name
        folder.mkdir()
        written = {"__init__": INIT, "settings": SETTINGS.format(prefix=name.upper())} | files
        for stem, text in written.items():
            (folder / f"{stem}.py").write_text(dedent(text))
        if mapping is not None:
            (mappings / f"{name}.toml").write_text(mapping)

    return drop


def test_a_folder_that_is_dropped_in_is_found_and_built_without_any_edit(
    add: AddFolder, package: str, mappings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names(package) == []
    add("apung")
    monkeypatch.setenv("APUNG_TOKEN", "rahasia")
    monkeypatch.setenv("APUNG_NUMBER", "7")
    found = load(mappings, package=package)
    assert names(package) == ["apung"]
    assert list(found.upstreams) == ["apung"]
    assert (dict(found.off), found.problems) == ({}, ())
    assert found.upstreams["apung"].mapping.to_status("Baru") == "received"


def test_a_channel_of_which_nothing_is_set_is_off_and_says_what_it_would_need(
    add: AddFolder, package: str, mappings: Path
) -> None:
    add("apung")
    found = load(mappings, package=package)
    assert found.problems == ()
    assert "APUNG_TOKEN, APUNG_NUMBER" in found.off["apung"]
    assert found.wanted["apung"] == (
        "APUNG_TOKEN belum diisi: the key they gave us",
        "APUNG_NUMBER belum diisi: our number there",
    )


def test_a_channel_of_which_something_is_set_lacks_the_rest_by_name(
    add: AddFolder, package: str, mappings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("apung")
    monkeypatch.setenv("APUNG_NUMBER", "tujuh")
    found = load(mappings, package=package)
    assert found.wanted == {}
    missing, wrong = found.problems
    assert missing == "APUNG_TOKEN belum diisi: the key they gave us"
    assert wrong.startswith("APUNG_NUMBER tidak dapat dipakai")
    assert "tujuh" not in wrong


def test_what_concerns_several_settings_together_is_said_too(
    add: AddFolder, package: str, mappings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (
        SETTINGS.format(prefix="APUNG")
        + """
    from pydantic import model_validator as _check

    @_check(mode="after")
    def _fit(self):
        raise ValueError("token and number do not belong together")
"""
    )
    add("apung", settings=both)
    monkeypatch.setenv("APUNG_TOKEN", "rahasia")
    monkeypatch.setenv("APUNG_NUMBER", "7")
    [problem] = load(mappings, package=package).problems
    assert "token and number do not belong together" in problem


def test_a_mapping_with_a_bad_status_word_is_a_sentence_that_names_file_and_word(
    add: AddFolder, package: str, mappings: Path
) -> None:
    add("apung", mapping='[status_in]\n"baru" = "recieved"\n')
    [problem] = load(mappings, package=package).problems
    assert "mappings/apung.toml: [status_in] 'recieved' bukan salah satu dari received" in problem


@pytest.mark.parametrize("text", ["[status_in", "\x00"])
def test_a_mapping_that_is_no_toml_is_a_sentence(
    add: AddFolder, package: str, mappings: Path, text: str
) -> None:
    add("apung", mapping=text)
    [problem] = load(mappings, package=package).problems
    assert problem.startswith("mappings/apung.toml tidak dapat dipakai")


def test_a_missing_mapping_turns_the_channel_off_and_is_a_problem(
    add: AddFolder, package: str, mappings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("apung", mapping=None)
    monkeypatch.setenv("APUNG_TOKEN", "rahasia")
    monkeypatch.setenv("APUNG_NUMBER", "7")
    found = load(mappings, package=package)
    assert found.upstreams == {}
    assert found.off == {"apung": "mappings/apung.toml tidak ada"}
    assert any("mappings/apung.toml tidak ada" in problem for problem in found.problems)


def test_what_only_the_channel_itself_knows_to_be_wrong_comes_as_its_own_sentences(
    add: AddFolder, package: str, mappings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("apung")
    for name, value in {"TOKEN": "rahasia", "NUMBER": "7", "GREETING": "wrong"}.items():
        monkeypatch.setenv(f"APUNG_{name}", value)
    found = load(mappings, package=package)
    assert found.problems == ("mappings/x.toml: [status_out.closed] needs text", "and more")
    assert "apung" in found.off


def test_every_problem_of_every_channel_is_collected(
    add: AddFolder, package: str, mappings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("apung", mapping='[category_in]\n"Lubang" = "lobang"\n')
    add("benang", mapping='[status_in]\n"baru" = "baru"\n')
    monkeypatch.setenv("APUNG_TOKEN", "rahasia")
    (mappings / "categories.toml").unlink()
    problems = load(mappings, package=package).problems
    for part in ("categories.toml", "'lobang'", "APUNG_NUMBER", "'baru'"):
        assert any(part in problem for problem in problems), part


def test_a_channel_without_an_imitation_is_left_out_of_the_sandbox(
    add: AddFolder, package: str
) -> None:
    add("apung")
    add("benang", sandbox="def build(stage):\n    return stage\n")
    assert [name for name, _ in sandboxes(package)] == ["benang"]


def test_an_imitation_that_cannot_be_imported_is_not_passed_over_in_silence(
    add: AddFolder, package: str
) -> None:
    add("apung", sandbox="import tidak_ada_di_mana_pun\n")
    with pytest.raises(ModuleNotFoundError, match="tidak_ada_di_mana_pun"):
        list(sandboxes(package))


def test_the_outlines_of_the_city_come_by_its_code(package: str, mappings: Path) -> None:
    shutil.copytree(ROOT / "mappings" / "regions", mappings / "regions")
    assert len(load(mappings, package=package, city_code="33.75").wards.wards) == 27
    assert load(mappings, package=package).wards == Wards.none()
    assert load(mappings, package=package, city_code="33.74").wards == Wards.none()


@pytest.mark.parametrize("text", ["", "[]", '{"features": [{}]}'])
def test_outlines_that_cannot_be_read_are_a_sentence_and_the_hub_goes_without(
    package: str, mappings: Path, text: str
) -> None:
    (mappings / "regions").mkdir()
    (mappings / "regions" / "33.75.geojson").write_text(text)
    found = load(mappings, package=package, city_code="33.75")
    assert found.wards == Wards.none()
    [problem] = found.problems
    assert problem.startswith("mappings/regions/33.75.geojson tidak dapat dipakai: ")
