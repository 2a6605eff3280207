"""A message of Discord's as the backend is told of it: roles, channels and emoji by name, the rest as it was typed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import discord

from contract.bridges import Heard, HeardAuthor, HeardFile
from contract.chat import MAX_ATTACHMENTS, MAX_TEXT
from contract.translation import _
from rodbot.core.text import clip

MOST_PEOPLE = 100
SPOKEN = (discord.MessageType.default, discord.MessageType.reply)
PUBLIC_THREADS = (discord.ChannelType.public_thread, discord.ChannelType.news_thread)
_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_CHANNEL = re.compile(r"<#(\d{1,20})>")
_EMOJI = re.compile(r"<a?:(\w{2,32}):\d{1,20}>")
_TIME = re.compile(r"<t:(-?\d{1,13})(?::[tTdDfFR])?>")
_COMMAND = re.compile(r"</([^:<>]{1,100}):\d{1,20}>")


def is_spoken(message: discord.Message) -> bool:
    """Whether somebody said this: a person, or another webhook, as of a bot that speaks for characters. What bots
    themselves post, and answers to their commands, is nobody's word."""
    if message.type not in SPOKEN or message.guild is None:
        return False
    if message.webhook_id is not None:
        return message.webhook_id != message.application_id
    return not message.author.bot


def heard(message: discord.Message, *, is_new: bool) -> Heard | None:
    """None for what has nothing to read or see."""
    files = [
        HeardFile(name=file.filename[:300], url=file.url, size=file.size)
        for file in message.attachments[:MAX_ATTACHMENTS]
    ]
    text = clip(text_of(message), MAX_TEXT)
    if not text.strip() and not files:
        return None
    reference = message.reference
    answers = reference is not None and message.type is discord.MessageType.reply
    return Heard(
        id=str(message.id),
        author=_author(message),
        text=text,
        people=_people(message, text),
        reply_to=str(reference.message_id) if answers and reference and reference.message_id else None,
        files=files,
        at=message.created_at,
        edited_at=message.edited_at,
        is_new=is_new,
    )


def _people(message: discord.Message, text: str) -> dict[str, str]:
    """What the people are called who stand in the text."""
    names = {user.id: user.display_name for user in message.mentions}
    found = dict.fromkeys(int(user_id) for user_id in _USER.findall(text))
    return {str(user_id): names[user_id] for user_id in list(found)[:MOST_PEOPLE] if user_id in names}


def _author(message: discord.Message) -> HeardAuthor:
    author = message.author
    own_id = None if message.webhook_id is not None else str(author.id)
    return HeardAuthor(id=own_id, name=author.display_name[:100] or "?", avatar_url=author.display_avatar.url)


def text_of(message: discord.Message) -> str:
    """What is to be read: the text, of an empty one its embeds; stickers, polls and what was forwarded."""
    parts = [named(message, message.content)]
    if not message.content:
        parts += [named(message, part) for embed in message.embeds for part in _words(embed)]
    stickers = [_("sticker: {name}", name=sticker.name) for sticker in message.stickers]
    parts += [f"[{sticker}]" for sticker in stickers]
    if message.poll is not None:
        parts.append(f"📊 {message.poll.question}")
    parts += [_quoted(named(message, snapshot.content)) for snapshot in message.message_snapshots]
    return "\n".join(filter(None, parts))


def _words(embed: discord.Embed) -> Iterator[str]:
    """Of an embed that somebody made; those of links say nothing that the link does not."""
    if embed.type == "rich":
        yield from filter(None, (embed.title, embed.description))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def named(message: discord.Message, text: str) -> str:
    """Roles, channels, emoji and times as what people read in their place; people stay, by their ids."""
    guild = message.guild

    def role(match: re.Match[str]) -> str:
        found = guild.get_role(int(match[1])) if guild else None
        return "@" + (found.name if found else _("a role"))

    def channel(match: re.Match[str]) -> str:
        found = guild.get_channel_or_thread(int(match[1])) if guild else None
        return "#" + (found.name if found else _("a channel"))

    for pattern, name in ((_ROLE, role), (_CHANNEL, channel)):
        text = pattern.sub(name, text)
    text = _COMMAND.sub(r"/\1", _EMOJI.sub(r":\1:", text))
    return _TIME.sub(_time, text)


def _time(match: re.Match[str]) -> str:
    try:
        return datetime.fromtimestamp(int(match[1]), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, OSError, ValueError):
        return match[0]
