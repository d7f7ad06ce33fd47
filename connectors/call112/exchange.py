"""Calls as the telephone exchange saw them: only numbers of seconds, never of callers."""

from dataclasses import dataclass
from datetime import date

from hub.contract import Counted

ANSWERED = "pbx_answered"
ABANDONED = "pbx_abandoned"
EXITED = "pbx_exited"
OPEN = "pbx_open"
UNQUEUED = "pbx_unqueued"

# Of two files that tell of one call, or two parts of one file, the one that knows more wins.
RANKS = {UNQUEUED: 10, OPEN: 15, ABANDONED: 20, EXITED: 30, ANSWERED: 50}


@dataclass(slots=True)
class Call:
    """What is known of a call so far. `queued`: seconds (of any clock) when it began to wait for a person."""

    key: str
    day: date
    word: str = UNQUEUED
    rank: int = RANKS[UNQUEUED]
    waited: int | None = None
    talked: int | None = None
    queued: float | None = None

    def became(
        self, word: str, *, waited: int | None = None, talked: int | None = None, less: int = 0
    ) -> None:
        """It turned out so, unless more is known; `less` puts it behind others of the same word."""
        rank = RANKS[word] - less
        if rank > self.rank:
            self.word, self.rank, self.waited, self.talked = word, rank, waited, talked

    def counted(self) -> Counted:
        """What is kept of it."""
        return Counted(
            key=self.key,
            word=self.word,
            day=self.day,
            rank=self.rank,
            waited=self.waited,
            talked=self.talked,
        )


def key_of(call_id: str) -> str:
    """The same in the queue log and in the CDR, so that a city may import both."""
    return f"exchange:{call_id}"
