"""Servers, channels and messages in the words of the chat API (S003)."""

from zoneinfo import ZoneInfo

from django.conf import settings

from chat.models import ChatMessage
from chronicle.models import Server, ServerChannel, ServerMember
from chronicle.principal import Principal
from chronicle.services import role_of
from contract import chat_servers as shapes

VOICE_KINDS = (2, 13)


def server_of(server: Server, principal: Principal) -> shapes.ChatServer:
    return shapes.ChatServer.from_object(server, role=role_of(principal, server))


def channel_of(channel: ServerChannel) -> shapes.ChatChannel:
    return shapes.ChatChannel.from_object(channel, type="VOICE" if channel.kind in VOICE_KINDS else "TEXT")


def member_of(member: ServerMember) -> shapes.ChatMember:
    principal = Principal.for_user(member.user)
    return shapes.ChatMember.from_object(
        member, username=member.user.username, role=role_of(principal, member.server)
    )


def message_of(message: ChatMessage) -> shapes.ChatMessage:
    """A message of a channel. Its clock is the server's: one encoding for all who read it."""
    assert message.server_id is not None
    assert message.channel_id is not None
    return shapes.ChatMessage(
        id=message.pk,
        user=_speaker(message),
        text=message.content,
        timestamp=_clock(message),
        created_at=message.created_at,
        server_id=message.server_id,
        channel_id=message.channel_id,
    )


def _speaker(message: ChatMessage) -> str:
    """The username; of who has no account here, the name under which they wrote."""
    if message.user is not None:
        return message.user.username
    return str((message.voice or {}).get("name", "")) or message.user_name


def _clock(message: ChatMessage) -> str:
    return message.created_at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%I:%M %p").lstrip("0")
