"""What a new report must have to be taken."""

import re
from typing import Any

from connectors.sp4n.sandbox.desk import Desk
from connectors.sp4n.sandbox.records import INSTITUTIONS, OWN_INSTITUTION

LONGEST_CONTENT = 3000
_IDS = re.compile(r"\[\d+(?:,\d+)*\]\.?")


def checked(fields: Any, desk: Desk) -> tuple[int, tuple[str, ...]]:
    """Institution and files of a new report; `ValueError` where the real one would refuse."""
    if not isinstance(fields, dict) or not fields.get("title") or not fields.get("content"):
        raise ValueError("title dan content wajib diisi")
    if len(fields["content"]) > LONGEST_CONTENT:
        raise ValueError(f"content melebihi {LONGEST_CONTENT} karakter")
    needed = ("nameUser", "phoneUser") if fields.get("is_new_user_slider") else ("user_id",)
    for name in (*needed, "channel", "category_id", "classification_id", "location_id"):
        if not fields.get(name):
            raise ValueError(f"{name} wajib diisi")
    institution = fields.get("disposition_id") or OWN_INSTITUTION
    if institution not in INSTITUTIONS:
        raise ValueError(f"Instansi {institution} tidak dikenal")
    tags = fields.get("tags_raw")
    if not desk.switches.accept_duplicates and any(
        report.fields.get("tags_raw") == tags for report in desk.reports.values()
    ):
        raise ValueError("Laporan serupa sudah ada")
    return institution, _attachments(fields.get("attachments"), desk)


def _attachments(written: Any, desk: Desk) -> tuple[str, ...]:
    if written in (False, None):
        return ()
    if not isinstance(written, str) or not _IDS.fullmatch(written):
        raise ValueError("attachments tidak sah")
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    if unknown := [number for number in numbers if number not in desk.uploads]:
        raise ValueError(f"Berkas {unknown} tidak dikenal")
    return tuple(desk.uploads[number] for number in numbers)
