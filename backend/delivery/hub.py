"""One hub per process: it listens to each stream once and writes each event to all viewers of it, in order.

It counts `seq`. A message that comes twice is dropped, one that is missing is read from the database, and so is one
that never came, found by asking for the heads of all streams now and then. It knows neither entities nor rights:
it reads through a `Source` and serves subscriptions that somebody above has allowed.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeAlias, TypeVar, cast

from channels.layers import InMemoryChannelLayer

from contract.events import EVENT_TYPES, Mark
from delivery.cluster_layer import ClusterLayer
from delivery.options import Options
from delivery.outbox import Outbox
from delivery.redis_clients import REDIS_ERRORS
from delivery.redis_layer import RedisLayer, SharedLayer
from delivery.source import EventMessage, Message, Source, SourceUnavailable
from delivery.streams import Listener, OwnerT, Stream, Subscription, encoded
from gateway.constants import CONTROL_GROUP, FEED_GROUP

T = TypeVar("T")
log = logging.getLogger(__name__)

Layer: TypeAlias = RedisLayer | ClusterLayer | InMemoryChannelLayer
LAYER_ERRORS = (*REDIS_ERRORS, TimeoutError, RuntimeError)
LAYER_TIMEOUT = 5.0
MAX_BACKOFF = 5.0
FILL_BATCH = 500
MAX_PENDING = 5000
STOP_ATTEMPTS = 5
# So many events of a stream that have come together go to a socket in one piece, and so many are collected.
MOST_JOINED, MOST_COLLECTED = 16, 100
ALONE = Mark.RIGHTS | Mark.VISIBILITY
Notify = Callable[[Stream[OwnerT], EventMessage], None]


class Hub(Generic[OwnerT]):
    """`on_rights` is called before an event that may change rights is handed out, `on_visibility` after one that
    changed who may see a trait, `on_control` with every message that is no event.
    """

    def __init__(
        self,
        layer: Layer,
        source: Source,
        options: Options,
        on_control: Callable[[Message], None],
        on_rights: Notify[OwnerT],
        on_visibility: Notify[OwnerT],
    ) -> None:
        self._layer = layer
        self._source = source
        self._options = options
        self._on_control = on_control
        self._on_rights = on_rights
        self._on_visibility = on_visibility
        self._channel = ""
        # Memory does not fall silent.
        self._silence = options.layer_silence if isinstance(layer, SharedLayer) else None
        # What the layer was told we listen to; the lock keeps a join behind the leave before it.
        self._joined: set[str] = set()
        self._joining = asyncio.Lock()
        self._tasks: set[asyncio.Task[object]] = set()
        # Streams with events that came and are not handed out yet: more were there already.
        self._collected: dict[str, Stream[OwnerT]] = {}
        self._uncounted = 0
        self._wanted = {CONTROL_GROUP}
        self.streams: dict[str, Stream[OwnerT]] = {}

    def start(self) -> None:
        self.spawn(self._listen())
        self.spawn(self._watch())
        if self._silence:
            self.spawn(self._pulse(self._silence / 4))

    async def stop(self) -> None:
        # More than once: Redis' client may take a cancellation for its own timeout, and the task goes on.
        for _ in range(STOP_ATTEMPTS):
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=1)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def later(self, seconds: float, work: Callable[[], Coroutine[Any, Any, T]]) -> None:
        """Do it in so many seconds, unless the hub stops before."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            await work()

        self.spawn(wait())

    # Subscriptions

    def subscribe(
        self,
        owner: OwnerT,
        outbox: Outbox,
        name: str,
        user_id: str | None,
        make: type[Subscription[OwnerT]] = Subscription,
    ) -> Subscription[OwnerT]:
        """The owner's subscription to a stream, made when it has none. A new one shows nothing yet."""
        stream = self._stream(name)
        subscription = stream.subscriptions.get(owner)
        if subscription is None:
            subscription = stream.subscriptions[owner] = make(owner, outbox, stream, user_id)
        return subscription

    def _stream(self, name: str) -> Stream[OwnerT]:
        stream = self.streams.get(name)
        if stream is None:
            stream = self.streams[name] = Stream(name)
            self._wanted.add(stream.group)
        return stream

    def listen(self, name: str, listener: Listener) -> Stream[OwnerT]:
        """Hand every event of a stream to a function, in order, until `leave`: it serves sockets of its own."""
        stream = self._stream(name)
        stream.listeners = (*stream.listeners, listener)
        return stream

    def leave(self, stream: Stream[OwnerT], listener: Listener) -> None:
        stream.listeners = tuple(other for other in stream.listeners if other != listener)
        self._drop_unused(stream)

    def _drop_unused(self, stream: Stream[OwnerT]) -> None:
        used = stream.subscriptions or stream.listeners
        if not used and self.streams.get(stream.name) is stream:
            del self.streams[stream.name]
            self._wanted.discard(stream.group)
            self.spawn(self._leave(stream.group))

    async def ready(self, stream: Stream[OwnerT]) -> None:
        """Returns once every later event of the stream is certain to arrive. Raises SourceUnavailable."""
        if stream.after is not None:
            return
        if stream.opening is None or stream.opening.done():
            stream.opening = self.spawn(self._open(stream))
        # One viewer that gives up must not take the others' opening along.
        await asyncio.shield(stream.opening)

    async def ready_all(self, streams: Sequence[Stream[OwnerT]]) -> None:
        """As `ready`, for many at once: one question for all their heads."""
        unknown = [stream for stream in streams if stream.after is None]
        for stream in unknown:
            await self._join(stream.group)
        heads = await self._source.heads([stream.id for stream in unknown]) if unknown else {}
        for stream in unknown:
            if stream.after is None:
                stream.after = heads[stream.id]
                self._advance(stream)

    def unsubscribe(self, subscription: Subscription[OwnerT]) -> None:
        stream = subscription.stream
        # Events that are still held back must find nothing to go to.
        subscription.is_whole = False
        subscription.opened.clear()
        stream.subscriptions.pop(subscription.owner, None)
        self._drop_unused(stream)

    def listen_to_feed(self) -> None:
        if FEED_GROUP not in self._wanted:
            self._wanted.add(FEED_GROUP)
            self.spawn(self._join(FEED_GROUP))

    async def _open(self, stream: Stream[OwnerT]) -> None:
        await self._join(stream.group)
        head = (await self._source.heads([stream.id]))[stream.id]
        if stream.after is None:
            stream.after = head
            self._advance(stream)

    # The channel layer

    async def _join(self, group: str) -> None:
        """Join a group. With the layer down it is joined later; until then its events are read from the database."""
        async with self._joining:
            if group in self._joined or not self._channel or group not in self._wanted:
                return
            try:
                async with asyncio.timeout(LAYER_TIMEOUT):
                    await self._layer.group_add(group, self._channel)
            except LAYER_ERRORS as error:
                log.warning("channel layer: %s", error or type(error).__name__)
                return
            self._joined.add(group)

    async def _leave(self, group: str) -> None:
        async with self._joining:
            if group not in self._joined or group in self._wanted:
                return
            self._joined.discard(group)
            try:
                async with asyncio.timeout(LAYER_TIMEOUT):
                    await self._layer.group_discard(group, self._channel)
            except LAYER_ERRORS as error:
                log.warning("channel layer: %s", error or type(error).__name__)

    async def _listen(self) -> None:
        wait = 0.1
        while True:
            try:
                await self._connect()
                wait = 0.1
                while True:
                    async with asyncio.timeout(self._silence):
                        message = await self._layer.receive(self._channel)
                    self._receive(message, more=self._more_wait())
            except LAYER_ERRORS as error:
                log.warning("channel layer: %s; again in %.1f s", error or type(error).__name__, wait)
            self._hand_out_collected()
            self._channel = ""
            if self._silence:
                await self._hang_up()
            await asyncio.sleep(wait)
            wait = min(wait * 2, MAX_BACKOFF)

    async def _connect(self) -> None:
        async with asyncio.timeout(LAYER_TIMEOUT):
            self._channel = await self._layer.new_channel("gateway")
        await self._rejoin()
        if self._joined:
            # What was published while nobody listened is lost.
            self._on_control({"type": "recheck"})
            await self._compare_heads()

    async def _hang_up(self) -> None:
        """Close the layer's connections: one that fell silent would be used for ever."""
        with suppress(*LAYER_ERRORS):
            async with asyncio.timeout(LAYER_TIMEOUT):
                await self._layer.flush()

    async def _pulse(self, interval: float) -> None:
        """Send a message to ourselves now and then: as long as they come, the layer works."""
        while True:
            await asyncio.sleep(interval)
            with suppress(*LAYER_ERRORS):
                async with asyncio.timeout(LAYER_TIMEOUT):
                    if self._channel:
                        await self._layer.send(self._channel, {"type": "pulse"})

    async def _rejoin(self) -> None:
        self._joined.clear()
        for group in tuple(self._wanted):
            await self._join(group)

    def _more_wait(self) -> bool:
        return isinstance(self._layer, SharedLayer) and self._layer.waits(self._channel)

    def _receive(self, message: Message, *, more: bool = False) -> None:
        """`more`: others are here already. Events are collected then, so that a socket gets several in one piece."""
        is_event = message.get("type") == "stream.event"
        if is_event:
            self._receive_event(cast("EventMessage", message))
        if not (is_event and more) or self._uncounted >= MOST_COLLECTED:
            self._hand_out_collected()
        if not is_event:
            self._on_control(message)

    # Order

    def _receive_event(self, message: EventMessage) -> None:
        stream = self.streams.get(message["stream"])
        if stream is None or (stream.after is not None and message["seq"] <= stream.after):
            return
        if len(stream.pending) < MAX_PENDING:
            stream.pending[message["seq"]] = message
        self._collected[stream.name] = stream
        self._uncounted += 1

    def _hand_out_collected(self) -> None:
        streams, self._collected, self._uncounted = self._collected, {}, 0
        for stream in streams.values():
            self._advance(stream)

    def _advance(self, stream: Stream[OwnerT]) -> None:
        """Hand out the events that are next in line; read the database when one before the waiting ones is missing."""
        if stream.after is None:
            return
        together: list[EventMessage] = []
        while message := stream.pending.pop(stream.after + 1, None):
            stream.after = message["seq"]
            alone = self._is_alone(stream, message)
            if alone or len(together) >= MOST_JOINED:
                self._hand_out_together(stream, together)
                together = []
            if alone:
                self._hand_out(stream, message)
            else:
                together.append(message)
        self._hand_out_together(stream, together)
        if stream.pending:
            self._fill_later(stream)

    @staticmethod
    def _is_alone(stream: Stream[OwnerT], message: EventMessage) -> bool:
        """Whether rights are looked at before or after it."""
        known = EVENT_TYPES.get(message["event_type"])
        return bool(known and known.marks & ALONE) or message.get("rights", 0) > stream.rights

    def _hand_out_together(self, stream: Stream[OwnerT], messages: Sequence[EventMessage]) -> None:
        """Hand out events that follow one another, to each socket in one piece."""
        if len(messages) == 1:
            self._hand_out(stream, messages[0])
            return
        shown = [(message, encoded(message)) for message in messages]
        for subscription in tuple(stream.subscriptions.values()) if shown else ():
            subscription.deliver_all(shown)
        for listener in stream.listeners:
            for message, frames in shown:
                listener(message, frames)

    def _hand_out(self, stream: Stream[OwnerT], message: EventMessage) -> None:
        stream.after = message["seq"]
        known, rights = EVENT_TYPES.get(message["event_type"]), message.get("rights", 0)
        if (known and Mark.RIGHTS in known.marks) or rights > stream.rights:
            stream.rights = max(rights, stream.rights)
            self._on_rights(stream, message)
        frames = encoded(message)
        for subscription in tuple(stream.subscriptions.values()):
            subscription.deliver(message, frames)
        for listener in stream.listeners:
            listener(message, frames)
        if known and Mark.VISIBILITY in known.marks:
            self._on_visibility(stream, message)

    def _fill_later(self, stream: Stream[OwnerT]) -> None:
        if stream.filling is None or stream.filling.done():
            stream.filling = self.spawn(self._fill(stream))

    async def _fill(self, stream: Stream[OwnerT]) -> None:
        # A message on its way gets the time to arrive: two writers may publish in the other order than they committed.
        await asyncio.sleep(self._options.patience)
        try:
            while self.streams.get(stream.name) is stream and await self._fill_once(stream):
                pass
        except SourceUnavailable as error:
            log.warning("stream %s: %s", stream.name, error)  # the next look at the heads tries again

    async def _fill_once(self, stream: Stream[OwnerT]) -> bool:
        """One batch from the database; true while there may be more."""
        assert stream.after is not None
        began = stream.after
        messages, upto = await self._source.fill(stream.name, stream.after, FILL_BATCH)
        stream.pending |= {message["seq"]: message for message in messages}
        # What came meanwhile may have gone further than what was read. A number without an event is none any more.
        for seq in sorted(seq for seq in stream.pending if seq <= upto):
            message = stream.pending.pop(seq)
            if seq > stream.after:
                self._hand_out(stream, message)
        stream.after = max(stream.after, upto)
        self._advance(stream)
        return len(messages) == FILL_BATCH or (bool(stream.pending) and stream.after > began)

    # Events whose message never came

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._options.poll_interval)
            await self._compare_heads()
            if self._channel:
                for group in self._wanted - self._joined:
                    await self._join(group)

    async def _compare_heads(self) -> None:
        known = {stream.id: stream for stream in self.streams.values() if stream.after is not None}
        for stream in await self._behind(known):
            self._fill_later(stream)

    async def _behind(self, known: dict[str, Stream[OwnerT]]) -> Iterable[Stream[OwnerT]]:
        before = {stream_id: stream.after or 0 for stream_id, stream in known.items()}
        try:
            heads = await self._source.heads(list(known)) if known else {}
        except SourceUnavailable as error:
            log.warning("heads of %d streams: %s", len(known), error)
            return []
        return [known[stream_id] for stream_id, head in heads.items() if head > before[stream_id]]


# For those whom the owners of subscriptions do not concern.
AnyHub = Hub[Any]
