"""Settings of the Discord process, from the environment alone."""

import logging
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REAL_API = "https://discord.com/api/v10"
NOT_SET = "{} is not set. Put it into .env or into the environment."


class ConfigError(Exception):
    """A setting is missing or makes no sense; the text is a sentence for whoever runs the process."""


class Config(BaseSettings):
    """The settings. `discord_api` and its like are set when a sandbox stands in for Discord."""

    model_config = SettingsConfigDict(
        case_sensitive=True, frozen=True, extra="ignore", validate_default=False
    )

    token: SecretStr = Field(validation_alias="DISCORD_BOT_TOKEN")
    api_key: SecretStr = Field(validation_alias="API_KEY")
    backend_url: str = Field("http://localhost:8080", validation_alias="BACKEND_URL")
    debug_channel: int | None = Field(None, validation_alias="DISCORD_DEBUG_CHANNEL")
    discord_api: str | None = Field(None, validation_alias="DISCORD_API_BASE")
    discord_gateway: str | None = Field(None, validation_alias="DISCORD_GATEWAY", validate_default=True)
    discord_cdn: str | None = Field(None, validation_alias="DISCORD_CDN", validate_default=True)
    log_level: int = Field(logging.INFO, validation_alias="LOG_LEVEL")

    @property
    def sandbox(self) -> bool:
        return self.discord_api is not None

    @property
    def gateway_url(self) -> str:
        """The backend's WebSocket gateway."""
        scheme, rest = self.backend_url.split("://", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/ws/gateway/"

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: dict[str, str]) -> dict[str, str]:
        return {name: value.strip() for name, value in values.items() if value.strip()}

    @field_validator("api_key", mode="before")
    @classmethod
    def _newest_key(cls, keys: str) -> str:
        return keys.split(",")[0].strip()

    @field_validator("backend_url")
    @classmethod
    def _backend_address(cls, value: str) -> str:
        return _address(value, "BACKEND_URL")

    @field_validator("debug_channel", mode="before")
    @classmethod
    def _channel(cls, value: str | None) -> str | None:
        if value and not value.isdecimal():
            raise ValueError("DISCORD_DEBUG_CHANNEL must be the id of a channel, digits only.")
        return value

    @field_validator("discord_api")
    @classmethod
    def _api_address(cls, value: str | None) -> str | None:
        api = (value or "").rstrip("/")
        return None if api in ("", REAL_API) else _address(api, "DISCORD_API_BASE")

    @field_validator("discord_gateway", "discord_cdn")
    @classmethod
    def _sandbox_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        """All three addresses belong to the same Discord: half a sandbox would leak its token to the real one."""
        if info.data.get("discord_api") is None:
            return None
        name = str(info.field_name).upper()
        if value is None:
            raise ValueError(NOT_SET.format(name))
        return _address(value, name, ("ws", "wss") if name == "DISCORD_GATEWAY" else ("http", "https"))

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, name: str) -> int:
        level = logging.getLevelNamesMapping().get(name.upper())
        if level is None:
            raise ValueError("LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR.")
        return level


def load(**values: Any) -> Config:
    """The settings of the environment, with `values` in place of its own."""
    try:
        return Config(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        sentence = NOT_SET.format(name) if first["type"] == "missing" else str(first["ctx"]["error"])
        raise ConfigError(sentence) from None


def _address(value: str, name: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise ValueError(f"{name} must be an address beginning with {schemes[0]}:// or {schemes[1]}://.")
    return value.rstrip("/")
