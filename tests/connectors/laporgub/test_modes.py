from typing import Any

import pytest
from pydantic import ValidationError

from connectors.laporgub.settings import Settings
from hub.contract import (
    HandsOver,
    Imports,
    Inspects,
    KeepsMasters,
    Mapping,
    Mode,
    Polls,
    Pushes,
    ReadsBack,
)
from tests.connectors.laporgub.conftest import API, Build

ABILITIES = (Pushes, Polls, ReadsBack, KeepsMasters)


def problem(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Settings(**given)
    return str(caught.value)


def test_a_city_must_choose_a_mode_and_nothing_else() -> None:
    assert problem().count("Field required") == 1


@pytest.mark.parametrize("missing", ["base_url", "api_key"])
def test_the_api_needs_an_address_and_a_key(missing: str) -> None:
    told = problem(**{name: value for name, value in API.items() if name != missing})
    assert missing in told
    assert "LAPORGUB_BASE_URL dan LAPORGUB_API_KEY" in problem(**(API | {missing: ""}))


async def test_only_the_api_goes_over_the_network_by_itself(new: Build) -> None:
    api = new(**API)
    assert all(isinstance(api, ability) for ability in (*ABILITIES, Inspects))
    await api.aclose()
    for mode in ("file", "assisted"):
        connector = new(mode=mode)
        assert not any(isinstance(connector, ability) for ability in (*ABILITIES, Inspects))
        assert not hasattr(connector, "push")


async def test_reading_the_public_page_is_the_only_look_without_the_api(new: Build) -> None:
    connector = new(mode="assisted", read_page=True)
    able = [ability for ability in (*ABILITIES, Inspects) if isinstance(connector, ability)]
    assert able == [Inspects]
    assert connector.traits.inspect_every.total_seconds() == 21_600
    await connector.aclose()


async def test_slips_numbers_and_files_work_in_every_mode(new: Build) -> None:
    for given in (API, {"mode": "file"}, {"mode": "assisted"}):
        connector = new(**given)
        assert all(isinstance(connector, ability) for ability in (HandsOver, Imports))
        assert connector.traits.mode is Mode(given["mode"])
        assert connector.traits.takes_complaints
        await connector.aclose()


@pytest.mark.parametrize("seconds", [1, 21_599])
def test_a_public_page_is_never_read_more_than_every_six_hours(seconds: float) -> None:
    assert "LAPORGUB_PAGE_SECONDS" in problem(
        mode="assisted", read_page=True, page_seconds=seconds
    )


def test_an_imitation_on_this_machine_may_be_read_as_often_as_one_likes() -> None:
    page_url = "http://127.0.0.1:8113/upstream/laporgub/detail/{ticket}"
    Settings(mode="assisted", read_page=True, page_seconds=1, page_url=page_url)


def test_an_address_of_a_page_has_a_place_for_the_number() -> None:
    assert "page_url" in problem(mode="assisted", page_url="https://laporgub.example/detail")


def test_a_pattern_that_cannot_be_read_is_named() -> None:
    assert "LG(" in problem(mode="assisted", ticket_pattern="LG(")


@pytest.mark.parametrize(
    ("table", "change", "sentence"),
    [
        ("list", {"paging": "angin"}, "paging = 'angin'; tulis salah satu dari cursor, page"),
        ("create", {"path": ""}, "[api.create] belum punya path"),
        ("update", {"fields": {"status": "status"}}, "[api.update.fields] belum punya text"),
    ],
)
def test_a_profile_that_cannot_work_says_where_to_mend_it(
    new: Build, tables: dict[str, Any], table: str, change: dict[str, Any], sentence: str
) -> None:
    tables["api"][table] |= change
    with pytest.raises(ValueError, match=r"laporgub\.toml") as caught:
        new(words=Mapping.from_tables("laporgub", tables))
    assert sentence in str(caught.value)


def test_a_mapping_without_the_interface_is_told_to_copy_it(
    new: Build, tables: dict[str, Any]
) -> None:
    del tables["api"]
    with pytest.raises(ValueError, match=r"tabel \[api.one\] tidak ada"):
        new(words=Mapping.from_tables("laporgub", tables))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"do": "teriak"}, "punya do = 'teriak'"),
        ({"do": "update", "word": "entah"}, "word = 'entah' tidak ada di [status_in]"),
        ({"text": " "}, "belum punya text"),
        ({"text": "oleh {petugas}"}, "memakai {petugas}"),
        ({"expect": ["entah"]}, "expect = ['entah']"),
    ],
)
def test_what_would_only_show_when_told_keeps_the_hub_from_starting(
    new: Build, tables: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    tables["status_out"]["closed"] |= change
    with pytest.raises(ValueError, match=r"status_out\.closed") as caught:
        new(words=Mapping.from_tables("laporgub", tables))
    assert sentence in str(caught.value)
