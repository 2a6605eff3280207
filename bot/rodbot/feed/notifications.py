"""Direct messages to players about what a storyteller decided: each at most once.

A notification is claimed at the backend before it is sent. People with closed direct messages see it on the web.
"""

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import aiohttp
import discord
from aiolimiter import AsyncLimiter

from contract import endpoints
from contract.feed_frames import Decision, EpisodeSoon, HonourDecided, Leaving, NotificationOffer
from contract.people import ClaimNotification
from contract.translation import N_, _, speaking
from contract.zones import zones
from rodbot.chronicles.episode_messages import coming, named
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.languages import Languages
from rodbot.core.pacing import URGENCY, Urgency
from rodbot.core.persistent import view_of
from rodbot.core.tasks import start
from rodbot.core.text import MESSAGE, clip, escape, timestamp

log = logging.getLogger(__name__)

WAITING = 1000
# Messages in seconds. Discord tells no number, and takes a bot for spam that opens many conversations at once.
PACE = (20, 20.0)
OFF = N_("To stop these messages, use `/preferences direct_messages:False`.")
LEAVING = N_(
    "Your account will be deleted on {time}, as you asked. If that wasn’t you, or you changed your mind: "
    "`/account keep`, or sign in and press “Keep my account”."
)
SOON = N_("{episode} ({chronicle}) begins {time} ({left}).")
ON_YOUR_CLOCK = N_("In {zone} that is {time}.")
REMINDERS_OFF = N_("To stop these reminders, use `/episode remind`.")
DECISIONS = {
    "approved": N_("{name} approved your request for {characters} ({chronicle})."),
    "returned": N_("{name} sent back your request for {characters} ({chronicle})."),
    "commented": N_("{name} commented on your request for {characters} ({chronicle})."),
    "awarded": N_("{name} awarded {amount} Experience to {characters} ({chronicle})."),
}
HONOURS = {
    "badge_approved": N_("{name} approved your badge **{title}** ({chronicle})."),
    "badge_refused": N_("{name} refused your badge **{title}** ({chronicle})."),
    "helped": N_("{name} confirmed that you helped ({chronicle}). Thank you!"),
    "help_refused": N_("{name} couldn’t confirm that {title} helped ({chronicle})."),
}


class Notifications:
    """Sends notifications one after the other, in their order."""

    def __init__(
        self, client: discord.Client, backend: Backend, languages: Languages, share: float = 1.0
    ) -> None:
        """`share`: how much of the bot this process is."""
        self._client = client
        self._backend = backend
        self._languages = languages
        self._waiting: deque[NotificationOffer] = deque(maxlen=WAITING)
        self._task: asyncio.Task[None] | None = None
        messages, seconds = PACE
        self._pace = AsyncLimiter(messages, seconds / share)

    def deliver(self, notification: NotificationOffer) -> None:
        """Queue a notification and return at once. Those of other processes' guilds are left to them."""
        if self._client.get_guild(int(notification.guild_id)) is None:
            return
        self._waiting.append(notification)
        if self._task is None:
            self._task = start(self._drain())

    async def settled(self) -> None:
        """Wait until everything is sent."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await start(self._next(self._waiting.popleft()))
        finally:
            self._task = None

    async def _next(self, notification: NotificationOffer) -> None:
        URGENCY.set(Urgency.BACKGROUND)
        await self._pace.acquire()
        try:
            claim = ClaimNotification(notification=notification.id)
            if (await self._backend.report(endpoints.CLAIM_NOTIFICATION, claim)).taken:
                await self._send(notification)
        except (BackendDown, BackendError) as error:
            # It is offered again with the next connection.
            log.warning("Notification %s was not claimed: %s", notification.id, error)
        except discord.Forbidden:
            log.info("Notification %s: this person takes no direct messages", notification.id)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            # It may have arrived all the same: a second one would be worse than none.
            log.warning("Notification %s was not delivered: %s", notification.id, error)

    async def _send(self, notification: NotificationOffer) -> None:
        about = notification.decision
        if isinstance(about, EpisodeSoon) and about.starts <= datetime.now(UTC):
            log.info("Notification %s: what it reminds of has begun", notification.id)
            return
        person = int(notification.user_id)
        channel = await self._client.create_dm(discord.Object(person))
        with speaking(self._languages.of_reader(person, notification.language)):
            text = content(about)
            view = view_of(*coming(about.episode)) if isinstance(about, EpisodeSoon) else view_of()
        await channel.send(
            text,
            view=view,
            suppress_embeds=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )


def content(decision: Decision | HonourDecided | Leaving | EpisodeSoon) -> str:
    """What is to be read, a link, and for decisions how to end these messages."""
    if isinstance(decision, Leaving):
        sentence = _(LEAVING, time=discord.utils.format_dt(decision.until, "f"))
        return f"{sentence}\n<{decision.url}>"
    if isinstance(decision, EpisodeSoon):
        return _of_episode(decision)
    if isinstance(decision, HonourDecided):
        return _of_honour(decision)
    return _of_decision(decision)


def _of_episode(soon: EpisodeSoon) -> str:
    """When it begins: as Discord shows it on the clock of the device, and on that of the account's time zone."""
    sentence = _(
        SOON,
        episode=f"**{named(soon.number or None, soon.title)}**",
        chronicle=escape(soon.chronicle, 100),
        time=timestamp(soon.starts, "f"),
        left=timestamp(soon.starts),
    )
    lines = [sentence]
    if soon.zone in zones():
        there = soon.starts.astimezone(ZoneInfo(soon.zone))
        lines.append(_(ON_YOUR_CLOCK, zone=soon.zone, time=f"{there:%Y-%m-%d %H:%M}"))
    return clip("\n".join([*lines, f"<{soon.url}>", f"-# {_(REMINDERS_OFF)}"]), MESSAGE)


def _of_honour(decision: HonourDecided) -> str:
    """Who decided what about a badge, which is shown by its label, or about help."""
    head = _(
        HONOURS[decision.kind],
        name=escape(decision.by, 60),
        title=escape(_(decision.title), 60),
        chronicle=escape(decision.chronicle, 100),
    )
    return _with_quote(head, decision.text, decision.url)


def _of_decision(decision: Decision) -> str:
    """Who decided what about which characters, the reason, a link, and how to end these messages."""
    names = ", ".join(f"**{escape(name, 60)}**" for name in decision.characters[:10])
    head = _(
        DECISIONS[decision.kind],
        name=escape(decision.by, 60),
        characters=names,
        chronicle=escape(decision.chronicle, 100),
        amount=decision.amount,
    )
    return _with_quote(head, decision.text, decision.url)


def _with_quote(head: str, text: str, url: str) -> str:
    quoted = f"> {escape(text, 1000)}" if text else ""
    return clip("\n".join(filter(None, (head, quoted, f"<{url}>", f"-# {_(OFF)}"))), MESSAGE)
