"""Their messages, field for field. Not documented in public: from a client and from exports."""

from typing import Literal, TypedDict


class Complaint(TypedDict, total=False):
    """`POST /complaints/complaint`; `attachments` is a text such as "[1,2]", or false for none."""

    title: str
    content: str
    channel: int
    is_new_user_slider: bool
    user_id: int
    nameUser: str
    phoneUser: str
    emailUser: str | None
    is_inbox: bool
    is_disposisi_slider: bool
    disposition_id: int
    classification_id: int
    category_id: int
    location_id: int
    priority_program_id: None
    community_id: None
    copy_externals: None
    date_of_incident: str
    info_disposition: str
    info_attachments: None
    tags_raw: str
    is_approval: bool
    is_anonymous: bool
    is_secret: bool
    is_priority: bool
    attachments: str | Literal[False]


class FollowUp(TypedDict, total=False):
    """`POST /complaints/followup/add`, a form; its files are `attachment[0]`, `attachment[1]`."""

    user_id: str
    institution_from_id: str
    institution_to_id: str
    complaint_id: str
    info_disposition: str
    template_code: str
    rating: str
    is_secret: str
    content: str


class Rejection(TypedDict):
    """`POST /complaints/process/{complaint_id}/reject`; `reason` is the right institution's id."""

    is_request: Literal[1]
    reason: str
    reason_description: str
    not_authority: Literal[1]


TRACKING_ID = "Tracking ID"
DATE = "Tanggal Laporan Masuk"
TIME = "Waktu Laporan Masuk"
REPORTER = "Nama Pelapor"
CATEGORY_ID = "ID Kategori"
CATEGORY = "Kategori"
TITLE = "Judul Laporan"
TEXT = "Isi Laporan Awal"
MODERATED_TEXT = "Isi Laporan Akhir"
VISIBILITY = "Tipe Laporan (Anonim/Rahasia)"
STATUS = "Status Laporan"
AGENCY = "Instansi Terdisposisi"
REASON = "Alasan Tunda/Arsip"
PLACE = ("Kelurahan", "Kecamatan", "Kota/Kabupaten", "Provinsi")

# The union of all layouts met; a file has 17, 20, 21 or all 26 of them, and is read by name.
COLUMNS = frozenset(
    {
        TRACKING_ID,
        DATE,
        TIME,
        REPORTER,
        "Klasifikasi Laporan",
        CATEGORY_ID,
        CATEGORY,
        TITLE,
        TEXT,
        MODERATED_TEXT,
        VISIBILITY,
        "Sumber Laporan",
        "Instansi Induk",
        "ID Instansi Terdisposisi",
        AGENCY,
        STATUS,
        REASON,
        *PLACE,
        "Nomor SK",
        "Url SK",
        "Url Dokumen Laporan Tahunan",
        "Laporan yang Masuk melalui Kanal Aduan Setwapres",
        "Rating",
    }
)
