"""An imitation of a call centre 112 that drops files and rows, made from published layouts."""

from connectors.call112.sandbox.imitation import Call112Imitation
from hub.sandbox import Imitation, Stage


def build(stage: Stage) -> Imitation:
    """The imitation on this stage."""
    return Call112Imitation(stage)
