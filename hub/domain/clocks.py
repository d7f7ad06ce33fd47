"""How far another system's clock runs ahead of ours, from what it wrote down of our own pushes. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

# Of more, an old wrong clock would be believed for longer after somebody has put it right.
KEPT = 5
ENOUGH = 3
# So much later than it was said a word may be heard, and still show by how much their clock is ahead.
HEARD_WITHIN = timedelta(minutes=30)


def kept(samples: Sequence[float], new: float) -> list[float]:
    """The samples to remember, the newest last; each is how many seconds ahead their clock was."""
    return [*samples, round(new, 1)][-KEPT:]


def ahead_of(
    samples: Sequence[float], *, tolerated: timedelta, at_least: timedelta = timedelta()
) -> timedelta:
    """How far ahead the clock is believed to be; behind is less than zero, about right is zero.

    `at_least`: how far in the future the word lies that is to be dated. That proves the clock wrong, so
    one sample that fits is enough.
    """
    if at_least > tolerated:
        for sample in reversed(samples):
            if timedelta() <= (ahead := timedelta(seconds=sample)) - at_least <= HEARD_WITHIN:
                return ahead
    if len(samples) < ENOUGH:
        return timedelta()
    ahead = timedelta(seconds=median(samples))
    return ahead if abs(ahead) > tolerated else timedelta()
