"""An imitation of SP4N-LAPOR!, made from public client code. It is not SP4N-LAPOR!."""

from connectors.sp4n.sandbox.imitation import Sp4nImitation
from hub.sandbox import Imitation, Stage


def build(stage: Stage) -> Imitation:
    """The imitation on this stage."""
    return Sp4nImitation(stage)
