"""Chat for tests: who calls, and where they write."""

from chat.operations import messages
from chronicle.call import Call
from chronicle.door import key_of_nonce, perform
from chronicle.models import ServerChannel
from contract import chat as shapes
from testing.personas import TABLE_CHANNEL, World
from timeline.keys import Key
from timeline.services import Cause


def call(world: World, who: str) -> Call:
    return Call(world.principal(who), Cause(getattr(world, who), "web"))


def table() -> ServerChannel:
    """The channel that all members of the first server see."""
    return ServerChannel.objects.select_related("server").get(discord_id=TABLE_CHANNEL)


def say(world: World, who: str, text: str, **more: object) -> shapes.Message:
    """Post into the table's channel."""
    given = shapes.Post.model_validate({"room": table().pk, "text": text, **more})
    return messages.POST.run(call(world, who), given).message


def say_at_door(
    world: World, who: str, text: str, key: Key | None = None, **more: object
) -> shapes.OneMessage:
    """Post into the table's channel as a door does: in one transaction of its own, once for a key."""
    asked = call(world, who)
    given = shapes.Post.model_validate({"room": more.pop("room", None) or table().pk, "text": text, **more})
    return perform(messages.POST, asked, given, key or key_of_nonce(messages.POST, asked, given))


def read(world: World, who: str, **more: object) -> shapes.Messages:
    given = shapes.ListMessages.model_validate({"room": table().pk, **more})
    return messages.LIST.run(call(world, who), given)
