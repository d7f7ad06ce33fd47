"""An imitation of LaporGub Jawa Tengah, made from public client code. It is not LaporGub."""

from connectors.laporgub.sandbox.imitation import LaporGubImitation
from hub.sandbox import Imitation, Stage


def build(stage: Stage) -> Imitation:
    """The imitation on this stage."""
    return LaporGubImitation(stage)
