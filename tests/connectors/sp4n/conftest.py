"""The connector with invented settings, and its imitation."""

import tomllib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.sp4n import build
from connectors.sp4n.sandbox.imitation import Sp4nImitation
from connectors.sp4n.settings import Settings
from connectors.sp4n.source import Sp4n
from hub.contract import Content, Delivery, Mapping
from hub.sandbox import SandboxTransport, Stage

ROOT = Path(__file__).parents[3]
EXPORTS = Path(__file__).parent / "exports"
TICKET = "PKL-2026-000123"
PARCEL_ID = "0123456789abcdef0123456789abcdef"
SAID_AT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)

GIVEN: dict[str, Any] = {
    "base_url": "https://sp4n.contoh.example/lapor/3.0.0",
    "bearer": "nilai-bearer-rekaan",
    "token": "0A1B2C3D-0000-4000-8000-00000000C0DE",
    "user_id": 700001,
    "institution_id": 990100,
    "channel_id": 13,
    "location_id": 34,
    "classification_id": 6,
    "per_second": 1000,
}


@pytest.fixture(scope="session")
def tables() -> dict[str, Any]:
    """The words of the repository, as TOML gives them."""
    return tomllib.loads((ROOT / "mappings" / "sp4n.toml").read_text())


@pytest.fixture(scope="session")
def mapping(tables: dict[str, Any]) -> Mapping:
    return Mapping.from_tables("sp4n", tables)


@pytest.fixture
def new_settings() -> Callable[..., Settings]:
    return lambda **given: Settings(**(GIVEN | given))


@pytest.fixture
def reader(mapping: Mapping) -> Any:
    return build(Settings(mode="file"), mapping)


@pytest.fixture
def new_delivery() -> Callable[..., Delivery]:
    def new(content: Content, **around: Any) -> Delivery:
        return Delivery(**({"parcel_id": PARCEL_ID, "ticket": TICKET} | around), content=content)

    return new


@pytest.fixture
def stage() -> Stage:
    return Stage(base_url="http://sandbox")


@pytest.fixture
def imitation(stage: Stage) -> Sp4nImitation:
    return Sp4nImitation(stage)


@pytest.fixture
async def connector(imitation: Sp4nImitation, mapping: Mapping) -> AsyncIterator[Sp4n]:
    """Talks to the imitation, without a socket."""
    connector = Sp4n(of_environment(imitation), mapping, transport=SandboxTransport(imitation.app))
    yield connector
    await connector.aclose()


def of_environment(imitation: Sp4nImitation, **other: Any) -> Settings:
    """The settings the imitation asks for."""
    told = {
        name.removeprefix("SP4N_").lower(): value
        for name, value in imitation.environment().items()
    }
    return Settings(**(told | {"base_url": "http://sandbox"} | other))


def answering(*answers: httpx.Response) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    """A transport that gives these answers in turn, and what it was asked."""
    asked: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0)

    return httpx.MockTransport(answer), asked
