"""What a report may speak of, out of all the complaints that it was weighed against."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.domain.matching.said import Match, Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """The matches by complaint, the likeliest first.

    `twins`: complaints that contradict each other in nothing and of which none would do alone, but all of
    them together: parts of one, which this report ties together. Empty, or at least two.
    """

    matches: Mapping[int, Match]
    twins: tuple[int, ...] = ()

    @property
    def same(self) -> int | None:
        """The complaint that the report joins by itself."""
        if self.twins:
            return self.twins[0]
        best = next(iter(self.matches.items()), None)
        return best[0] if best is not None and best[1].verdict is Verdict.SAME else None

    @property
    def perhaps(self) -> list[int]:
        """The complaints that a person is asked about."""
        return [name for name, match in self.matches.items() if match.verdict is Verdict.PERHAPS]
