"""What was odd in a file: sentences, as many as a person reads."""

from dataclasses import dataclass, field

ENOUGH = 20


@dataclass(slots=True)
class Findings:
    """Collects sentences about one file; beyond the first few only their number is told."""

    file: str
    sentences: list[str] = field(default_factory=list)
    more: int = 0
    again: dict[tuple[str, str], int] = field(default_factory=dict)
    index: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, row: int, column: str, what: str) -> None:
        """Something odd in a cell."""
        self.say(f"{self.file}, baris {row}, kolom {column}: {what}")

    def note_once(self, row: int, column: str, what: str, *, kind: str) -> None:
        """The same, where one sentence is enough for every such cell of the column."""
        known = (kind, column)
        if known in self.again:
            self.again[known] += 1
            return
        self.again[known] = 0
        self.index[known] = len(self.sentences)
        self.note(row, column, what)

    def say(self, sentence: str) -> None:
        """Something odd in the file."""
        if len(self.sentences) < ENOUGH:
            self.sentences.append(sentence)
        else:
            self.more += 1

    def told(self) -> tuple[str, ...]:
        """All of it."""
        told = list(self.sentences)
        for known, count in self.again.items():
            if count and self.index[known] < len(told):
                told[self.index[known]] += f" (begitu pula {count} baris lain)"
        rest = (f"{self.file}: dan {self.more} catatan lain.",) if self.more else ()
        return (*told, *rest)
