"""Messages in channels, threads and private conversations, and what belongs to them. Only `chat.services` writes here.

A *room* is what has a log of messages; its id is that of the channel or conversation, and of its stream.
"""

from chat.models.bridges import Bridge, BridgedMessage
from chat.models.conversations import Block, Participant, PrivateConversation
from chat.models.files import Attachment
from chat.models.game import CardSubject, CastMember
from chat.models.messages import ChatMessage, Mention, ModerationEntry, PrivateMessage, Reaction
from chat.models.rooms import RoomState
from chat.models.scenes import Scene, ScenePart

__all__ = [
    "Attachment",
    "Block",
    "Bridge",
    "BridgedMessage",
    "CardSubject",
    "CastMember",
    "ChatMessage",
    "Mention",
    "ModerationEntry",
    "Participant",
    "PrivateConversation",
    "PrivateMessage",
    "Reaction",
    "RoomState",
    "Scene",
    "ScenePart",
]
