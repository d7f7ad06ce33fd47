"""File names that are names on every system, whatever a citizen's phone called the file."""

import mimetypes
import re

LONGEST_NAME = 120
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+')


def safe_name(given: str, media_type: str) -> str:
    """A name that is one on every system, with an ending that fits what the file is."""
    name = _UNSAFE.sub("_", given).strip(" .")[-LONGEST_NAME:] or "lampiran"
    if "." not in name:
        name += mimetypes.guess_extension(media_type) or ""
    return name
