"""What must never leave in a public text: NIK, phone numbers and e-mail addresses."""

import re

from phonenumbers import Leniency, PhoneNumberMatcher

MASK = "[disensor]"

# Fourteen and more: a NIK with a digit forgotten or typed twice is still somebody's.
_LONG_RUN = re.compile(r"\d{14,}")
# As people group it: 3375 9900 0000 0037, 337599-000000-0037, 33.75.99.000000.0037.
_GROUPED_NIK = re.compile(
    r"(?<!\d)(?:\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{6}([ .-])\d{6}\2\d{4}"
    r"|\d\d([ .-])\d\d\3\d\d\3\d{6}\3\d{4})(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The library wants a word boundary; citizens write "hp0811-0000-1234tolong".
_MOBILE = re.compile(r"(?<!\d)\(?(?:\+?62[\s.-]?|0)8[1-35-9]\d[\s.-]?\d{3,4}[\s.-]?\d{2,5}(?!\d)")


def masked(text: str) -> str:
    """The text without numbers and addresses that lead to a person; places stay."""
    for pattern in (_EMAIL, _LONG_RUN, _GROUPED_NIK):
        text = pattern.sub(MASK, text)
    # From the end, so that the offsets before it stay true.
    matches = list(PhoneNumberMatcher(text, "ID", leniency=Leniency.VALID))
    for match in reversed(matches):
        text = text[: match.start] + MASK + text[match.end :]
    return _MOBILE.sub(MASK, text)
