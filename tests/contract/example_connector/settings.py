"""BOARD_* from the environment."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the board is, and what proves who we and they are."""

    model_config = SettingsConfigDict(env_prefix="BOARD_")

    base_url: str
    token: SecretStr
    secret: SecretStr
