"""From an award, and from a change of a sheet, to a socket that listens as an open page does; then the board's page."""

import asyncio
import http.client
import queue
import threading
import time
from collections.abc import Callable, Collection
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
# What an event that a page follows comes as; and before it, for a board that is open, whose points they were.
NEWS, ROW = ("update", "notice"), ("points_added",)


class Page:
    """A page of the chronicle, open in a thread of its own; `next` waits for what is under way, of these kinds."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._arrived: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
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

    def next(self, kinds: Collection[str]) -> float:
        while True:
            kind, at = self._arrived.get(timeout=TIMEOUT)
            if kind in kinds:
                return at

    async def _open(self) -> None:
        door = Door(self._place.gateway, GATEWAY, self._place.session)
        watcher = await Watcher.enter(door, self._place.stream)
        watcher.listen(self._on_text)

    def _on_text(self, viewer: Viewer, payload: bytes) -> None:
        if (kind := kind_of(payload)) in (*NEWS, *ROW):
            self._arrived.put((kind, time.perf_counter()))


def measure(place: Place, rounds: int) -> Live:
    character = Character.objects.select_related("owner").get(pk=place.character)
    chronicle = Chronicle.objects.select_related("server").get(pk=place.stream.partition(":")[2])
    chronicle.server.features = chronicle.server.features | {"boards": True}
    chronicle.server.save()
    teller, meant = Principal.system(), Reference(place.character)
    moved, awarded, changed, fetched = [], [], [], []
    with Page(place) as page, closing(http.client.HTTPConnection(HOST, place.http, timeout=TIMEOUT)) as kept:
        for number in range(rounds):

            def earn(key: str = f"live:{number}") -> None:
                award(character.owner, 1, "exam", notice("points_reset"), key, SYSTEM, chronicle=chronicle)

            def alter(hunger: int = number % 4 + 2) -> None:
                change(teller, meant, [Operation("hunger", "set", hunger)], SYSTEM)

            began = _began(earn)
            moved.append(page.next(ROW) - began)
            awarded.append(page.next(NEWS) - began)
            fetched.append(_board(kept, place, chronicle))
            began = _began(alter)
            changed.append(page.next(NEWS) - began)
    # The first of each also prepares its statements.
    moved, awarded, changed, fetched = moved[1:], awarded[1:], changed[1:], fetched[1:]
    read_again = [sum(round_) for round_ in zip(awarded, fetched, strict=True)]
    return Live(
        median(awarded),
        median(changed),
        ratio_of_rounds(awarded, changed),
        median(moved),
        ratio_of_rounds(moved, changed),
        median(read_again),
    )


def _began(work: Callable[[], object]) -> float:
    """Do it, and return when it began."""
    began = time.perf_counter()
    with transaction.atomic():
        work()
    return began


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
