"""Papan Warga: an invented notice board that passes every check of the suite."""

import httpx

from hub.contract import Mapping
from tests.contract.example_connector.settings import Settings
from tests.contract.example_connector.source import Board


def build(
    settings: Settings, mapping: Mapping, *, transport: httpx.AsyncBaseTransport | None = None
) -> Board:
    """The connector."""
    return Board(settings, mapping, transport=transport)
