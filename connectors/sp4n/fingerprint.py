"""One look at a complaint like the last one, or not: what the hub need not read again."""

import json
import re
from hashlib import sha256
from typing import Any

_COUNTDOWN = re.compile(r"selesai otomatis dalam \d+ \w+", re.IGNORECASE)
# What we read. Anything else (a countdown, a view counter) may change without being news.
_READ = frozenset(
    {
        "status_code",
        "status_name",
        "status",
        "disposition_id",
        "disposition_name",
        "status_logs",
        "data_logs",
        "note",
        "timestamp",
        "date",
        "created_at",
        "content",
        "institution",
        "institution_from",
        "institution_to",
        "institution_from_id",
        "institution_to_id",
        "institution_from_name",
        "institution_to_name",
        "status_old",
        "status_new",
        "name",
        "data",
        "id",
        "template_code",
        "template_content",
        "attachments",
        "docs",
        "path",
        "file_name",
        "extension",
        "results",
    }
)


def fingerprint(value: Any) -> str:
    """The same for the same content, whatever else the answer says."""
    return sha256(json.dumps(_read_parts(value), sort_keys=True).encode()).hexdigest()


def _read_parts(value: Any) -> Any:
    match value:
        case dict():
            return {k: _read_parts(v) for k, v in value.items() if k in _READ or k.isdigit()}
        case list():
            return [_read_parts(item) for item in value]
        case str():
            return _COUNTDOWN.sub("", value)
        case _:
            return value
