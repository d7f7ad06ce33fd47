"""The JSON of the imitation, in all the shapes that public clients guard against."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sp4n.sandbox.records import (
    INSTITUTIONS,
    OWN_INSTITUTION,
    FollowUp,
    Line,
    Report,
    Switches,
)

SHAPES = ("flat", "object", "id_object")
COLORS = {"name": "", "color": "#3c8dbc"}


def written(moment: datetime, switches: Switches) -> str:
    """As d-m-Y H:i:s, without a zone."""
    return moment.astimezone(ZoneInfo(switches.zone)).strftime("%d-%m-%Y %H:%M:%S")


def detail(report: Report, switches: Switches) -> Mapping[str, Any]:
    """Endpoint 5."""
    shape = switches.log_shape
    if shape not in SHAPES:
        shape = SHAPES[report.id % len(SHAPES)]
    data = entry_of(report, switches) | {
        "status_code": str(list(type(report.stand)).index(report.stand)),
        "status_logs": [
            {"note": line.content, "timestamp": written(line.at, switches)}
            for line in reversed(report.lines)
            if "{{" not in line.content
        ],
        "tenggat": "Selesai otomatis dalam 10 hari",
    }
    logs = [_log(line, shape=shape, switches=switches) for line in report.lines]
    return {"results": {"data": data, "data_logs": logs}, "message": "OK"}


def entry_of(report: Report, switches: Switches) -> dict[str, Any]:
    """A report in a list; who reported it shows only where the citizen wants that."""
    fields = report.fields
    is_anonymous = bool(fields.get("is_anonymous"))
    return {
        "id": report.id,
        "title": fields["title"],
        "content": fields["content"],
        "tags_raw": fields.get("tags_raw"),
        "category_id": fields.get("category_id"),
        "is_anonymous": is_anonymous,
        "is_secret": bool(fields.get("is_secret")),
        "user_name": "Anonim" if is_anonymous else fields.get("nameUser", "Akun perantara"),
        "status_name": report.status,
        "disposition_id": report.institution,
        "disposition_name": INSTITUTIONS[report.institution],
        "created_at": written(report.at, switches),
        "updated_at": written(report.since, switches),
    }


def followup(added: FollowUp, report: Report, switches: Switches) -> Mapping[str, Any]:
    """Endpoint 6: attachments are an object with numbers for keys, and `docs`."""
    institution = INSTITUTIONS[added.institution] if added.institution else None
    is_disposition = added.template_code == "disposition"
    files: dict[str, Any] = {
        str(number): {
            "path": f"https://berkas.contoh.example/{added.id}/{number}",
            "file_name": name,
            "extension": name.rpartition(".")[2],
        }
        for number, name in enumerate(added.files)
    }
    return {
        "id": added.id,
        "created_at": written(added.at, switches),
        "institution_from_name": INSTITUTIONS[OWN_INSTITUTION] if is_disposition else institution,
        "institution_to_name": INSTITUTIONS[report.institution] if is_disposition else None,
        "template_code": added.template_code or None,
        "template_content": f"<p>{added.content}</p>" if is_disposition else None,
        "content": None if is_disposition else added.content,
        "attachments": files | {"docs": []},
    }


def _log(line: Line, *, shape: str, switches: Switches) -> Mapping[str, Any]:
    sides = {
        "institution_from": (OWN_INSTITUTION, INSTITUTIONS[OWN_INSTITUTION]),
        "institution_to": (line.institution_to, INSTITUTIONS[line.institution_to]),
    }
    named: dict[str, Any] = {}
    for side, (number, name) in sides.items():
        match shape:
            case "flat":
                named[f"{side}_name"] = name
            case "object":
                named[side] = {"id": number, "name": name}
            case _:
                named[f"{side}_id"] = {"id": number, "name": name}
    return named | {
        "date" if shape == "flat" else "created_at": written(line.at, switches),
        "content": f"<p>{line.content}</p>",
        "institution": named.get("institution_to", INSTITUTIONS[line.institution_to]),
        "status_old": COLORS | {"name": line.old},
        "status_new": COLORS | {"name": line.new},
        "data": json.dumps({"status_old": line.old, "status_new": line.new}),
        "attachments": None,
    }
