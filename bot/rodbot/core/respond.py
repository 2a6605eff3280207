"""Answers every interaction: within a second directly, else deferred, and always with something a person can read.

The broad `except` here is the outermost handler of an interaction."""

import asyncio
import functools
import io
import logging
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec

import aiohttp
import discord

from contract.logs import INTERACTION
from contract.translation import ENGLISH, _, speak
from rodbot.core import questions
from rodbot.core.backend import BackendDown, BackendError
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.discord_types import Async, Interaction, custom_id_of
from rodbot.core.errors import SLOW_DOWN, Explanation, Refused, explain
from rodbot.core.mentions import use_ids
from rodbot.core.questions import Repeat
from rodbot.core.reply import Reply, allowed_mentions
from rodbot.core.text import escape

log = logging.getLogger(__name__)

ACKNOWLEDGE_WITHIN = 1.0
NOBODY = discord.AllowedMentions.none()
# A connection that ends without an answer; discord.py tries again after bad answers only.
HUNG_UP = (aiohttp.ClientError, OSError)
TRIES, PAUSE = 3, 0.2
ALREADY_ACKNOWLEDGED = 40060


class _Failed(Reply):
    """An error's answer: it never replaces the message whose button was pressed."""


Work = Async[Reply]


async def respond(
    interaction: Interaction,
    work: Work,
    *,
    edit: bool = False,
    public: bool = False,
    repeat: Repeat | None = None,
) -> None:
    """Carry `work` out and answer with its reply; `edit` puts it in place of the message that was pressed, `public`
    shows it to the whole channel. Errors are shown to the person alone.

    `repeat` does it all again where somebody has to say first which character they mean."""
    INTERACTION.set(str(interaction.id))
    _choose_language(interaction, public, edit)
    use_ids(bot_of(interaction).command_ids(interaction.guild_id))
    task = asyncio.create_task(_guarded(interaction, _limited(interaction, work), repeat))
    done, _pending = await asyncio.wait({task}, timeout=ACKNOWLEDGE_WITHIN)
    acknowledged = bool(done) or await _defer(interaction, edit, public)
    reply = await task
    if acknowledged:
        await _deliver(interaction, reply, edit, public)


def _choose_language(interaction: Interaction, public: bool, edit: bool) -> None:
    """What a channel reads is in the language of its server, the rest in that of the person."""
    languages, caller = bot_of(interaction).languages, caller_of(interaction)
    pressed = interaction.message if edit else None
    if interaction.guild is not None and (public or (pressed and not pressed.flags.ephemeral)):
        caller.shared_locale = str(interaction.guild_locale or ENGLISH)
        speak(languages.of_server(interaction.guild))
    else:
        caller.shared_locale = ""
        speak(languages.of_person(interaction))


P = ParamSpec("P")


def replying(
    function: Callable[Concatenate[Interaction, P], Work],
) -> Callable[Concatenate[Interaction, P], Async[None]]:
    """Make a command's callback of a function that returns its reply."""

    async def callback(interaction: Interaction, /, *args: P.args, **kwargs: P.kwargs) -> None:
        async def run(interaction: Interaction) -> None:
            await respond(interaction, function(interaction, *args, **kwargs), repeat=run)

        await run(interaction)

    functools.update_wrapper(callback, function)
    return callback


async def _limited(interaction: Interaction, work: Work) -> Reply:
    if not await bot_of(interaction).limiter.allows(interaction.user.id):
        work.close()
        raise Refused(_(SLOW_DOWN))
    return await work


async def _guarded(interaction: Interaction, work: Work, repeat: Repeat | None) -> Reply:
    try:
        return await work
    except Exception as error:
        if repeat and isinstance(error, BackendError) and error.refusal.characters:
            view = questions.ask(interaction, error.refusal.characters, repeat)
            return _Failed(content=escape(error.refusal.detail, 600), view=view)
        log.debug("Interaction %s ends in an error", interaction.id, exc_info=True)
        return _Failed(content=report(interaction, error).sentence)


def report(interaction: Interaction, error: Exception) -> Explanation:
    """Log the error, report it to the debug channel if needed, and return what to say to the person."""
    explanation = explain(error)
    if explanation.report:
        where = _name(interaction)
        log.error("Reference %s in %s", explanation.reference, where, exc_info=error)
        bot_of(interaction).debug.report(explanation.reference, where, error)
    return explanation


def _name(interaction: Interaction) -> str:
    command = interaction.command
    if command is not None:
        return f"/{command.qualified_name}"
    return custom_id_of(interaction).partition(":")[0] or "an interaction"


