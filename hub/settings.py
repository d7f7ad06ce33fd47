"""HUB_* settings. Connectors own theirs."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What the hub itself needs to know. Every field says what it is, for `hub check`."""

    model_config = SettingsConfigDict(env_prefix="HUB_", extra="ignore", env_ignore_empty=True)

    database_url: str = Field("sqlite+aiosqlite:///hub.db", description="where everything is kept")
    redis_url: str | None = Field(
        None, description="Redis for `hub serve` and `hub work`; `hub up` needs none"
    )
    host: str = Field("127.0.0.1", description="the address the web listens on")
    port: int = Field(8112, description="the port the web listens on")
    secret_key: SecretStr = Field(
        description="encrypts identities and raw messages; at least 32 characters, for example from "
        "`openssl rand -hex 32`; the old key behind the new one, separated by a comma, in a rotation",
        min_length=32,
    )
    api_keys: SecretStr = Field(
        SecretStr(""),
        description="who may use the API and the pages: name:key, several separated by commas",
    )
    timezone: str = Field("Asia/Jakarta", description="the zone that pages show times in")
    city_code: str = Field("33.75", description="the city's region code (Kepmendagri)")
    ticket_prefix: str = Field("PKL", description="what tickets begin with")
    files_dir: Path = Field(Path("files"), description="the folder for attachments")
    mappings_dir: Path = Field(HERE / "mappings", description="the folder with the mappings")
    max_file_bytes: int = Field(104_857_600, description="larger attachments are not fetched")
    turn_seconds: float = Field(
        5, description="a citizen's messages this close together are one thing said"
    )
    turn_longest_seconds: float = Field(60, description="a turn is closed at the latest after")
    patience_first_seconds: float = Field(2, description="the wait after a first failure")
    pause_seconds: float = Field(
        60, description="how long a refused credential pauses a connector"
    )
    doubt_seconds: float = Field(
        30, description="how long a push in doubt rests before the hub looks for it"
    )
    poll_error_seconds: float = Field(
        3600, description="how long after a failed poll to try again"
    )
    files_wait_seconds: float = Field(
        900, description="how long a new complaint waits for its attachments"
    )
    silence_hours: float = Field(24, description="a channel this long without news gets a card")
    raw_days: int = Field(30, description="raw messages are forgotten so long after being read")
    stop_seconds: float = Field(20, description="how long a stop waits for pushes under way")

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
