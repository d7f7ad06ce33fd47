"""The connector with invented settings, in each of its modes."""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.laporgub import build
from connectors.laporgub.settings import Settings
from hub.contract import Content, Delivery, Mapping, Opening, Status, StatusUpdate

ROOT = Path(__file__).parents[3]
TICKET = "PKL-2026-000123"
PARCEL_ID = "0123456789abcdef0123456789abcdef"
NUMBER = "LGWP10000001"
SAID_AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
OPENING = Opening(
    title="Jalan provinsi berlubang",
    text="Jalan berlubang di depan pasar, hubungi 081100001234.",
    said_at=SAID_AT,
    category="jalan",
)
API: dict[str, Any] = {
    "mode": "api",
    "base_url": "https://laporgub.contoh.example",
    "api_key": "kunci-rekaan-untuk-uji",
    "page_size": 2,
}

Build = Callable[..., Any]


@pytest.fixture(scope="session")
def _tables() -> dict[str, Any]:
    return tomllib.loads((ROOT / "mappings" / "laporgub.toml").read_text())


@pytest.fixture
def tables(_tables: dict[str, Any]) -> dict[str, Any]:
    """The words of the repository, as TOML gives them; a test may change them."""
    return deepcopy(_tables)


@pytest.fixture
def mapping(tables: dict[str, Any]) -> Mapping:
    return Mapping.from_tables("laporgub", tables)


@pytest.fixture
def new(mapping: Mapping) -> Build:
    """A connector of these settings; its network answers by `answer`, if there is any."""

    def new(
        answer: Callable[[httpx.Request], httpx.Response] | None = None,
        *,
        words: Mapping = mapping,
        **given: Any,
    ) -> Any:
        settings = Settings(**({"mode": "assisted"} | given))
        transport = httpx.MockTransport(answer) if answer else None
        return build(settings, words, transport=transport)

    return new


@pytest.fixture
def assisted(new: Build) -> Any:
    return new()


@pytest.fixture
def new_csv(tmp_path: Path) -> Callable[..., Path]:
    def new_csv(*rows: str, encoding: str = "utf-8-sig", name: str = "laporgub.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n", encoding=encoding)
        return path

    return new_csv


def delivery(content: Content, **around: Any) -> Delivery:
    known = {} if isinstance(content, Opening) else {"external_id": NUMBER}
    return Delivery(parcel_id=PARCEL_ID, ticket=TICKET, content=content, **(known | around))


def told(status: Status, **words: Any) -> StatusUpdate:
    return StatusUpdate(status=status, at=SAID_AT, **words)


def news_of(connector: Any, path: Path) -> list[Any]:
    return [news for raw in connector.open_export(path).raws for news in connector.read(raw)]


def of(kind: type, news: list[Any]) -> list[Any]:
    return [each for each in news if isinstance(each, kind)]


def texts(slip: Any) -> dict[str, str]:
    return {entry.name: entry.text for entry in slip.entries}
