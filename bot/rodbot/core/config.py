"""Settings of the Discord process, from the environment alone."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

REAL_API = "https://discord.com/api/v10"


class ConfigError(Exception):
    """A setting is missing or makes no sense; the text is a sentence for whoever runs the process."""


@dataclass(frozen=True, slots=True)
class Config:
    """`sandbox` is true when another address than Discord's own stands in for Discord."""

    token: str = field(repr=False)
    api_key: str = field(repr=False)
    backend_url: str
    debug_channel: int | None
    discord_api: str | None
    discord_gateway: str | None
    discord_cdn: str | None
    log_level: int

    @property
    def sandbox(self) -> bool:
        return self.discord_api is not None

    @property
    def gateway_url(self) -> str:
        """The backend's WebSocket gateway."""
        scheme, rest = self.backend_url.split("://", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/ws/gateway/"


def read(env: Mapping[str, str]) -> Config:
    api = _discord_api(env)
    return Config(
        token=_needed(env, "DISCORD_BOT_TOKEN"),
        api_key=_needed(env, "API_KEY").split(",")[0].strip(),
        backend_url=_address(env.get("BACKEND_URL", "").strip() or "http://localhost:8080", "BACKEND_URL"),
        debug_channel=_channel(env.get("DISCORD_DEBUG_CHANNEL", "").strip()),
        discord_api=api,
        discord_gateway=_stand_in(env, "DISCORD_GATEWAY", api),
        discord_cdn=_stand_in(env, "DISCORD_CDN", api),
        log_level=_level(env.get("LOG_LEVEL", "").strip() or "INFO"),
    )


def _needed(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set. Put it into .env or into the environment.")
    return value


def _address(value: str, name: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise ConfigError(f"{name} must be an address beginning with {schemes[0]}:// or {schemes[1]}://.")
    return value.rstrip("/")


def _discord_api(env: Mapping[str, str]) -> str | None:
    value = env.get("DISCORD_API_BASE", "").strip().rstrip("/")
    return None if value in ("", REAL_API) else _address(value, "DISCORD_API_BASE")


def _stand_in(env: Mapping[str, str], name: str, api: str | None) -> str | None:
    """All three addresses belong to the same Discord: half a stand-in would leak a sandbox token to the
    real one."""
    if api is None:
        return None
    schemes = ("ws", "wss") if name == "DISCORD_GATEWAY" else ("http", "https")
    return _address(_needed(env, name), name, schemes)


def _channel(value: str) -> int | None:
    if value and not value.isdecimal():
        raise ConfigError("DISCORD_DEBUG_CHANNEL must be the id of a channel, digits only.")
    return int(value) if value else None


def _level(name: str) -> int:
    level = logging.getLevelNamesMapping().get(name.upper())
    if level is None:
        raise ConfigError("LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR.")
    return level
