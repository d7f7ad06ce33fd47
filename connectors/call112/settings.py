"""CALL112_* from the environment: where the log of the call centre is found, and what is made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

NO_SOURCE = (
    "tidak ada sumber log: isi CALL112_FOLDER (folder yang diawasi), CALL112_FILE_URL (berkas lewat "
    "HTTP) atau CALL112_DATABASE_URL (basis data pusat panggilan)"
)

# What people write, and the async driver that reads it.
_DRIVERS: Mapping[str, str] = {
    "mysql": "mysql+aiomysql",
    "mariadb": "mysql+aiomysql",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
}
_NAME = r"[A-Za-z_][A-Za-z0-9_$]*"
_TABLE_NAME = re.compile(rf"{_NAME}(\.{_NAME})?")
# One reading statement. It is also run inside of another SELECT, in a transaction that cannot write.
_SELECT = re.compile(r"\s*select\s[^;]*:cursor\b[^;]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle the city lies in; a pin outside of it is a mistake."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Whether the point lies in it."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


def _numbers(text: str, count: int) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count:
        raise ValueError(f"{text!r} bukan {count} angka yang dipisah koma")
    return numbers


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"{name!r} bukan zona waktu, mis. Asia/Jakarta") from None
    return name


def _a_box(text: str) -> str:
    south, west, north, east = _numbers(text, 4)
    if south >= north or west >= east:
        raise ValueError(f"{text!r} harus selatan,barat,utara,timur")
    return text


def _a_point_or_nothing(text: str) -> str:
    if text:
        _numbers(text, 2)
    return text


def _column_or_table(name: str) -> str:
    if name and not _TABLE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} bukan nama tabel atau kolom")
    return name


Name = Annotated[str, AfterValidator(_column_or_table)]


class Settings(BaseSettings):
    """What differs from city to city; `hub check` shows the descriptions."""

    model_config = SettingsConfigDict(
        env_prefix="CALL112_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    folder: str = Field(
        default="",
        description="Folder tempat pusat panggilan meletakkan berkas log (xlsx, csv); berkas yang "
        "selesai pindah ke subfolder selesai/, yang tak terbaca ke ditolak/ beserta alasannya",
    )
    file_url: str = Field(
        default="",
        pattern=r"^(https?://[^/@\s]+(/.*)?)?$",
        description="Alamat HTTP(S) berkas log yang diambil berkala, tanpa sandi di dalamnya; hanya "
        "diunduh bila berubah",
    )
    file_authorization: SecretStr = Field(
        default=SecretStr(""),
        description="Isi header Authorization bila berkas itu dijaga, mis. Basic ... atau Bearer ...",
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Alamat basis data pusat panggilan, mis. mysql://baca:sandi@server/call112; "
        "minta akun yang hanya boleh membaca",
    )
    query: str = Field(
        default="",
        description="Satu SELECT dengan syarat kolom posisi > :cursor; kosong berarti dibuat dari "
        "CALL112_TABLE dan CALL112_CURSOR_COLUMN",
    )
    table: Name = Field(default="", description="Tabel atau view log, mis. laporan_insiden")
    cursor_column: Name = Field(
        default="",
        description="Kolom yang hanya bertambah (nomor urut atau waktu ubah); baris sesudah nilai "
        "terakhirnya yang dibaca",
    )
    cursor_start: str = Field(
        default="0",
        description="Nilai :cursor yang pertama, mis. 0 atau 2026-01-01; hanya untuk CALL112_QUERY",
    )
    overlap_rows: int = Field(
        default=100,
        ge=1,
        description="Baris sebelum posisi terakhir yang dibaca ulang, untuk baris yang terlambat "
        "disimpan; yang sama tidak menjadi dua",
    )
    profile: str = Field(
        default="",
        description="Profil kolom dalam mappings/call112/, mis. surabaya; kosong berarti dikenali "
        "dari isi berkas; wajib untuk CALL112_DATABASE_URL",
    )
    poll_seconds: float = Field(default=60, gt=0, description="Selang melihat sumber (detik)")
    settle_seconds: float = Field(
        default=10,
        ge=0,
        description="Berkas yang berubah dalam waktu ini dianggap masih ditulis (detik)",
    )
    keep_days: int = Field(
        default=30,
        ge=0,
        description="Lama berkas asli disimpan di selesai/ sebelum dihapus (hari); isinya nomor "
        "telepon penelepon. Yang di ditolak/ tetap sampai diambil petugas",
    )
    max_file_bytes: int = Field(
        default=200_000_000, gt=0, description="Ukuran terbesar berkas log (byte)"
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="Asia/Jakarta",
        description="Zona waktu dalam log yang tidak menyebutkannya dan dalam profilnya tidak ada",
    )
    information: Literal["count", "complaint"] = Field(
        default="count",
        description="Panggilan informasi: count (hanya dihitung) atau complaint (menjadi aduan)",
    )
    repeat_minutes: float = Field(
        default=30,
        ge=0,
        description="Panggilan ulang nomor yang sama tentang kategori yang sama dalam waktu ini "
        "adalah satu laporan (menit)",
    )
    callback: bool = Field(
        default=False,
        description="Buat daftar telepon balik (`hub export call112`) untuk penelepon yang minta "
        "dikabari; tanpa ini 112 tidak diberi kabar apa pun",
    )
    city_box: Annotated[str, AfterValidator(_a_box)] = Field(
        default="-6.98,109.60,-6.83,109.75",
        description="Kotak wilayah kota: selatan,barat,utara,timur; titik di luarnya tidak dipakai",
    )
    ghost_pin: Annotated[str, AfterValidator(_a_point_or_nothing)] = Field(
        default="-6.897139,109.661914",
        description="Titik bawaan operator (balai kota) yang bukan tempat kejadian: lintang,bujur",
    )
    page_rows: int = Field(default=500, gt=0, description="Baris per halaman")

    @field_validator("database_url", mode="before")
    @classmethod
    def _with_an_async_driver(cls, given: Any) -> Any:
        text = given.get_secret_value() if isinstance(given, SecretStr) else given
        if not isinstance(text, str) or "://" not in text:
            return given
        scheme, rest = text.split("://", 1)
        return SecretStr(f"{_DRIVERS.get(scheme.split('+')[0].lower(), scheme)}://{rest}")

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        url = self.database_url.get_secret_value()
        if not (self.folder or self.file_url or url):
            raise ValueError(NO_SOURCE)
        if not url:
            return self
        if urlsplit(url).scheme not in _DRIVERS.values():
            raise ValueError("CALL112_DATABASE_URL harus mysql://, postgresql:// atau sqlite://")
        if not self.profile:
            raise ValueError("CALL112_DATABASE_URL memerlukan CALL112_PROFILE")
        if not self.cursor_column:
            raise ValueError("CALL112_DATABASE_URL memerlukan CALL112_CURSOR_COLUMN")
        if not (self.query or self.table):
            raise ValueError("CALL112_DATABASE_URL memerlukan CALL112_TABLE atau CALL112_QUERY")
        if self.query and not _SELECT.fullmatch(self.query):
            raise ValueError("CALL112_QUERY harus satu SELECT dengan :cursor, tanpa titik koma")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times in the log."""
        return ZoneInfo(self.timezone)

    @property
    def box(self) -> Box:
        """The rectangle of the city."""
        return Box(*_numbers(self.city_box, 4))

    @property
    def default_pin(self) -> Point | None:
        """The pin an operator leaves where nobody knows the place."""
        return Point(*_numbers(self.ghost_pin, 2)) if self.ghost_pin else None
