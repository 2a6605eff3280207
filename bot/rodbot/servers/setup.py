"""`/server setup`: what is done and what is missing before people can play, with what does each step."""

import discord
from discord import app_commands

from contract import endpoints
from contract.servers import GetServer
from contract.setup import STEPS, Setup, SetupStep
from contract.translation import _
from rodbot.core.bot import bot_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.embeds import linkable
from rodbot.core.mentions import mention
from rodbot.core.persistent import view_of
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import escape


@app_commands.command(name="setup", description="See what’s still missing before you can play here")
@replying
async def setup(interaction: Interaction) -> Reply:
    found = await call(interaction, endpoints.GET_SETUP, GetServer())
    url = linkable(found.url, bot_of(interaction).config.sandbox)
    button = discord.ui.Button[discord.ui.View](label=_("Open the set-up page"), url=url) if url else None
    return Reply(content=checklist(found), view=view_of(button) if button else None)


def checklist(found: Setup) -> str:
    """Each step on a line; an open one with what it is good for and the command that does it."""
    done = sum(step.done for step in found.steps)
    head = _(
        "**{server}**: {done} of {all} steps done.",
        server=escape(found.server.name, 100),
        done=done,
        all=len(found.steps),
    )
    last = [_("Everything is set up. Have a good game!")] if found.complete else []
    return "\n".join([head, *map(_line, found.steps), *last])


def _line(step: SetupStep) -> str:
    facts = STEPS[step.slug]
    if step.done:
        return f"✓ ~~{_(facts.label)}~~"
    command = f": {mention(facts.command)}" if facts.command else ""
    return f"○ **{_(facts.label)}**{command}\n-# {_(facts.purpose)}"
