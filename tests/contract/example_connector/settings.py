"""BOARD_* from the environment."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.contract import Mode


class Settings(BaseSettings):
    """Where the board is, and what proves who we and they are."""

    model_config = SettingsConfigDict(env_prefix="BOARD_")

    base_url: str
    token: SecretStr
    secret: SecretStr
    mode: Mode = Field(default=Mode.API, description="api, file atau assisted")
