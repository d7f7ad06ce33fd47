"""A city for each test, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.journey.city import City, city_of, settings_of


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Where the city keeps what it has."""
    return settings_of(database_url, tmp_path / "files")


@pytest.fixture
async def city(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[City]:
    """The hub, both connectors and their imitations."""
    async with city_of(settings, monkeypatch=monkeypatch) as found:
        yield found
