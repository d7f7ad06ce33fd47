"""Delta debugging: the fewest steps of a day that still break the same promise."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Spent(Exception):
    """No more tries: what has been found so far is the answer."""


def shortest(
    parts: Sequence[Part], fails: Callable[[Sequence[Part]], bool], *, tries: int
) -> tuple[Part, ...]:
    """Leave out whatever is not needed for `fails` to stay true (ddmin), in at most `tries` tries."""
    search = _Search(tuple(parts), fails, tries)
    with suppress(Spent):
        search.run()
    return search.kept


class _Search(Generic[Part]):
    """What is kept so far, and how finely it is cut."""

    def __init__(
        self, parts: tuple[Part, ...], fails: Callable[[Sequence[Part]], bool], tries: int
    ) -> None:
        self.kept = parts
        self._fails = fails
        self._left = tries

    def run(self) -> None:
        cuts = 2
        while len(self.kept) >= 2:
            chunk = -(-len(self.kept) // cuts)
            if self._one_less(chunk):
                cuts = max(cuts - 1, 2)
            elif chunk == 1:
                return
            else:
                cuts = min(cuts * 2, len(self.kept))
        if self.kept:
            self._keeps(())

    def _one_less(self, chunk: int) -> bool:
        """Whether something could be left out: faults come last in a day, so they are tried first."""
        for start in reversed(range(0, len(self.kept), chunk)):
            if self._keeps(self.kept[:start] + self.kept[start + chunk :]):
                return True
        return False

    def _keeps(self, parts: tuple[Part, ...]) -> bool:
        if self._left <= 0:
            raise Spent
        self._left -= 1
        if self._fails(parts):
            self.kept = parts
            return True
        return False
