"""Fills a channel of the database of a run with messages, and measures what reading it costs. Runs alone, prints JSON.

python -m scripts.bench.messages '{"few": 10000, "many": 1000000, "rounds": 30}'
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from random import Random

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from chat.models import ChatMessage  # noqa: E402
from chat.rooms import room_for  # noqa: E402
from chat.search.find import find  # noqa: E402
from chat.search.words import column  # noqa: E402
from chat.selectors.messages import page  # noqa: E402
from chat.selectors.unread import counts  # noqa: E402
from chronicle.models import Server, ServerChannel  # noqa: E402
from chronicle.principal import Principal  # noqa: E402
from contract.chat import ListMessages  # noqa: E402
from contract.chat_search import SearchMessages  # noqa: E402
from scripts.bench.messages_shapes import Costs, Figures, Sizes  # noqa: E402
from scripts.bench.numbers import median  # noqa: E402
from timeline.models import Stream  # noqa: E402

BATCH = 5000
RARE, HITS = "zebrafish", 100
VOCABULARY = [f"{first}{second}" for first in ("blood", "night", "moon", "stone") for second in range(500)]
WORDS = 9  # of a message
SECONDS = 20  # from one to the next
# A new id, and a time so many seconds later.
COPIED = {
    "mysql": ("UUID()", "created_at + INTERVAL %s SECOND"),
    "postgresql": ("gen_random_uuid()", "created_at + make_interval(secs => %s)"),
    "sqlite": (
        "lower(hex(randomblob(16)))",
        "strftime('%%Y-%%m-%%d %%H:%%M:%%f', created_at, '+' || %s || ' seconds')",
    ),
}


def main(sizes: Sizes) -> Figures:
    """A small and a large channel, read in the same rounds: other load on the machine meets both."""
    channels, principal = places()
    for channel, size in zip(channels, (sizes.few, sizes.many), strict=True):
        fill(channel, sizes.few)
        fill(channel, size)
    works = [reading(channel, principal) for channel in channels]
    taken: list[dict[str, list[float]]] = [{name: [] for name in of_one} for of_one in works]
    for _ in range(sizes.rounds):
        for of_one, seconds in zip(works, taken, strict=True):
            for name, work in of_one.items():
                seconds[name].append(timed(work))
    few, many = (Costs(**{name: median(found) for name, found in seconds.items()}) for seconds in taken)
    return Figures(sizes, few, many)


def places() -> tuple[list[ServerChannel], Principal]:
    """Two channels of the largest community, and somebody who reads them."""
    server = Server.objects.exclude(owner=None).order_by("pk").first()
    if server is None or server.owner is None:
        raise RuntimeError("the world has servers")
    channels = [
        ServerChannel.objects.create(server=server, name=name, kind=0, position=99)
        for name in ("small", "grown")
    ]
    return channels, Principal.for_user(server.owner)


def fill(channel: ServerChannel, wanted: int) -> None:
    """Let the channel have so many messages: written once, then copied by the database until there are enough."""
    stream, _ = Stream.objects.get_or_create(pk=channel.pk, defaults={"kind": Stream.Kind.ROOM})
    if not stream.seq:
        for batch in batches(messages(channel, wanted)):
            ChatMessage.objects.bulk_create(batch)
    known = stream.seq or wanted
    while known < wanted:
        copy(channel, known, min(known, wanted - known))
        known = min(known * 2, wanted)
        print(f"messages: {known:,}", file=sys.stderr, flush=True)
    Stream.objects.filter(pk=channel.pk).update(seq=wanted)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE TABLE chat_messages" if connection.vendor == "mysql" else "ANALYZE")


def copy(channel: ServerChannel, offset: int, count: int) -> None:
    """Copy the first of the messages behind the last one, without the rare word."""
    new_id, later = COPIED[connection.vendor]
    made = {"id": new_id, "seq": "seq + %s", "changed": "changed + %s", "created_at": later}
    columns = [str(field.column) for field in ChatMessage._meta.concrete_fields]
    values = ", ".join(made.get(name, name) for name in columns)
    given = [
        offset * SECONDS if made.get(name) == later else offset
        for name in columns
        if "%s" in made.get(name, "")
    ]
    room = connection.ops.adapt_unknown_value(channel.pk.hex if connection.vendor == "sqlite" else channel.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO chat_messages ({', '.join(columns)}) SELECT {values} FROM chat_messages"  # noqa: S608
            " WHERE room = %s AND seq <= %s AND content NOT LIKE %s",
            [*given, room, count, f"%%{RARE}%%"],
        )


def batches(rows: Iterator[ChatMessage]) -> Iterator[list[ChatMessage]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def messages(channel: ServerChannel, count: int) -> Iterator[ChatMessage]:
    chance = Random(1)  # noqa: S311  (words, no secrets)
    began = timezone.now() - timedelta(days=365)
    for seq in range(1, count + 1):
        words = chance.choices(VOCABULARY, k=WORDS)
        if seq % (count // HITS) == 0:
            words.append(RARE)
        text = " ".join(words)
        yield ChatMessage(
            room=channel.pk,
            server_id=channel.server_id,
            channel=channel,
            seq=seq,
            changed=seq,
            user_name="Somebody",
            content=text,
            search=column(text),
            created_at=began + timedelta(seconds=SECONDS * seq),
        )


def reading(channel: ServerChannel, principal: Principal) -> dict[str, Callable[[], object]]:
    """What is measured of a channel, by its name in `Costs`."""
    room = room_for(principal, channel.pk)
    middle = ChatMessage.objects.filter(room=channel.pk).order_by("seq").values_list("created_at", flat=True)
    at: datetime = middle[middle.count() // 2]
    works: dict[str, Callable[[], object]] = {
        "newest": lambda: page(principal, room, ListMessages(room=channel.pk)),
        "around": lambda: page(principal, room, ListMessages(room=channel.pk, at=at)),
        "found": lambda: find(principal, SearchMessages(q=RARE, room=channel.pk, limit=100)),
        "unread": lambda: counts(principal, [channel.pk]),
        "floor": lambda: list(Stream.objects.filter(pk=channel.pk).values_list()),
    }
    if len(find(principal, SearchMessages(q=RARE, room=channel.pk, limit=100)).results) != HITS:
        raise RuntimeError("the rare word has to be found as often as it was written")
    return works


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(asdict(main(Sizes(**json.loads(sys.argv[1]))))))
