"""WHATSAPP_* from the environment. The descriptions are what `hub check` shows."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the city enters after making a Meta app; the README says where each value is found."""

    model_config = SettingsConfigDict(
        env_prefix="WHATSAPP_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    base_url: str = Field(
        default="https://graph.facebook.com",
        pattern=r"^https?://[^/\s]+",
        description="Alamat Graph API milik Meta; diubah hanya untuk tiruan atau gateway",
    )
    api_version: str = Field(
        default="v25.0",
        pattern=r"^v\d+\.\d+$",
        description="Versi Graph API; masa berlakunya tertera di halaman changelog Meta",
    )
    phone_number_id: str = Field(
        pattern=r"\w",
        description="ID nomor telepon (bukan nomornya) dari Meta: WhatsApp > API Setup; beberapa "
        "nomor dipisah koma, yang pertama dipakai mengirim bila asal percakapan tidak diketahui",
    )
    access_token: SecretStr = Field(
        description="Token system user yang tidak kedaluwarsa: Business Settings > System users, "
        "izin whatsapp_business_messaging"
    )
    app_secret: SecretStr = Field(
        description="App secret untuk memeriksa tanda tangan webhook: App settings > Basic; "
        "dua dipisah koma selama pergantian"
    )
    verify_token: SecretStr = Field(
        description="Kata sandi karangan sendiri, sama dengan isian Verify token di WhatsApp > Configuration"
    )
    max_media_bytes: int = Field(
        default=100_000_000,
        gt=0,
        description="Ukuran terbesar satu lampiran (byte); batas Meta untuk dokumen 100 MB",
    )
    per_second: float = Field(
        default=20.0,
        gt=0,
        le=1000,
        description="Pesan keluar per detik; batas Meta 80, atau 20 bila nomor juga dipakai di "
        "aplikasi WhatsApp Business",
    )

    receipt_seconds: float = Field(
        default=90,
        ge=0,
        description="Berapa lama kiriman yang belum pasti menunggu tanda terima dari Meta sebelum "
        "petugas ditanya",
    )

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our phone number ids; the first sends where no route is known."""
        return _listed(self.phone_number_id)

    @property
    def app_secrets(self) -> tuple[str, ...]:
        """The secrets a webhook may be signed with: two during a rotation."""
        return _listed(self.app_secret.get_secret_value())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
