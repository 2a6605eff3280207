"""Frames that are in no log: typing, read marks. They come at most once, to who looks at a stream at that moment."""

from delivery.hub import AnyHub
from delivery.source import Message
from delivery.wire import out


def tell(hub: AnyHub, message: Message) -> None:
    """Hand a frame to the viewers of its stream, but to one person (`not_to`)."""
    stream = hub.streams.get(message["stream"])
    if stream is None:
        return
    frame = out(message["frame"])
    for subscription in tuple(stream.subscriptions.values()):
        if subscription.user_id is None or subscription.user_id != message.get("not_to"):
            subscription.aside(frame)
