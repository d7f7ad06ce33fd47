"""LAPORGUB_* from the environment. What nobody outside knows is a setting here, never a guess."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.contract import Mode

ASK = "tanyakan ke Diskominfo Jateng"
SHORTEST_PAGE_SECONDS = 21_600
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(f"{name!r} bukan zona waktu, mis. Asia/Jakarta") from None
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"pola {text!r} tidak dapat dibaca: {error}") from None
    return text


# What only the API needs; cards and files must work without any of it.
_FOR_THE_API: Mapping[str, Any] = {"base_url": "", "api_key": ""}


class Settings(BaseSettings):
    """What differs from city to city, or is not public; `hub check` shows the descriptions."""

    model_config = SettingsConfigDict(
        env_prefix="LAPORGUB_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    mode: Mode = Field(
        description="Cara laporan sampai ke sana: assisted (disalin petugas), file (berkas) atau "
        "api; kota mulai dengan assisted, api hanya setelah ada kesepakatan dengan provinsi",
    )
    base_url: str = Field(
        pattern=r"^(https?://[^/\s]+.*)?$",
        description=f"Alamat API tanpa garis miring di akhir, hanya untuk mode api; {ASK}",
    )
    api_key: SecretStr = Field(description=f"Kunci API, hanya untuk mode api; {ASK}")
    auth_header: str = Field(
        default="X-Api-Key", min_length=1, description=f"Nama header yang membawa kunci; {ASK}"
    )
    auth_prefix: str = Field(
        default="", description="Kata di depan kunci, mis. Bearer; biasanya kosong"
    )

    form_url: str = Field(
        default="https://laporgub.jatengprov.go.id/buat-aduan",
        pattern=r"^https?://\S+$",
        description="Alamat formulir aduan yang dibuka petugas",
    )
    page_url: str = Field(
        default="https://laporgub.jatengprov.go.id/detail/{ticket}",
        pattern=r"^https?://\S*\{ticket\}\S*$",
        description="Alamat laman publik satu aduan, dengan {ticket} di dalamnya",
    )
    read_page: bool = Field(
        default=False,
        description="Membaca laman publik aduan yang kita pegang, pelan-pelan; hanya dengan izin "
        "provinsi, tidak berlaku dalam mode api",
    )
    page_seconds: float = Field(
        default=21_600,
        gt=0,
        description="Selang membaca satu laman publik (detik; paling cepat 21600)",
    )
    page_agent: str = Field(
        default="SimpulAduan/0.1 (+kontak)",
        min_length=1,
        description="User-Agent pembaca laman; ganti «kontak» dengan alamat Diskominfo Anda",
    )

    ticket_pattern: Annotated[str, AfterValidator(_pattern)] = Field(
        default=r"^LG[A-Z]{2}\d{6,10}$",
        description="Bentuk nomor LaporGub; nomor lain tetap diterima, dengan peringatan",
    )
    ticket_prefix: str = Field(
        default="LGWP", description="Awalan yang ditambahkan bila hanya delapan angka yang diketik"
    )
    region_id: str = Field(
        default="3375",
        pattern=r"^\d{2,4}$",
        description="Kode kabupaten/kota kita di LaporGub: kode Kemendagri tanpa titik",
    )

    title_limit: int = Field(default=150, gt=20, description="Judul terpanjang (karakter)")
    text_limit: int = Field(default=3000, gt=600, description=f"Isi terpanjang (karakter); {ASK}")
    max_files: int = Field(default=5, ge=0, description=f"Lampiran terbanyak; {ASK}")
    max_file_bytes: int = Field(
        default=5_000_000, gt=0, description=f"Ukuran terbesar satu lampiran (byte); {ASK}"
    )

    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="Asia/Jakarta", description="Zona waktu mereka, di mana tidak disebutkan"
    )
    poll_seconds: float = Field(
        default=300, gt=0, description="Selang menarik daftar aduan (detik), hanya mode api"
    )
    inspect_seconds: float = Field(
        default=3600, gt=0, description="Selang melihat ulang aduan yang belum selesai (detik)"
    )
    per_second: float = Field(
        default=2, gt=0, description=f"Kiriman per detik; batas mereka tidak diketahui, {ASK}"
    )
    page_size: int = Field(default=100, gt=0, description="Baris per halaman daftar")

    @model_validator(mode="before")
    @classmethod
    def _without_the_api(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("mode") != Mode.API:
            return {**_FOR_THE_API, **given}
        return given

    @model_validator(mode="after")
    def _api_is_complete(self) -> "Settings":
        if self.mode is Mode.API and not (self.base_url and self.api_key.get_secret_value()):
            raise ValueError(
                f"LAPORGUB_MODE=api memerlukan LAPORGUB_BASE_URL dan LAPORGUB_API_KEY; {ASK}, "
                "atau mulai dengan LAPORGUB_MODE=assisted"
            )
        return self

    @model_validator(mode="after")
    def _page_is_read_slowly(self) -> "Settings":
        is_ours = urlsplit(self.page_url).hostname in LOOPBACK
        if self.read_page and not is_ours and self.page_seconds < SHORTEST_PAGE_SECONDS:
            raise ValueError(
                f"LAPORGUB_PAGE_SECONDS paling cepat {SHORTEST_PAGE_SECONDS}: laman publik provinsi "
                "tidak boleh dibebani"
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times that name none."""
        return ZoneInfo(self.timezone)
