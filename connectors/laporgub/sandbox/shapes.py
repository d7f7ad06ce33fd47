"""The JSON of the imitation: a profile that is still to be agreed with the province."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.laporgub.sandbox.records import Complaint, Line, Switches
from connectors.laporgub.sandbox.words import CITIES

WIB = ZoneInfo("Asia/Jakarta")


def written(moment: datetime) -> str:
    """As 2026-11-21T22:37:05+07:00."""
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def status_of(complaint: Complaint, switches: Switches) -> str:
    """The status as they write it, tidily or not."""
    word = complaint.status
    if not switches.untidy:
        return word
    return f" {word.upper()}  " if complaint.id % 2 else f"{word.lower()} "


def entry_of(complaint: Complaint, switches: Switches) -> dict[str, Any]:
    """A complaint in the list. Who complained shows only where the citizen wants that."""
    form = complaint.form
    return {
        "id": complaint.id,
        "tiket": complaint.ticket,
        "judul": form.title,
        "isi": form.text,
        "kategori": form.category,
        "id_kabkota": form.city,
        "kabkota": CITIES[form.city],
        "lokasi": form.place,
        "lat": form.lat,
        "lon": form.lon,
        "jenis": int(form.public),
        "anonim": form.anonymous,
        "pelapor": None if form.anonymous else {"nama": form.name},
        "nomor_luar": form.our_ticket,
        "status": status_of(complaint, switches),
        "dibuat": written(complaint.at),
        "diubah": written(complaint.changed),
    }


def detail_of(complaint: Complaint, switches: Switches) -> dict[str, Any]:
    """A complaint with its timeline and its files."""
    files = [
        {
            "nama": file.name,
            "tipe": file.media_type,
            "ukuran": len(file.content),
            "url": f"/api/aduan/{complaint.ticket}/lampiran/{number}",
        }
        for number, file in enumerate(complaint.files, 1)
    ]
    lines = [_line(line) for line in complaint.lines]
    return entry_of(complaint, switches) | {"lampiran": files, "linimasa": lines}


def _line(line: Line) -> Mapping[str, Any]:
    return {
        "id": line.id,
        "judul": line.title,
        "isi": line.text,
        "waktu": written(line.at),
        "petugas": line.by,
        "ref": line.ref,
    }
