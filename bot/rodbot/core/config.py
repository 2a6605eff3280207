"""Settings of the Discord process, from the environment and `.env` (`contract/variables.py` declares them)."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from yarl import URL

import contract
from contract import variables
from contract.dotenv import ConfigError
from contract.shards import Shards
from contract.variables import Variables

REAL_API = "https://discord.com/api/v10"
NOT_SET = "{} is not set. Put it into .env or into the environment."
BACKEND = Path(contract.__file__).resolve().parent.parent


@dataclass(frozen=True)
class Config:
    """The settings. `discord_api` and its like are set when a sandbox stands in for Discord."""

    token: SecretStr
    api_key: SecretStr
    backend_url: str
    gateway: str
    site_url: str
    debug_channel: int | None
    dice_emoji: bool
    message_content: bool
    discord_api: str | None
    discord_gateway: str | None
    discord_cdn: str | None
    authorize: str
    # None: as many as Discord recommends, and all of them in this process.
    shards: Shards | None
    variables: Variables

    @property
    def sandbox(self) -> bool:
        return self.discord_api is not None

    @property
    def site_headers(self) -> dict[str, str]:
        """What a proxy would add: on a network of our own the backend is asked without one, in its public name."""
        site = URL(self.site_url)
        if site.scheme != "https":
            return {}
        return {"Host": site.authority, "X-Forwarded-Proto": "https"}

    @property
    def gateway_url(self) -> str:
        """The backend's WebSocket gateway."""
        scheme, rest = (self.gateway or self.backend_url).rstrip("/").split("://", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/ws/gateway/"


def load(**values: str) -> Config:
    """Read the settings, with `values` in place of what the environment says."""
    given, _ = variables.load(BACKEND, {**os.environ, **values})
    if not given.DISCORD_BOT_TOKEN.strip():
        raise ConfigError(NOT_SET.format("DISCORD_BOT_TOKEN"))
    if not given.API_KEY:
        raise ConfigError(NOT_SET.format("API_KEY"))
    api = None if given.DISCORD_API_BASE == REAL_API else given.DISCORD_API_BASE
    return Config(
        token=SecretStr(given.DISCORD_BOT_TOKEN.strip()),
        api_key=SecretStr(given.API_KEY[0]),
        backend_url=given.BACKEND_URL,
        gateway=given.GATEWAY_URL,
        site_url=given.site_url,
        debug_channel=given.DISCORD_DEBUG_CHANNEL,
        dice_emoji=given.DISCORD_DICE_EMOJI,
        message_content=given.DISCORD_MESSAGE_CONTENT,
        discord_api=api,
        discord_gateway=_of_sandbox(given, "DISCORD_GATEWAY") if api else None,
        discord_cdn=_of_sandbox(given, "DISCORD_CDN") if api else None,
        authorize=given.DISCORD_OAUTH_AUTHORIZE,
        shards=given.shards,
        variables=given,
    )


def _of_sandbox(given: Variables, name: str) -> str:
    """All three addresses belong to the same Discord: half a sandbox would leak its token to the real one."""
    value: str = getattr(given, name)
    if value == variables.DECLARED[name].metadata["default"]:
        raise ConfigError(NOT_SET.format(name))
    return value
