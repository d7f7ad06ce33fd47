"""What comparing needs to know of a city and its language, beside the two gists."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.domain.matching.gist import Gist
from hub.domain.matching.topics import Topic

# What a word weighs that nobody has counted: as much as one in a thousand reports.
RARE = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Topics by code, the aspect of a detail, how telling a word is, in which kelurahan a street lies.

    `common`: word -> log(reports / reports with it), the commoner the less; a word it does not list
    weighs `rare`.
    """

    topics: Mapping[str, Topic]
    aspects: Mapping[str, str]
    common: Mapping[str, float]
    rare: float = RARE
    street_wards: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """How much it says that two reports share this word."""
        return self.common.get(word, self.rare)

    def topic_of(self, gist: Gist) -> Topic | None:
        """The strongest topic of a gist, if it tells any that we know."""
        return self.topics.get(gist.topic or "")
