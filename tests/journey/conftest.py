"""A city for each test, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journey.city import City, city_of, settings_of


@pytest.fixture
async def city(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[City]:
    """The hub, both connectors and their imitations."""
    settings = settings_of(database_url, tmp_path / "files")
    async with city_of(settings, monkeypatch=monkeypatch) as found:
        yield found