async def _defer(interaction: Interaction, edit: bool, public: bool) -> bool:
    """False if Discord no longer waits. The work goes on all the same, its result is on the sheet."""
    try:
        if edit:
            await _retried(interaction.response.defer)
        else:
            await _retried(lambda: interaction.response.defer(ephemeral=not public, thinking=True))
    except (discord.HTTPException, *HUNG_UP) as error:
        log.warning("Discord does not wait for interaction %s: %s", interaction.id, error)
        return False
    # discord.py does not know it when Discord took the deferral and hung up before it answered.
    interaction.extras["deferred"] = True
    return True


async def _deliver(interaction: Interaction, reply: Reply, edit: bool, public: bool) -> None:
    try:
        await _retried(lambda: _send(interaction, reply, edit, public))
        if reply.live and public and not edit:
            await _keep_live(interaction, reply, await interaction.original_response())
        if reply.then:
            second = await _follow_up(interaction, reply.then, reply.then.public)
            if reply.then.live:
                await _keep_live(interaction, reply.then, second)
    except discord.NotFound as error:
        # The work itself is done; the person sees it on the sheet and in the history.
        log.warning("Discord no longer takes the answer to interaction %s: %s", interaction.id, error.text)
    except discord.HTTPException as error:
        await _apologise(interaction, error, public)
    except HUNG_UP as error:
        log.warning("Discord hangs up on the answer to interaction %s: %s", interaction.id, error)


async def _keep_live(interaction: Interaction, reply: Reply, message: discord.Message) -> None:
    """Register the message as live. Without that a request still has its button to bring it up to date."""
    place = interaction.guild_id or 0, message.channel.id, message.id
    try:
        await bot_of(interaction).live_messages.keep(caller_of(interaction), reply, place)
    except (BackendDown, BackendError) as error:
        log.warning("Message %s will not be updated with %s: %s", message.id, reply.live, error)


async def _retried(call: Callable[[], Awaitable[object]]) -> None:
    """Call again when Discord hangs up. If it took the first call all the same, it answers that it did."""
    for attempt in range(1, TRIES + 1):
        try:
            await call()
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


async def _send(interaction: Interaction, reply: Reply, edit: bool, public: bool) -> None:
    failed = isinstance(reply, _Failed)
    replaces = edit and not failed
    acknowledged = interaction.response.is_done() or "deferred" in interaction.extras
    if reply.silent:
        if not acknowledged:
            await interaction.response.defer()
    elif acknowledged:
        await _fill(interaction, reply, replaces or not edit, public)
    elif replaces:
        await interaction.response.edit_message(
            content=reply.content, embeds=reply.embeds, view=reply.view, allowed_mentions=NOBODY
        )
    else:
        await interaction.response.send_message(
            reply.content,
            embeds=reply.embeds,
            view=_view(reply),
            files=_files(reply),
            allowed_mentions=allowed_mentions(reply),
            ephemeral=failed or not public,
        )


async def _fill(interaction: Interaction, reply: Reply, original: bool, public: bool) -> None:
    """After a deferral: fill the waiting message, or write a new one for an error after a press."""
    if original and isinstance(reply, _Failed) and public:
        # Everybody sees the waiting message; the error is for one person.
        await interaction.delete_original_response()
        original = False
    if original:
        await interaction.edit_original_response(
            content=reply.content,
            embeds=reply.embeds,
            view=reply.view,
            attachments=_files(reply),
            allowed_mentions=allowed_mentions(reply),
        )
        return
    await _follow_up(interaction, reply, public=False)


async def _follow_up(interaction: Interaction, reply: Reply, public: bool) -> discord.WebhookMessage:
    return await interaction.followup.send(
        reply.content or discord.utils.MISSING,
        embeds=reply.embeds,
        view=_view(reply),
        files=_files(reply),
        allowed_mentions=allowed_mentions(reply),
        ephemeral=not public,
        wait=True,
    )


def _view(reply: Reply) -> discord.ui.View:
    view: discord.ui.View = discord.utils.MISSING if reply.view is None else reply.view
    return view


def _files(reply: Reply) -> list[discord.File]:
    files = [discord.File(io.BytesIO(data), name) for name, data in reply.files]
    return files or discord.utils.MISSING


async def _apologise(interaction: Interaction, error: discord.HTTPException, public: bool) -> None:
    """Discord refused the answer. The work itself is done, only showing it failed."""
    reply = _Failed(content=report(interaction, error).sentence)
    try:
        await _send(interaction, reply, edit=False, public=public)
    except (discord.HTTPException, *HUNG_UP) as again:
        log.error("Not even the apology could be sent: %s", again)
