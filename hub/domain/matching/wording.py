"""Two gists side by side: how alike their words are, each word counted by how rare it is."""

import math

from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge

# Of fewer words it says nothing that they are the same.
_FEWEST = 4
# A copy: nearly all of the shorter one, and little beside it in the longer.
_HELD, _COPIED, _CLOSE = 0.9, 0.8, 0.6


def compare_wording(a: Gist, b: Gist, known: Knowledge) -> Facts:
    """The share of words they have in common, 0 to 1, and whether one is a copy of the other."""
    shared, mine, theirs = (
        math.fsum(known.weight(word) for word in words)
        for words in (a.words & b.words, a.words, b.words)
    )
    if not mine or not theirs:
        return {}
    alike = shared / math.sqrt(mine * theirs)
    facts = {"wording": alike}
    if min(len(a.words), len(b.words)) < _FEWEST:
        return facts
    if shared / min(mine, theirs) > _HELD and alike > _COPIED:
        facts["wording_copied"] = 1.0
    elif alike > _CLOSE:
        facts["wording_close"] = 1.0
    return facts
