"""What came of a piece of news, in a word that operators see in the inbox."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What operators see.

    `word` is one of: opened, added, gathered, moved, same, answered, conflict, echo, known, receipt,
    renamed, ignored, alarm, unreadable, unknown_word, unknown_source.
    """

    word: str
    reason: str | None = None
    complaint_id: int | None = None
