"""What the imitation remembers: reports, their history, follow-ups, institutions, switches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

FIRST_ID = 9_200_000
OWN_INSTITUTION = 990100

# Invented, as in the data that this was developed with.
INSTITUTIONS: Mapping[int, str] = {
    OWN_INSTITUTION: "Pemerintah Kota Pekalongan",
    990101: "Badan Penanggulangan Bencana Daerah",
    990102: "Damkar",
    990103: "Dinas Kependudukan dan Pencatatan Sipil",
    990104: "Dinas Kesehatan",
    990105: "Dinas Komunikasi dan Informatika",
    990106: "Dinas Lingkungan Hidup",
    990107: "Dinas Pekerjaan Umum dan Penataan Ruang",
    990108: "Dinas Pendidikan",
    990109: "Dinas Perhubungan",
    990110: "Dinas Sosial, Pengendalian Penduduk dan KB",
    990111: "PSC 119",
    990112: "PSC 119 / Satlantas",
    990113: "Perumda Air Minum",
    990114: "Polres",
    990115: "Satuan Polisi Pamong Praja",
}

TEMPLATES: tuple[Mapping[str, str], ...] = (
    {
        "template_code": "disposition",
        "title": "Disposisi",
        "type": "followup",
        "content": "<p>Didisposisikan ke {{ institution_to }}</p>",
    },
    {
        "template_code": "reply_lmw",
        "title": "Jawaban instansi",
        "type": "followup",
        "content": "<p>{{ institution_from }} menindaklanjuti laporan ini</p>",
    },
)


class Stand(StrEnum):
    """Where a report stands, in the API's words; a disposition names its institution, too."""

    NEW = "Belum Terverifikasi"
    POSTPONED = "Menunggu Kelengkapan Informasi"
    VERIFIED = "Terverifikasi"
    DISPOSED = "Terdisposisi"
    ANSWERED = "Ditindaklanjuti oleh Instansi"
    REPLIED = "Ditanggapi oleh Pelapor"
    CLOSED = "Ditutup oleh Admin"
    CLOSED_BY_SYSTEM = "Ditutup oleh Sistem"
    ARCHIVED = "Diarsipkan oleh Admin"
    ARCHIVED_BY_SYSTEM = "Diarsipkan oleh Sistem"
    REFERRED = "Bukan Wewenang"


ENDS = frozenset(
    {
        Stand.CLOSED,
        Stand.CLOSED_BY_SYSTEM,
        Stand.ARCHIVED,
        Stand.ARCHIVED_BY_SYSTEM,
        Stand.REFERRED,
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report's history."""

    at: datetime
    content: str
    old: str
    new: str
    institution_to: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What somebody wrote under a report; a citizen has no institution."""

    id: int
    at: datetime
    institution: int | None
    content: str
    template_code: str
    files: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Report:
    """A report as this imitation keeps it."""

    id: int
    at: datetime
    fields: Mapping[str, Any]
    institution: int
    stand: Stand = Stand.NEW
    since: datetime = field(init=False)
    lines: list[Line] = field(default_factory=list)
    followups: list[FollowUp] = field(default_factory=list)
    files: tuple[str, ...] = ()
    # The institution that a "bukan wewenang" of the API asks for, until an admin agrees.
    asked_for: int | None = None

    def __post_init__(self) -> None:
        self.since = self.at

    @property
    def status(self) -> str:
        """The word the API shows."""
        if self.stand is Stand.DISPOSED:
            return f"Terdisposisi ke {INSTITUTIONS[self.institution]}"
        return self.stand.value

    @property
    def is_at_end(self) -> bool:
        """Whether the officers are done with it."""
        return self.stand in ENDS


@dataclass(slots=True)
class Switches:
    """What nobody outside knows of the real one, to be tried both ways."""

    null_results: bool = False
    nested_id: bool = False
    accept_duplicates: bool = True
    forbidden_html: bool = False
    refer_at_once: bool = False
    log_shape: str = "mixed"
    zone: str = "Asia/Jakarta"
