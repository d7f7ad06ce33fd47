"""An imitation of the Graph API and of citizens with phones, built from public documentation.

It is not WhatsApp, and nothing in it is real.
"""

import httpx

from connectors.whatsapp.sandbox.imitation import WhatsAppImitation
from hub.sandbox import Stage

__all__ = ["WhatsAppImitation", "build"]


def build(stage: Stage, *, transport: httpx.AsyncBaseTransport | None = None) -> WhatsAppImitation:
    """Make the imitation; `transport` carries its webhooks in tests."""
    return WhatsAppImitation(stage, transport=transport)
