"""How long a doubt rests, and how often it is looked for before it is surely absent. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Settling:
    """The first look comes after `first`, and each rest is twice as long as the one before.

    An upstream may show what it took a little late: only `looks` in vain mean that it is not there.
    """

    first: timedelta = timedelta(seconds=30)
    looks: int = 3

    def rest(self, looked: int) -> timedelta | None:
        """How long to rest after `looked` looks in vain; None: it is surely not there."""
        return None if looked >= self.looks else self.first * (1 << looked)

    @property
    def lasts(self) -> timedelta:
        """What shows there within this is never sent twice."""
        return self.first * ((1 << self.looks) - 1)
