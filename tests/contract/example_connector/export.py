"""The list of posts that the board writes: a CSV file of id, status and diubah."""

import csv
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from hub.contract import ImportFile, Raw, UnreadableError

COLUMNS = ("id", "status", "diubah")


def open_export(path: Path) -> ImportFile:
    """Take the list apart; the board never has more posts than fit into memory."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file)
            rows, titles = list(lines), lines.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(f"{path.name}: berkas ini bukan daftar pos (CSV).") from error
    if missing := [name for name in COLUMNS if name not in titles]:
        raise UnreadableError(f"{path.name}, baris 1: kolom {', '.join(missing)} tidak ada.")
    return ImportFile(total=len(rows), raws=_raws(rows))


def _raws(rows: list[dict[str, str]]) -> Iterator[Raw]:
    for row in rows:
        post: Mapping[str, str] = {name: row[name] for name in COLUMNS}
        body = json.dumps({"pos": [post]}).encode()
        key = f"import:{post['id']}:{sha256(body).hexdigest()}"
        yield Raw(key=key, body=body, external_id=post["id"] or None)
