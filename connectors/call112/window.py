"""The latest of what was seen: a file of any length is read in the memory of a short one."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import TypeVar

SIZE = 4096

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Window(OrderedDict[K, V]):
    """A dict that holds so many entries and lets go of the oldest."""

    def add(self, key: K, value: V) -> V | None:
        """Take in a new entry; what had to go for it, if anything."""
        self[key] = value
        return self.popitem(last=False)[1] if len(self) > SIZE else None
