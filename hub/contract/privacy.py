"""What must never leave in a text: NIK, phone numbers and e-mail addresses."""

import re

from phonenumbers import Leniency, PhoneNumberMatcher

MASK = "[disensor]"

# Fourteen and more: a NIK with a digit forgotten or typed twice is still somebody's.
_LONG_RUN = re.compile(r"\d{14,}")
# One sign between two digits: a blank of any kind, a dot, a slash, a dash of any length.
_BETWEEN = r"(?:[^\S\n]|[./\-\u2010-\u2015])"
_SIXTEEN = rf"\d(?:{_BETWEEN}?\d){{15}}"
# Sixteen digits and no more, however they are grouped: 33 7501 230485 0001.
_NIK = re.compile(rf"(?<!\d)(?<!\d{_BETWEEN}){_SIXTEEN}(?!{_BETWEEN}?\d)")
# The same with other numbers beside it. A NIK begins with a province, never with 0.
_NIK_AMONG_OTHERS = re.compile(rf"(?<!\d)(?!0){_SIXTEEN}(?!\d)")
_DATE = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d"
    r"|(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01]))"
)
_TIME = r"(?:[01]?\d|2[0-3])\.[0-5]\d(?:\.[0-5]\d)?"
# Latitude and longitude as maps show them, where Indonesia lies.
_POINT = rf"(?:\d|1[01])\.\d{{3,}}{_BETWEEN}(?:9\d|1[0-4]\d)\.\d{{3,}}"
_DATES_OR_POINT = re.compile(rf"(?:{_DATE}|{_TIME})(?:{_BETWEEN}(?:{_DATE}|{_TIME}))+|{_POINT}")
_DATE_ALONE = re.compile(rf"(?<!\d)(?<!\d[-./]){_DATE}(?!\d)")
# It begins where no such letter stands before, and gives nothing back: a text of nothing but such
# letters would otherwise be searched again from each of them.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
# The library wants a word boundary; citizens write "hp0811-0000-1234tolong".
_MOBILE = re.compile(r"(?<!\d)\(?(?:\+?62[\s.-]?|0)8[1-35-9]\d[\s.-]?\d{3,4}[\s.-]?\d{2,5}(?!\d)")
# Its end would be taken for the beginning of the number behind it, and the rest would stay.
_NIK_BEFORE_MOBILE = re.compile(
    rf"(?<!\d)(?<!\d{_BETWEEN})(?!0){_SIXTEEN}(?={_BETWEEN}{_MOBILE.pattern})"
)


def masked(text: str) -> str:
    """The text without numbers and addresses that lead to a person; places and dates stay."""
    for pattern in (_EMAIL, _LONG_RUN):
        text = pattern.sub(MASK, text)
    text = _NIK.sub(_unless_dates, text)
    text = _NIK_BEFORE_MOBILE.sub(_unless_dates, text)
    # Before NIK among others: of two phone numbers in a row sixteen digits are one, too.
    text = _MOBILE.sub(MASK, text)
    text = _NIK_AMONG_OTHERS.sub(_unless_dates, text)
    # To the library "08-12-2026 08" would be somebody's mobile phone.
    dates = [*_DATE_ALONE.findall(text), ""]
    between = map(_without_phones, _DATE_ALONE.split(text))
    return "".join(part + date for part, date in zip(between, dates, strict=True))


def _without_phones(text: str) -> str:
    # From the end, so that the offsets before it stay true.
    for match in reversed(list(PhoneNumberMatcher(text, "ID", leniency=Leniency.VALID))):
        text = text[: match.start] + MASK + text[match.end :]
    return text


def _unless_dates(found: re.Match[str]) -> str:
    return found.group() if _DATES_OR_POINT.fullmatch(found.group()) else MASK
