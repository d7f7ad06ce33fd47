"""SP4N-LAPOR! (lapor.go.id), the national complaint channel of KemenPANRB: Integration API v3.

Its documents are shown only to accounts with the role *developer*; what this folder knows comes
from a public client and from real exports. README.md says what is unknown and whom to ask.
"""

import httpx

from connectors.sp4n import check
from connectors.sp4n.offline import OfflineSp4n
from connectors.sp4n.settings import Settings
from connectors.sp4n.source import PollingSp4n, Sp4n
from hub.contract import Mapping, Mode

__all__ = ["Settings", "Sp4n", "build"]


def build(
    settings: Settings, mapping: Mapping, *, transport: httpx.AsyncBaseTransport | None = None
) -> OfflineSp4n:
    """The connector with the abilities its settings give it: `Sp4n` where SP4N_MODE is api.

    `ValueError` names what the mapping gets wrong, a sentence a line.
    """
    by_hand = settings.mode is not Mode.API
    if wrong := "\n".join(check.faults(mapping, by_hand=by_hand)):
        raise ValueError(wrong)
    if by_hand:
        return OfflineSp4n(settings, mapping)
    kind = PollingSp4n if settings.inbound_path else Sp4n
    return kind(settings, mapping, transport=transport)
