"""LaporGub (laporgub.jatengprov.go.id), the complaint channel of the province of Jawa Tengah.

It has no documented interface: a city starts with cards (assisted), moves to files, and gets an API
when the province agrees. README.md says what is unknown and whom to ask.
"""

import httpx

from connectors.laporgub import check
from connectors.laporgub.offline import LaporGub
from connectors.laporgub.profile_reading import profile_of
from connectors.laporgub.settings import Settings
from connectors.laporgub.source import ApiLaporGub, PageLaporGub
from hub.contract import Mapping, Mode

__all__ = ["Settings", "build"]


def build(
    settings: Settings, mapping: Mapping, *, transport: httpx.AsyncBaseTransport | None = None
) -> LaporGub:
    """The connector with the abilities its settings give it.

    `ValueError` names what the mapping gets wrong, a sentence a line.
    """
    if wrong := "\n".join(check.faults(mapping)):
        raise ValueError(wrong)
    profile = profile_of(mapping.tables)
    if settings.mode is Mode.API:
        return ApiLaporGub(settings, mapping, profile=profile, transport=transport)
    if settings.read_page:
        return PageLaporGub(settings, mapping, profile=profile, transport=transport)
    return LaporGub(settings, mapping, profile=profile)
