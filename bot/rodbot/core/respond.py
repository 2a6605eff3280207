"""How every interaction is answered: within a second directly, else deferred; always with something a
person can read.

The broad `except` here is the outermost handler of an interaction."""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord

from rodbot.core import caller as facts
from rodbot.core.errors import SLOW_DOWN, BackendDown, BackendError, Refused, Trouble, trouble

log = logging.getLogger(__name__)

ACKNOWLEDGE_WITHIN = 1.0
NOBODY = discord.AllowedMentions.none()
# A connection that ends without an answer; discord.py tries again after bad answers only.
HUNG_UP = (aiohttp.ClientError, OSError)
TRIES, PAUSE = 3, 0.2
ALREADY_ACKNOWLEDGED = 40060


@dataclass(slots=True)
class Reply:
    """`view` may hold persistent items only: nothing about it is kept in this process.

    `files` are pairs of a name and its bytes, `notify` the ids of people who hear of it. `then` is a second message,
    shown to all if it is `public`.
    """

    content: str | None = None
    embeds: list[discord.Embed] = field(default_factory=list)
    view: discord.ui.View | None = None
    files: list[tuple[str, bytes]] = field(default_factory=list)
    notify: list[int] = field(default_factory=list)
    then: "Reply | None" = None
    # What the message shows, as kind and id: it is edited when that changes elsewhere (`followed`).
    follows: tuple[str, str] | None = None
    public: bool = False
    # Whether such a message is to be pinned, or to be so no more; None leaves it as it is.
    pinned: bool | None = None
    # Whoever is called by a word of its own when such a message is edited: an edit notifies nobody.
    calls: int | None = None
    # After a press: nothing is shown to the person, what they did is seen where it happened.
    silent: bool = False


class _Failed(Reply):
    """An error's answer: it never replaces the message whose button was pressed."""


Work = Coroutine[Any, Any, Reply]


async def run(
    interaction: discord.Interaction[Any], work: Work, *, edit: bool = False, public: bool = False
) -> None:
    """Carry `work` out and answer with its reply; `edit` puts it in place of the message that was pressed, `public`
    shows it to the whole channel. What went wrong is told to the person alone."""
    task = asyncio.create_task(_guarded(interaction, _allowed(interaction, work)))
    done, _ = await asyncio.wait({task}, timeout=ACKNOWLEDGE_WITHIN)
    acknowledged = bool(done) or await _defer(interaction, edit, public)
    reply = await task
    if acknowledged:
        await _deliver(interaction, reply, edit, public)


async def _allowed(interaction: discord.Interaction[Any], work: Work) -> Reply:
    if not facts.bot(interaction).throttle.allows(interaction.user.id):
        work.close()
        raise Refused(SLOW_DOWN)
    return await work


async def _guarded(interaction: discord.Interaction[Any], work: Work) -> Reply:
    try:
        return await work
    except Exception as error:
        log.debug("Interaction %s ends in an error", interaction.id, exc_info=True)
        return _Failed(content=note(interaction, error).sentence)


def note(interaction: discord.Interaction[Any], error: Exception) -> Trouble:
    """Log what has to be logged, tell the debug channel, and give back what the person is told."""
    found = trouble(error)
    if found.report:
        where = _name(interaction)
        log.error("Reference %s in %s", found.reference, where, exc_info=error)
        facts.bot(interaction).debug.report(found.reference, where, error)
    return found


def _name(interaction: discord.Interaction[Any]) -> str:
    command = interaction.command
    if command is not None:
        return f"/{command.qualified_name}"
    data: Any = interaction.data or {}
    return str(data.get("custom_id", "an interaction")).split(":")[0]


async def _defer(interaction: discord.Interaction[Any], edit: bool, public: bool) -> bool:
    """False if Discord no longer waits: the work goes on all the same, its fruit is on the sheet."""
    try:
        if edit:
            await _surely(interaction.response.defer)
        else:
            await _surely(lambda: interaction.response.defer(ephemeral=not public, thinking=True))
    except (discord.HTTPException, *HUNG_UP) as error:
        log.warning("Discord does not wait for interaction %s: %s", interaction.id, error)
        return False
    # discord.py does not know it, where Discord heard us and hung up before it said so.
    interaction.extras["deferred"] = True
    return True


