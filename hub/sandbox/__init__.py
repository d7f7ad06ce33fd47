"""A harness for imitation upstreams. Connectors' sandbox.py may import from here.

These are imitations built from public client code and documentation. They are not the upstreams.
"""

from hub.sandbox.clock import SandboxClock
from hub.sandbox.faults import DroppedByFault, Fault, FaultKind, FaultSwitch
from hub.sandbox.imitation import Imitation, Scene
from hub.sandbox.journal import Event, Journal
from hub.sandbox.stage import Stage
from hub.sandbox.transport import SandboxTransport

__all__ = [
    "DroppedByFault",
    "Event",
    "Fault",
    "FaultKind",
    "FaultSwitch",
    "Imitation",
    "Journal",
    "SandboxClock",
    "SandboxTransport",
    "Scene",
    "Stage",
]
