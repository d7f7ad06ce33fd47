"""SP4N_* from the environment. What nobody outside knows is a setting here, never a guess."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.contract import Mode

ASK = "tanyakan ke admin@lapor.go.id"
FILE_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(f"{name!r} bukan zona waktu, mis. Asia/Jakarta") from None
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]

# What only the API needs; cards and files must work without any of it.
_FOR_THE_API: Mapping[str, Any] = {
    "base_url": "",
    "bearer": "",
    "token": "",
    "user_id": 0,
    "institution_id": 0,
    "channel_id": 0,
    "location_id": 0,
    "classification_id": 0,
}


class Settings(BaseSettings):
    """What differs from city to city, or is not public; `hub check` shows the descriptions."""

    model_config = SettingsConfigDict(
        env_prefix="SP4N_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    mode: Mode = Field(
        default=Mode.API,
        description="Cara laporan sampai ke sana: api, file (berkas CSV/XLSX dengan `hub export` dan "
        "`hub import`) atau assisted (disalin petugas dari kartu)",
    )
    form_url: str = Field(
        default="https://www.lapor.go.id/",
        pattern=r"^https?://\S+$",
        description="Alamat yang dibuka petugas untuk membuat laporan (mode file dan assisted)",
    )
    page_url: str = Field(
        default="",
        pattern=r"^(https?://\S*\{id\}\S*)?$",
        description="Alamat laman satu laporan, dengan {id} di dalamnya, mis. "
        "https://www.lapor.go.id/pengaduan/{id}; kosong berarti SP4N_FORM_URL",
    )
    institution_name: str = Field(
        default="",
        description="Nama instansi kita seperti di SP4N-LAPOR!, instansi tujuan bagi petugas yang "
        "menyalin; kosong berarti hanya ID-nya yang disebut",
    )
    classification_name: str = Field(
        default="Pengaduan",
        min_length=1,
        description="Klasifikasi yang dipilih petugas yang menyalin: Pengaduan, Aspirasi atau "
        "Permintaan Informasi",
    )

    base_url: str = Field(
        pattern=r"^(https?://[^/\s]+.*)?$",
        description=f"Alamat API v3, lewat gateway SPLP atau server latihan; {ASK}",
    )
    auth_header: Literal["auth", "Authorization"] = Field(
        default="auth",
        description="Nama header bearer: auth di balik SPLP, Authorization di server latihan",
    )
    bearer: SecretStr = Field(description=f"Nilai bearer tetap, sekitar 60 karakter; {ASK}")
    bearer_prefix: str = Field(
        default="",
        description="Kata di depan nilai bearer, mis. Bearer; tidak digandakan, biasanya kosong",
    )
    token: SecretStr = Field(
        description=f"GUID untuk header token; kurung kurawalnya ditambahkan bila kurang; {ASK}"
    )

    create_path: str = Field(
        default="/complaints/complaint",
        description="Jalur untuk membuat laporan; mitra dapat diberi jalur sendiri",
    )
    inbound_path: str = Field(
        default="",
        description="Jalur daftar laporan yang masuk ke instansi kita; tidak dikenal umum, kosong "
        f"berarti tidak ditarik; {ASK}",
    )
    user_id: int = Field(description="ID akun LAPOR! perantara yang dipakai membuat laporan warga")
    admin_user_id: int | None = Field(
        default=None,
        description="ID akun LAPOR! admin instansi kita, penulis tindak lanjut; kosong berarti SP4N_USER_ID",
    )
    institution_id: int = Field(
        description="ID instansi kita (5 atau 6 angka); `hub check` mencocokkannya dengan master"
    )
    channel_id: int = Field(description=f"Nomor sumber laporan (channel) kita; {ASK}")
    location_id: int = Field(description=f"Nomor kota kita dalam tabel lokasi mereka; {ASK}")
    classification_id: int = Field(
        description=f"Nomor klasifikasi untuk laporan kita (LMW memakai 6); {ASK}"
    )
    template_code: str = Field(
        default="reply_lmw", description="Kode template jawaban resmi, dari master templates"
    )
    addition_template_code: str = Field(
        default="",
        description="Kode template tambahan dari pelapor, yang bukan jawaban instansi; kosong "
        f"berarti tidak disebut; {ASK}",
    )
    new_users: bool = Field(
        default=False,
        description="Laporan dibuat atas nama warga sebagai pengguna baru, bukan akun perantara; "
        "nama dan nomor telepon keluar dari hub, jadi tanyakan dasar hukumnya kepada PPID",
    )
    new_user_email: str = Field(
        default="",
        description="Alamat e-mail pengguna baru, dengan {ticket} di dalamnya; belum diketahui "
        f"apakah harus unik; {ASK}",
    )
    dispose_at_once: bool = Field(
        default=True,
        description="Laporan baru langsung didisposisikan ke instansi kita, tanpa admin nasional",
    )
    is_inbox: bool | None = Field(
        default=None, description="Isian is_inbox pada jalur mitra; kosong berarti tidak dikirim"
    )
    is_approval: bool = Field(
        default=False, description=f"Isian is_approval, belum diketahui artinya; {ASK}"
    )
    attachment_encoding: Literal["plain", "dot"] = Field(
        default="plain",
        description='Penulisan ID lampiran: plain "[1,2]", atau dot "[1,2]." (sejak 2025-11)',
    )
    date_format: str = Field(
        default="%Y-%m-%d", description="Penulisan date_of_incident, dalam kode strftime"
    )
    title_limit: int = Field(default=150, gt=20, description="Judul terpanjang (karakter)")
    content_limit: int = Field(
        default=3000, gt=600, description="Isi terpanjang (karakter); ekspor tidak pernah lebih"
    )
    max_files: int = Field(default=5, ge=0, description="Lampiran terbanyak per laporan (LMW: 5)")
    max_file_bytes: int = Field(
        default=5_000_000, gt=0, description="Ukuran terbesar satu lampiran (byte; LMW: 5 MB)"
    )
    file_types: frozenset[str] = Field(
        default=FILE_TYPES,
        description="Jenis lampiran yang diterima, daftar JSON; sisanya disebut dalam isi laporan",
    )

    timezone: ZoneName = Field(
        default="Asia/Jakarta", description="Zona waktu di API, yang tidak menyebutkannya"
    )
    export_timezone: ZoneName = Field(
        default="UTC",
        description="Zona waktu Laporan Ringkas; cocokkan dengan laporan yang jamnya diketahui",
    )
    inspect_seconds: float = Field(
        default=3600, gt=0, description="Selang melihat ulang laporan yang belum selesai (detik)"
    )
    poll_seconds: float = Field(
        default=900, gt=0, description="Selang menarik SP4N_INBOUND_PATH (detik)"
    )
    submit_seconds: float = Field(
        default=90, gt=0, description="Batas waktu membuat laporan dan mengunggah (detik)"
    )
    per_second: float = Field(
        default=2,
        gt=0,
        description="Panggilan per detik, kiriman dan pemeriksaan bersama-sama; batas mereka tidak "
        "diketahui",
    )
    masters_page_size: int = Field(
        default=1000, gt=0, description="Baris per halaman tabel master"
    )
    inbound_page_size: int = Field(
        default=100, gt=0, description="Baris per halaman daftar laporan masuk"
    )
    max_pages: int = Field(
        default=200, gt=0, description="Halaman terbanyak yang diikuti dalam satu daftar"
    )

    @model_validator(mode="before")
    @classmethod
    def _without_the_api(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("mode", Mode.API) != Mode.API:
            return {**_FOR_THE_API, **given}
        return given

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times in the API."""
        return ZoneInfo(self.timezone)

    @property
    def export_zone(self) -> ZoneInfo:
        """The zone of times in an export."""
        return ZoneInfo(self.export_timezone)
