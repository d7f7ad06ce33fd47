"""Who may close, who may re-open, and who wins when two channels moved within the same minute. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hub.domain.status import ALLOWED_MOVES, REOPENS_TO, Status

OPERATOR = "operator"


class May(StrEnum):
    """`OWN`: only what the channel itself has ended. `ASK`: a person says."""

    ALWAYS = "always"
    OWN = "own"
    ASK = "ask"
    NEVER = "never"


class Rule(StrEnum):
    """What decided about a word on a complaint; kept with every conflict.

    CONFIRMED: the same, by somebody with more to say, whose word it is from then on.
    """

    SAME = "same"
    CONFIRMED = "confirmed"
    FORWARD = "forward"
    REOPENED = "reopened"
    SAME_MINUTE = "same_minute"
    LATE = "late"
    CLOCK = "clock"
    FIRST_DECIDED = "first_decided"
    MAY_NOT_CLOSE = "may_not_close"
    MAY_NOT_REOPEN = "may_not_reopen"
    NOT_ALLOWED = "not_allowed"
    LOOP = "loop"
    UNMOVED = "unmoved"


class Ends(StrEnum):
    """How it ends: the word is taken, ours stands, a person says, or there is nothing to decide."""

    THEIRS = "theirs"
    OURS = "ours"
    PERSON = "person"
    LATE = "late"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Word:
    """A status that somebody said, when it became so there, and who (a connector, or operator:<name>)."""

    status: Status
    at: datetime
    origin: str

    @property
    def channel(self) -> str:
        """Which entry of the rules it goes by; all operators are one."""
        return self.origin.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came of a word, and by which rule."""

    ends: Ends
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """What one channel may do. The higher `rank` wins within the same minute."""

    closes: May = May.ALWAYS
    reopens: May = May.ASK
    rank: int = 0


PERSON = Say(closes=May.ALWAYS, reopens=May.ALWAYS, rank=1000)
NOBODY_ELSE = Say()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """The rules of a city. A channel without an entry closes, and asks before it re-opens."""

    channels: Mapping[str, Say] = field(default_factory=dict)
    same_minute: timedelta = timedelta(minutes=1)
    clock_tolerated: timedelta = timedelta(minutes=2)
    loop_within: timedelta = timedelta(hours=6)
    loop_returns: int = 1
    slow_loop_within: timedelta = timedelta(days=14)
    slow_loop_returns: int = 3

    def of(self, channel: str) -> Say:
        """What a channel may do; an operator may do everything."""
        if channel == OPERATOR:
            return PERSON
        return self.channels.get(channel, NOBODY_ELSE)

    def rule(self, ours: Word, theirs: Word, *, is_undated: bool = False) -> Ruling:
        """What comes of `theirs` where `ours` holds.

        Of two words by two channels the outcome does not depend on which is heard first. `is_undated`: nobody
        knows which was said first; a person says, unless it comes to the same.
        """
        ruling = self._dated(ours, theirs)
        if is_undated and ruling.ends is Ends.THEIRS and self._would_follow(ours, theirs):
            return Ruling(Ends.PERSON, Rule.CLOCK)
        return ruling

    def _would_follow(self, ours: Word, theirs: Word) -> bool:
        """Whether ours, had it come second, would hold."""
        if ours.channel == theirs.channel or ours.status is Status.RECEIVED:
            return False
        return ours.channel == OPERATOR or _is_taken(self._newer(theirs, ours))

    def _dated(self, ours: Word, theirs: Word) -> Ruling:
        if theirs.status is ours.status:
            over = self.of(theirs.channel).rank > self.of(ours.channel).rank
            return Ruling(Ends.SAME, Rule.CONFIRMED if over else Rule.SAME)
        if tied := self._same_minute(ours, theirs):
            return tied
        if self._order(theirs) >= self._order(ours):
            return self._newer(ours, theirs)
        # In the right order ours would have come second: had it been refused, theirs would stand.
        may_have_been_refused = ours.channel not in (theirs.channel, OPERATOR)
        if may_have_been_refused and not _is_taken(self._newer(theirs, ours)):
            return Ruling(Ends.THEIRS, Rule.FIRST_DECIDED)
        return Ruling(Ends.LATE, Rule.LATE)

    def _same_minute(self, ours: Word, theirs: Word) -> Ruling | None:
        is_close = abs(theirs.at - ours.at) <= self.same_minute
        if ours.channel == theirs.channel or not is_close or not self._exclude(ours, theirs):
            return None
        over = self.of(theirs.channel).rank - self.of(ours.channel).rank
        if over == 0:
            return None
        return Ruling(Ends.THEIRS if over > 0 else Ends.OURS, Rule.SAME_MINUTE)

    def _order(self, word: Word) -> tuple[datetime, int, str]:
        """Which of two words came second; at the same moment, the one with more to say."""
        return word.at, self.of(word.channel).rank, word.channel

    def _exclude(self, one: Word, other: Word) -> bool:
        """Whether the later one does not simply follow; to have been received excludes nothing."""
        first, second = sorted((one, other), key=self._order)
        if Status.RECEIVED in (first.status, second.status):
            return False
        if first.status.is_final or second.status.is_final:
            return True
        return second.status not in ALLOWED_MOVES[first.status]

    def _newer(self, ours: Word, theirs: Word) -> Ruling:
        is_own = ours.channel == theirs.channel
        say = self.of(theirs.channel)
        if ours.status.is_final:
            if theirs.status not in REOPENS_TO:
                return Ruling(Ends.PERSON, Rule.NOT_ALLOWED)
            return _granted(
                say.reopens, is_own=is_own, then=Rule.REOPENED, else_=Rule.MAY_NOT_REOPEN
            )
        if theirs.status not in ALLOWED_MOVES[ours.status]:
            return Ruling(Ends.PERSON, Rule.NOT_ALLOWED)
        if theirs.status.is_final:
            return _granted(say.closes, is_own=is_own, then=Rule.FORWARD, else_=Rule.MAY_NOT_CLOSE)
        return Ruling(Ends.THEIRS, Rule.FORWARD)


def _granted(may: May, *, is_own: bool, then: Rule, else_: Rule) -> Ruling:
    if may is May.ALWAYS or (may is May.OWN and is_own):
        return Ruling(Ends.THEIRS, then)
    if may is May.ASK:
        return Ruling(Ends.PERSON, else_)
    return Ruling(Ends.OURS, else_)


def _is_taken(ruling: Ruling) -> bool:
    return ruling.ends in (Ends.THEIRS, Ends.SAME)
