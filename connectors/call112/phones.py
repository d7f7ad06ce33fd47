"""One spelling for every way to write a caller's number."""

import phonenumbers

_COUNTRY = "62"


def digits_of(text: str) -> str | None:
    """The number with its country and without signs (62811...); None for anonymous callers and nonsense."""
    digits = "".join(sign for sign in text if sign.isdigit() and sign.isascii())
    if text.strip().startswith("+") or digits.startswith(_COUNTRY):
        written = f"+{digits}"
    else:
        # A spreadsheet takes the zero in front away.
        written = f"+{_COUNTRY}{digits.lstrip('0')}"
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix(
        "+"
    )
