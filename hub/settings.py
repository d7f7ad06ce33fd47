"""HUB_* settings. Connectors own theirs."""

from pathlib import Path
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_KEY = 32
HERE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What the hub itself needs to know. Every field says what it is, for `hub check`."""

    model_config = SettingsConfigDict(env_prefix="HUB_", extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///hub.db", description="tempat semua data disimpan"
    )
    redis_url: str | None = Field(
        None, description="Redis untuk `hub serve` dan `hub work`; `hub up` tidak memerlukannya"
    )
    host: str = Field("127.0.0.1", description="alamat yang didengarkan web")
    port: int = Field(8112, ge=1, le=65535, description="port yang didengarkan web")
    secret_key: SecretStr = Field(
        description="mengenkripsi identitas dan pesan mentah; sedikitnya 32 karakter, misalnya dari "
        "`openssl rand -hex 32`; saat pergantian: kunci baru, koma, kunci lama",
    )
    api_keys: SecretStr = Field(
        SecretStr(""),
        description="siapa yang boleh memakai API dan halaman: nama:kunci, beberapa dipisah koma",
    )
    timezone: str = Field("Asia/Jakarta", description="zona waktu pada halaman")
    city_code: str = Field("33.75", description="kode wilayah kota (Kepmendagri)")
    ticket_prefix: str = Field("PKL", description="awalan nomor tiket")
    files_dir: Path = Field(Path("files"), description="folder lampiran")
    mappings_dir: Path = Field(HERE / "mappings", description="folder pemetaan")
    max_file_bytes: int = Field(
        104_857_600, gt=0, description="lampiran yang lebih besar tidak diambil (byte)"
    )
    matching: bool = Field(
        default=True,
        description="laporan yang membicarakan masalah yang sama bergabung menjadi satu aduan",
    )
    turn_seconds: float = Field(
        5, gt=0, description="pesan warga yang sedekat ini dianggap satu laporan (detik)"
    )
    turn_longest_seconds: float = Field(
        60, gt=0, description="paling lama menunggu pesan lanjutan (detik)"
    )
    patience_first_seconds: float = Field(
        2, gt=0, description="jeda sesudah kegagalan pertama (detik)"
    )
    pause_seconds: float = Field(60, gt=0, description="lama jeda bila kredensial ditolak (detik)")
    throttled_seconds: float = Field(
        30, ge=0, description="jeda bila kanal meminta pelan-pelan tanpa menyebut waktu (detik)"
    )
    doubt_seconds: float = Field(
        30, gt=0, description="jeda sebelum hub mencari kiriman yang belum pasti (detik)"
    )
    doubt_looks: int = Field(
        3,
        ge=1,
        le=10,
        description="kiriman yang belum pasti dikirim lagi sesudah sekian kali dicari tanpa hasil, "
        "setiap kali sesudah jeda yang dua kali lebih lama",
    )
    poll_error_seconds: float = Field(
        3600, gt=0, description="jeda terlama sesudah pengambilan yang gagal (detik)"
    )
    looks_per_minute: int = Field(
        60,
        gt=0,
        description="paling banyak sekian aduan per menit dilihat lagi di setiap kanal, oleh semua "
        "proses bersama-sama",
    )
    files_wait_seconds: float = Field(
        900, gt=0, description="lama kiriman menunggu lampirannya (detik)"
    )
    silence_hours: float = Field(
        24, gt=0, description="kanal yang sekian jam tanpa kabar mendapat kartu"
    )
    raw_days: int = Field(30, gt=0, description="pesan mentah dihapus sekian hari setelah terbaca")
    stop_seconds: float = Field(
        20, gt=0, description="lama penghentian menunggu kiriman yang sedang berjalan (detik)"
    )

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("bukan nama zona waktu; tuliskan seperti Asia/Jakarta")
        return name

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("tuliskan seperti redis://localhost:6379/0")
        return url

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        parts = key.get_secret_value().split(",")
        if any(len(part.strip()) < SHORTEST_KEY for part in parts):
            raise ValueError(f"setiap kunci memerlukan sedikitnya {SHORTEST_KEY} karakter")
        return key

    @field_validator("api_keys")
    @classmethod
    def _are_named(cls, keys: SecretStr) -> SecretStr:
        parts = [part for part in keys.get_secret_value().split(",") if part.strip()]
        if any(not all(half.strip() for half in part.partition(":")) for part in parts):
            raise ValueError("tuliskan setiap kunci sebagai nama:kunci")
        return keys

    @property
    def secrets(self) -> list[str]:
        """The secret keys, newest first."""
        return [part.strip() for part in self.secret_key.get_secret_value().split(",")]

    @property
    def keys(self) -> dict[str, str]:
        """API keys by the name of who holds them."""
        pairs = (part.strip() for part in self.api_keys.get_secret_value().split(","))
        named = (pair.partition(":") for pair in pairs if pair)
        return {name.strip(): key.strip() for name, _, key in named if key.strip()}
