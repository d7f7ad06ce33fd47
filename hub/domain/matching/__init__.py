"""Telling whether a report speaks of a complaint we have: evidence first, then a verdict.

`Reader.read(told)` makes a `Gist` of a report once; `keys` of a gist find candidates in plain indexed tables;
`Matcher.compare(report, complaint)` weighs a gist against those of a complaint's reports.
"""

from hub.domain.matching.said import Evidence, Match, Told, Verdict

__all__ = ["Evidence", "Match", "Told", "Verdict"]
