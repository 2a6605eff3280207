"""`python -m rodbot`: runs the Discord process until it is stopped."""

import asyncio
import contextlib
import logging
import signal
import sys

import aiohttp
import discord
from yarl import URL

from contract import logs, loopback, sentry
from contract.dotenv import CANNOT_START, ConfigError
from rodbot.client import RodBot
from rodbot.core import reconnects
from rodbot.core.config import REAL_API, Config, load

log = logging.getLogger("rodbot")

STOPPED, FAILED = 0, 1
WITHOUT_MEMBERS = (
    "This bot has no Server Members Intent, so it runs without it. Commands work; each person is known once they "
    "use one. What is lost: a role given or taken away counts from that person's next command or login on the web, "
    "and so does leaving the server. Switch the intent on in Discord's developer portal (Bot, Privileged Gateway "
    "Intents), and start again."
)
WITHOUT_CONTENT = (
    "DISCORD_MESSAGE_CONTENT is 1, but this bot has no Message Content Intent, so it runs without it and no channel "
    "is bridged with the web. Switch the intent on in Discord's developer portal (Bot, Privileged Gateway Intents) "
    "and start again."
)
PROBE_BACKOFF = (0.2, 10.0)


def main() -> int:
    """Run the process; returns its exit code."""
    try:
        config = load()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    loopback.go_straight()
    logs.configure(config.variables)
    reconnects.quieten()
    sentry.start(config.variables)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    point_at(config)
    return asyncio.run(serve(config))


def point_at(config: Config) -> None:
    """Let discord.py talk to the sandbox. These three are class attributes of the whole process."""
    if config.discord_api and config.discord_gateway and config.discord_cdn:
        discord.http.Route.BASE = config.discord_api
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(config.discord_gateway)
        discord.asset.Asset.BASE = config.discord_cdn


async def serve(config: Config) -> int:
    """Run the bot until SIGTERM or Ctrl-C."""
    process = Process(config)
    running = asyncio.create_task(process.run())
    for stop in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
            asyncio.get_running_loop().add_signal_handler(stop, process.stop, running)
    try:
        return await running
    except asyncio.CancelledError:
        log.info("Stopped")
        return STOPPED


class Process:
    """The bot, with the privileged intents that Discord grants it, from its start to its end."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._bot: RodBot | None = None
        self._draining: asyncio.Task[None] | None = None

    def stop(self, running: asyncio.Task[int]) -> None:
        """End what runs: at once where nothing has begun or somebody asks twice, else after what has begun."""
        if self._draining is None and self._bot is not None and self._bot.is_ready():
            self._draining = asyncio.create_task(self._bot.drain())
            self._draining.add_done_callback(lambda drained: running.cancel())
        else:
            running.cancel()

    async def run(self) -> int:
        await wait_for_discord(self._config.discord_api or REAL_API)
        try:
            try:
                await self._start(members=True, content=self._config.message_content)
            except discord.PrivilegedIntentsRequired:
                await self._start_with_less()
        except discord.LoginFailure:
            log.critical(
                "Discord does not accept DISCORD_BOT_TOKEN. Make a new one in Discord's developer portal."
            )
        except Exception:
            log.critical("The Discord process ends over a defect", exc_info=True)
        return FAILED

    async def _start_with_less(self) -> None:
        """Start again with what Discord grants: the flags of the application tell."""
        application = self._bot.application if self._bot else None
        flags = application.flags if application else discord.ApplicationFlags()
        members = flags.gateway_guild_members or flags.gateway_guild_members_limited
        granted = flags.gateway_message_content or flags.gateway_message_content_limited
        content = self._config.message_content and granted
        if not members:
            log.warning(WITHOUT_MEMBERS)
        if self._config.message_content and not granted:
            log.warning(WITHOUT_CONTENT)
        await self._start(members=members, content=content)

    async def _start(self, *, members: bool, content: bool) -> None:
        async with RodBot(self._config, members=members, content=content) as self._bot:
            await self._bot.start(self._config.token.get_secret_value())


async def wait_for_discord(api: str) -> None:
    """Wait until something answers at this address."""
    wait = PROBE_BACKOFF[0]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(f"{api}/gateway"):
                    return
            log.warning("Waiting for Discord at %s", api)
            await asyncio.sleep(wait)
            wait = min(wait * 2, PROBE_BACKOFF[1])


if __name__ == "__main__":
    sys.exit(main())
