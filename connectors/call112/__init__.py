"""Layanan 112 (NTPD 112), the city's emergency number: the log of its call centre.

The log comes as files in a folder, as a file behind an address, or as rows of the call centre's database.
Emergencies are never complaints; what people call 112 for besides becomes one. README.md says more.
"""

import httpx

from connectors.call112 import callback, check
from connectors.call112.settings import Settings
from connectors.call112.source import Call112
from hub.contract import Mapping

__all__ = ["Call112", "Settings", "build"]


def build(
    settings: Settings, mapping: Mapping, *, transport: httpx.AsyncBaseTransport | None = None
) -> Call112:
    """The connector with the sources its settings name.

    `ValueError` names what the mapping or a profile gets wrong, a sentence a line.
    """
    wrong = [*check.faults(mapping), *(callback.faults(mapping) if settings.callback else ())]
    if wrong:
        raise ValueError("\n".join(wrong))
    return Call112(settings, mapping, transport=transport)