async def _deliver(interaction: discord.Interaction[Any], reply: Reply, edit: bool, public: bool) -> None:
    try:
        await _surely(lambda: _send(interaction, reply, edit, public))
        if reply.follows and public and not edit:
            await _keep(interaction, reply, await interaction.original_response())
        if reply.then:
            more = await interaction.followup.send(
                **_parts(reply.then), ephemeral=not reply.then.public, wait=True
            )
            if reply.then.follows:
                await _keep(interaction, reply.then, more)
    except discord.NotFound as error:
        # The work itself is done; the person sees it on the sheet and in the history.
        log.warning("Discord no longer takes the answer to interaction %s: %s", interaction.id, error.text)
    except discord.HTTPException as error:
        await _apologise(interaction, error, public)
    except HUNG_UP as error:
        log.warning("Discord hangs up on the answer to interaction %s: %s", interaction.id, error)


async def _keep(interaction: discord.Interaction[Any], reply: Reply, message: discord.Message) -> None:
    """Tells where the message stands. Without that a request still has its button to bring it up to date."""
    place = interaction.guild_id or 0, message.channel.id, message.id
    try:
        await facts.bot(interaction).followed.keep(facts.of(interaction), reply, place)
    except (BackendDown, BackendError) as error:
        log.warning("Message %s will not follow %s: %s", message.id, reply.follows, error)


async def _surely(say: Callable[[], Awaitable[object]]) -> None:
    """Says it again when Discord hangs up; it may have heard all the same, and then tells that it did."""
    for attempt in range(1, TRIES + 1):
        try:
            await say()
        except HUNG_UP:
            if attempt == TRIES:
                raise
            await asyncio.sleep(PAUSE)
        except discord.HTTPException as error:
            if attempt == 1 or error.code != ALREADY_ACKNOWLEDGED:
                raise
            return
        else:
            return


async def _send(interaction: discord.Interaction[Any], reply: Reply, edit: bool, public: bool) -> None:
    failed = isinstance(reply, _Failed)
    replaces = edit and not failed
    if reply.silent:
        if not (interaction.response.is_done() or "deferred" in interaction.extras):
            await interaction.response.defer()
    elif interaction.response.is_done() or "deferred" in interaction.extras:
        await _fill(interaction, reply, replaces or not edit, public)
    elif replaces:
        await interaction.response.edit_message(
            content=reply.content, embeds=reply.embeds, view=reply.view, allowed_mentions=NOBODY
        )
    else:
        await interaction.response.send_message(**_parts(reply), ephemeral=failed or not public)


async def _fill(interaction: discord.Interaction[Any], reply: Reply, original: bool, public: bool) -> None:
    """After a deferral: fill the waiting message, or (an error after a press) write a new one."""
    if original and isinstance(reply, _Failed) and public:
        # Everybody sees the waiting message; what went wrong is for one person.
        await interaction.delete_original_response()
        original = False
    if original:
        await interaction.edit_original_response(
            content=reply.content,
            embeds=reply.embeds,
            view=reply.view,
            attachments=_files(reply) or discord.utils.MISSING,
            allowed_mentions=heard(reply),
        )
        return
    await interaction.followup.send(**_parts(reply), ephemeral=True)


def _parts(reply: Reply) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "content": reply.content,
        "embeds": reply.embeds,
        "allowed_mentions": heard(reply),
    }
    if reply.view:
        parts["view"] = reply.view
    if reply.files:
        parts["files"] = _files(reply)
    return parts


def heard(reply: Reply) -> discord.AllowedMentions:
    """Nobody but those whom it is to notify."""
    users = [discord.Object(person) for person in reply.notify]
    return discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=False)


def _files(reply: Reply) -> list[discord.File]:
    return [discord.File(io.BytesIO(data), name) for name, data in reply.files]


async def _apologise(
    interaction: discord.Interaction[Any], error: discord.HTTPException, public: bool
) -> None:
    """Discord refused the answer. What was asked is done, only showing it failed."""
    reply = _Failed(content=note(interaction, error).sentence)
    try:
        await _send(interaction, reply, edit=False, public=public)
    except (discord.HTTPException, *HUNG_UP) as again:
        log.error("Not even the apology could be sent: %s", again)
