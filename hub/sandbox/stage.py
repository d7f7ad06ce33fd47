"""What every imitation is given: time, chance, the journal and the way to the hub."""

from dataclasses import dataclass, field
from random import Random

from hub.sandbox.clock import SandboxClock
from hub.sandbox.journal import Journal


@dataclass(slots=True)
class Stage:
    """What imitations share.

    `hub_url`: where webhooks go; empty when no hub runs (unit tests). `base_url`: where the
    harness serves.
    """

    hub_url: str = ""
    base_url: str = "http://sandbox"
    clock: SandboxClock = field(default_factory=SandboxClock)
    rng: Random = field(default_factory=lambda: Random(8112))  # noqa: S311 - play, not secrets
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.clock)
