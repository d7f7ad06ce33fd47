"""How the parts of a place, distances and gaps are spelled for an operator, in Bahasa Indonesia."""

from collections.abc import Iterable

from hub.domain.matching.when import DAY, HOUR

_MINUTE = 60
_KILOMETRE = 1000
_VOWELS = frozenset("aiueo")


def beside(mine: Iterable[object], theirs: Iterable[object], *, is_name: bool = True) -> str:
    """What the one says and what the other says; what says nothing is left out."""
    return " / ".join(
        filter(None, (listed(mine, is_name=is_name), listed(theirs, is_name=is_name)))
    )


def listed(parts: Iterable[object], *, is_name: bool = True) -> str:
    """In order, numbers by their size."""
    ordered = sorted(map(str, parts), key=lambda part: (len(part) if part.isdigit() else 0, part))
    return ", ".join(map(_named, ordered) if is_name else ordered)


def _named(name: str) -> str:
    """A name as it is written: "KH Mas Mansyur"; what has no vowel is an abbreviation."""
    return " ".join(
        word.capitalize() if _VOWELS & set(word) else word.upper() for word in name.split()
    )


def within_a_sentence(label: str) -> str:
    """As it stands within a sentence; "KTP" stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def distance_in_words(metres: float) -> str:
    """Metres, or kilometres with a decimal comma."""
    if metres < _KILOMETRE:
        return f"{metres:.0f} m"
    return f"{metres / _KILOMETRE:.1f} km".replace(".", ",")


def gap_in_words(seconds: int) -> str:
    """Told in days from two days on, in hours from two hours on."""
    if seconds < _MINUTE:
        return "pada menit yang sama"
    if seconds < 2 * HOUR:
        return f"berselang {seconds // _MINUTE} menit"
    return (
        f"berselang {seconds // HOUR} jam"
        if seconds < 2 * DAY
        else f"berselang {seconds // DAY} hari"
    )
