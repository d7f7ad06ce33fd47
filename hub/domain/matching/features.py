"""Two gists side by side: every fact that speaks for or against their being about one trouble."""

from hub.domain.matching.combined import combined
from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.what import compare_matter
from hub.domain.matching.when import compare_times
from hub.domain.matching.where import compare_places
from hub.domain.matching.who import compare_people
from hub.domain.matching.wording import compare_wording

__all__ = ["Facts", "facts_of"]


def facts_of(one: Gist, two: Gist, known: Knowledge) -> Facts:
    """All facts about a pair; the order of the two does not matter."""
    early, late = sorted((one, two), key=lambda gist: gist.at)
    return combined(
        compare_places(early.spot, late.spot, known)
        | compare_matter(early, late, known)
        | compare_wording(early, late, known)
        | compare_times(early, late, known)
        | compare_people(early, late, known)
    )
