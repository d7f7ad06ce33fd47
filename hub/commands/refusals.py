"""What a command refuses, in a sentence."""

from hub import serving
from hub.store.database import NoDatabase


class Refused(Exception):
    """It cannot be done; the message says why and what to do."""


REFUSALS = (Refused, NoDatabase, serving.NotAlone, serving.PortTaken)
