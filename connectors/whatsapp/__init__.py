"""WhatsApp Cloud API by Meta: citizens write to the city's number and read our answers there."""

import httpx

from connectors.whatsapp.settings import Settings
from connectors.whatsapp.source import WhatsApp
from hub.contract import Mapping

__all__ = ["Settings", "WhatsApp", "build"]


def build(
    settings: Settings, mapping: Mapping, *, transport: httpx.AsyncBaseTransport | None = None
) -> WhatsApp:
    """Put the connector together. `ValueError` names what the mapping gets wrong."""
    return WhatsApp(settings, mapping, transport=transport)
