"""The calls of the imitated centre, as its agents write them down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
TYPES = ("Normal", "Emergency", "Information", "Prank", "Ghost", "Silent Call")
HEADER = (
    "NO",
    "NO TIKET",
    "WAKTU LAPOR ",
    " Tipe Laporan",
    "KATEGORI",
    "Sub Kategori 1 ",
    "SUB KATEGORI 2",
    "NO. TELP\nPENELPON",
    "LOKASI  KEJADIAN",
    "KECAMATAN",
    "KELURAHAN",
    "KOORDINAT",
    "URAIAN LAPORAN",
    "OPD TUJUAN",
    "STATUS",
    "WAKTU SELESAI ",
    "LINK REKAMAN",
    "KET.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `complaint` names what it is about, for whoever checks the day; no agent writes it down."""

    number: int
    at: datetime
    type: str
    category: str
    text: str
    phone: str = ""
    sub_category: str = ""
    place: str = ""
    district: str = ""
    village: str = ""
    point: str = ""
    agency: str = ""
    note: str = ""
    complaint: str = ""

    @property
    def ticket(self) -> str:
        """Their number of the call."""
        return f"112-{self.at.astimezone(WIB):%y%m%d}-{self.number:05d}"

    def row(self) -> tuple[str, ...]:
        """The call as a row of the yearly file."""
        taken = self.at.astimezone(WIB)
        return (
            str(self.number),
            self.ticket,
            f"{taken:%d/%m/%Y %H:%M:%S}",
            self.type,
            self.category,
            self.sub_category,
            "",
            self.phone,
            self.place,
            self.district,
            self.village,
            self.point,
            self.text,
            self.agency,
            # Agents fill the status in when the agency has reported back; here none ever does.
            "",
            "",
            f"https://rekaman.contoh.example/112/{self.ticket}.wav",
            self.note,
        )


def call_of(facts: Mapping[str, Any], *, number: int, at: datetime) -> Call:
    """A call from what was typed; `ValueError` with a sentence where that is no call."""
    known = {name: str(value).strip() for name, value in facts.items() if name in _TYPED}
    if known.get("type") not in TYPES:
        raise ValueError(f"Tipe panggilan harus salah satu dari {', '.join(TYPES)}.")
    if not (known.get("text") and known.get("category")):
        raise ValueError("Kategori dan uraian harus diisi.")
    return Call(number=number, at=at, **known)


_TYPED = frozenset(Call.__slots__) - {"number", "at"}
