"""The rule that decided a contradiction, and what the hub did, in sentences."""

from collections.abc import Callable

from hub.domain.authority import Ends, Rule
from hub.store.desk import ConflictRow
from hub.web import words

RULES: dict[str, str] = {
    Rule.SAME_MINUTE: "{winner} menang bila dua kanal bergerak pada menit yang sama.",
    Rule.LATE: "Kabar yang lebih lama tidak menggeser kabar yang lebih baru.",
    Rule.CLOCK: "Bila jam {theirs} salah dan tidak diketahui siapa yang lebih dulu, petugas yang "
    "memutuskan.",
    Rule.FIRST_DECIDED: "{theirs} lebih dulu memutuskan, dan {ours} tidak berwenang mengubahnya "
    "sesudah itu.",
    Rule.MAY_NOT_CLOSE: "{theirs} tidak berwenang mengakhiri aduan.",
    Rule.MAY_NOT_REOPEN: "{theirs} tidak berwenang membuka kembali aduan yang diakhiri {ours}.",
    Rule.NOT_ALLOWED: "Perpindahan di luar tabel status diputuskan petugas.",
    Rule.LOOP: "Bila dua kanal saling membatalkan, hub berhenti mengikuti keduanya.",
    Rule.UNMOVED: "Bila {theirs} sudah diberi tahu tetapi tidak berubah, petugas diminta melihat.",
}
# The same rules where a city has a person asked.
ASKS: dict[str, str] = {
    Rule.MAY_NOT_CLOSE: "Bila {theirs} mengakhiri aduan, petugas yang memutuskan.",
    Rule.MAY_NOT_REOPEN: "Bila {theirs} membuka kembali aduan, petugas yang memutuskan.",
}

Title = Callable[[str], str]


def rule_of(row: ConflictRow, title: Title) -> str:
    """Say the rule that decided, in one sentence; one that is not known here, by its reason."""
    theirs, ours = title(row.connector), who_said(row.ours.who, title)
    sentence = RULES.get(row.rule)
    if row.outcome == Ends.PERSON:
        sentence = ASKS.get(row.rule, sentence)
    if sentence is None:
        return row.reason
    return sentence.format(
        theirs=theirs,
        ours=ours,
        winner=theirs if row.outcome == Ends.THEIRS else ours,
    )


def done_with(row: ConflictRow, theirs: str) -> str:
    """Say what the hub did with it before anybody decided."""
    ours = row.ours.status.label
    if row.outcome == Ends.THEIRS:
        return f"Hub memakai kabar {theirs}: «{row.theirs.status.label}», dan memberi tahu kanal lain."
    if row.rule == Rule.LOOP:
        return f"Hub menahan aduan di «{ours}» sampai petugas memutuskan."
    # Late news is told again what holds; a person is asked where that cannot be told.
    if row.asks_person or (row.outcome == Ends.PERSON and row.rule != Rule.LATE):
        return f"Hub mempertahankan «{ours}» dan meminta petugas memutuskan."
    return f"Hub mempertahankan «{ours}» dan memberi tahu {theirs} lagi."


def who_said(origin: str, title: Title) -> str:
    """Name a channel as people call it, or the operator."""
    named = words.origin(origin)
    return title(origin) if named == origin else named
