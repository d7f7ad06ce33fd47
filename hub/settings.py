"""HUB_* settings. Connectors own theirs."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    port: int = Field(8112, description="port yang didengarkan web")
    secret_key: SecretStr = Field(
        description="mengenkripsi identitas dan pesan mentah; sedikitnya 32 karakter, misalnya dari "
        "`openssl rand -hex 32`; saat pergantian: kunci baru, koma, kunci lama",
        min_length=32,
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
        104_857_600, description="lampiran yang lebih besar tidak diambil (byte)"
    )
    turn_seconds: float = Field(
        5, description="pesan warga yang sedekat ini dianggap satu laporan (detik)"
    )
    turn_longest_seconds: float = Field(
        60, description="paling lama menunggu pesan lanjutan (detik)"
    )
    patience_first_seconds: float = Field(2, description="jeda sesudah kegagalan pertama (detik)")
    pause_seconds: float = Field(60, description="lama jeda bila kredensial ditolak (detik)")
    doubt_seconds: float = Field(
        30, description="jeda sebelum hub mencari kiriman yang belum pasti (detik)"
    )
    poll_error_seconds: float = Field(
        3600, description="jeda sesudah pengambilan yang gagal (detik)"
    )
    files_wait_seconds: float = Field(900, description="lama kiriman menunggu lampirannya (detik)")
    silence_hours: float = Field(
        24, description="kanal yang sekian jam tanpa kabar mendapat kartu"
    )
    raw_days: int = Field(30, description="pesan mentah dihapus sekian hari setelah terbaca")
    stop_seconds: float = Field(
        20, description="lama penghentian menunggu kiriman yang sedang berjalan (detik)"
    )

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
