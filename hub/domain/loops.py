"""Two channels that undo each other: A, then B by somebody else, then A again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.domain.status import Status


@dataclass(frozen=True, slots=True)
class Said:
    """A word that moved the complaint or was refused; `by`: who said it."""

    status: Status
    by: str


def goes_in_circles(said: Sequence[Said], word: Said, *, returns: int) -> bool:
    """Whether `word` comes back for the `returns`-th time after others said something else in between.

    `said`: oldest first, of the time that counts, since a person last decided.
    """
    seen = 0
    was_undone = False
    spoke = False
    for one in said:
        if one == word:
            seen += spoke and was_undone
            spoke, was_undone = True, False
        elif one.by != word.by and one.status is not word.status:
            was_undone = spoke
    return seen + (spoke and was_undone) >= returns > 0
