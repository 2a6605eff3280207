"""From an award, and from a change of a sheet, to a socket that listens as an open page does; then the board's page."""

import asyncio
import http.client
import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing
from types import TracebackType

from django.db import transaction

from chronicle.models import Chronicle
from chronicle.principal import Principal
from haven.models import Character
from haven.services import Reference, change
from main.listening import ALONE
from progress.services.ledger import award
from rules.notices import notice
from rules.traits import Operation
from scripts.bench.client import HOST, Door, Viewer
from scripts.bench.earned_shapes import Live, Place
from scripts.bench.numbers import median, ratio_of_rounds
from scripts.bench.watchers import GATEWAY, Watcher, kind_of
from timeline.services import Cause

SYSTEM = Cause(actor=None, door="system")
TIMEOUT = 30
# What an event that a page follows comes as.
NEWS = ("update", "notice")


class Page:
    """A page of the chronicle, open in a thread of its own; `next` waits for the news that is under way."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._arrived: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Page":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(TIMEOUT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT)

    def next(self) -> float:
        return self._arrived.get(timeout=TIMEOUT)

    async def _open(self) -> None:
        door = Door(self._place.gateway, GATEWAY, self._place.session)
        watcher = await Watcher.enter(door, self._place.stream)
        watcher.listen(self._on_text)

    def _on_text(self, viewer: Viewer, payload: bytes) -> None:
        if kind_of(payload) in NEWS:
            self._arrived.put(time.perf_counter())


def measure(place: Place, rounds: int) -> Live:
    character = Character.objects.select_related("owner").get(pk=place.character)
    chronicle = Chronicle.objects.select_related("server").get(pk=place.stream.partition(":")[2])
    chronicle.server.features = chronicle.server.features | {"boards": True}
    chronicle.server.save()
    teller, meant = Principal.system(), Reference(place.character)
    awarded, changed, fetched = [], [], []
    with Page(place) as page, closing(http.client.HTTPConnection(HOST, place.http, timeout=TIMEOUT)) as kept:
        for number in range(rounds):

            def earn(key: str = f"live:{number}") -> None:
                award(character.owner, 1, "exam", notice("points_reset"), key, SYSTEM, chronicle=chronicle)

            def alter(hunger: int = number % 4 + 2) -> None:
                change(teller, meant, [Operation("hunger", "set", hunger)], SYSTEM)

            awarded.append(_until_seen(page, earn))
            fetched.append(_board(kept, place, chronicle))
            changed.append(_until_seen(page, alter))
    # The first of each also prepares its statements.
    awarded, changed, fetched = awarded[1:], changed[1:], fetched[1:]
    redrawn = [sum(round_) for round_ in zip(awarded, fetched, strict=True)]
    return Live(
        median(awarded),
        median(changed),
        ratio_of_rounds(awarded, changed),
        median(redrawn),
        ratio_of_rounds(redrawn, changed),
    )


def _until_seen(page: Page, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        work()
    return page.next() - began


def _board(kept: http.client.HTTPConnection, place: Place, chronicle: Chronicle) -> float:
    """Fetch what changes on the page of the server's board, as that page does at once when it hears of an award."""
    began = time.perf_counter()
    path = f"/servers/{chronicle.server_id}/boards/"
    headers = {"Cookie": f"sessionid={place.session}", "Accept": "text/html", ALONE: "main"}
    kept.request("GET", path, headers=headers)
    answer = kept.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    return time.perf_counter() - began
