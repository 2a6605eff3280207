"""The socket of an overlay: it draws what happens, holds back what must wait, and takes off air at once."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from companion import overlay_tokens
from companion.models import Overlay
from companion.services import overlays, stage
from companion.services.publishing import unpublish_campaign
from companion.tests.kit import on_stage, publish, show
from contract.overlays import ChangeOverlay, CreateOverlay
from contract.stage import OverlayPatch, OverlayScene
from gateway.constants import (
    CLOSE_BAD_FRAMES,
    CLOSE_ORIGIN,
    CLOSE_REVOKED,
    CLOSE_TOO_MANY_SOCKETS,
)
from gateway.tests.kit import SECONDS, Worker
from haven.models import Character
from haven.services import Reference, change
from haven.tests.kit import cause
from rolls.services import RollInput
from rolls.services import roll as make_roll
from rules.dice.source import listed
from rules.traits import Operation
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Frame = OverlayScene | OverlayPatch


class Screen:
    """What a page shows that keeps to the frames."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.pieces: dict[str, str] = {}

    def receive(self, seconds: float = SECONDS) -> Frame:
        while (frame := json.loads(self.connection.recv(timeout=seconds)))["type"] == "beat":
            pass
        found: Frame = (OverlayScene if frame["type"] == "scene" else OverlayPatch).model_validate(frame)
        if isinstance(found, OverlayScene):
            self.pieces.clear()
        else:
            for key in found.gone:
                self.pieces.pop(key, None)
        self.pieces |= {piece.key: piece.html for piece in found.pieces}
        return found

    @property
    def html(self) -> str:
        return "".join(self.pieces.values())

    def until(self, shows: Callable[[str], bool], seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not shows(self.html):
            self.receive(max(deadline - time.monotonic(), 0.001))

    def quiet(self, seconds: float = 0.3) -> None:
        with pytest.raises(TimeoutError):
            self.receive(seconds)

    def close_code(self) -> int:
        try:
            while True:
                self.receive()
        except ConnectionClosed:
            return self.connection.close_code or 0


@pytest.fixture
def owl(world: World) -> Character:
    publish(world)
    return on_stage(world, traits=("hunger",))


def made(world: World, **given: Any) -> Overlay:
    wanted = CreateOverlay(name="Table", **given)
    return overlays.create(world.principal("vesna"), world.chronicle, wanted, cause(world, "vesna"))


@pytest.fixture
def look(worker: Worker) -> Iterator[Callable[..., Screen]]:
    sockets = ExitStack()

    def open_one(overlay: Overlay | str, **more: Any) -> Screen:
        token = overlay if isinstance(overlay, str) else overlay_tokens.token(overlay)
        connection = connect(f"ws://127.0.0.1:{worker.port}/overlay/{token}/ws/", **more)
        return Screen(sockets.enter_context(connection))

    with sockets:
        yield open_one


def hunger(world: World, owl: Character, value: int) -> None:
    wanted = [Operation("hunger", "set", value)]
    change(world.principal("mira"), Reference(str(owl.pk)), wanted, cause(world, "mira"))


def rolled(world: World, owl: Character) -> Any:
    given = RollInput(
        reference=Reference(str(owl.pk)),
        chronicle=world.chronicle,
        system="v5",
        pool=2,
        options={"hunger": 2, "difficulty": 1},
    )
    return make_roll(world.principal("mira"), given, cause(world, "mira"), listed([10, 10])).roll


def test_a_change_of_a_sheet_moves_it(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    screen = look(made(world, kind="party"))
    screen.until(lambda html: "Hunger: 1 of 5" in html)
    hunger(world, owl, 4)
    screen.until(lambda html: "Hunger: 4 of 5" in html)


def test_a_raised_level_takes_a_trait_off_with_the_next_frame(
    world: World, owl: Character, look: Callable[..., Screen]
) -> None:
    screen = look(made(world, kind="party", delay=600))
    screen.receive()
    other = look(made(world, kind="party"))
    other.until(lambda html: "Hunger" in html)
    show(world, owl, "hunger", level="table")
    other.until(lambda html: "Night Owl" in html and "Hunger" not in html)
    assert "Hunger" not in screen.html


def test_everything_waits_for_the_delay(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    time.sleep(1.2)
    screen = look(made(world, kind="party", delay=1))
    screen.until(lambda html: "Hunger: 1 of 5" in html)
    began = time.monotonic()
    hunger(world, owl, 2)
    hunger(world, owl, 3)
    screen.until(lambda html: "Hunger: 3 of 5" in html)
    assert time.monotonic() - began >= 1


def test_a_veto_holds_a_roll_back(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    screen = look(made(world, kind="rolls", moment_delay=1))
    screen.receive()
    stopped = rolled(world, owl)
    stage.set_veto(world.principal("vesna"), world.chronicle, stopped.pk, True, cause(world, "vesna"))
    shown = rolled(world, owl)
    screen.until(lambda html: f"m-{shown.pk}" in html)
    screen.quiet()
    assert f"m-{stopped.pk}" not in screen.html


def test_a_veto_takes_a_roll_off_that_is_on_screen(
    world: World, owl: Character, look: Callable[..., Screen]
) -> None:
    screen = look(made(world, kind="rolls", hold=30))
    screen.receive()
    shown = rolled(world, owl)
    screen.until(lambda html: "Messy critical" in html)
    stage.set_veto(world.principal("vesna"), world.chronicle, shown.pk, True, cause(world, "vesna"))
    screen.until(lambda html: not html)
    stage.show_again(world.principal("vesna"), world.chronicle, shown.pk, cause(world, "vesna"))
    screen.until(lambda html: "Messy critical" in html)


def test_a_roll_goes_when_its_time_is_over(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    screen = look(made(world, kind="rolls", hold=3))
    screen.receive()
    rolled(world, owl)
    screen.until(lambda html: "Messy critical" in html)
    screen.until(lambda html: not html)


def test_black_is_black_at_once_and_undone_comes_back(
    world: World, owl: Character, look: Callable[..., Screen]
) -> None:
    vesna, why = world.principal("vesna"), cause(world, "vesna")
    screen = look(made(world, kind="party"))
    screen.until(bool)
    stage.set_blackout(vesna, world.chronicle, True, why)
    screen.until(lambda html: not html)
    stage.undo(vesna, world.chronicle, why)
    screen.until(bool)


def test_another_look_comes_at_once(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    row = made(world, kind="party")
    screen = look(row)
    screen.receive()
    wanted = ChangeOverlay(overlay=row.pk, theme="parchment", css=".name{color:red}")
    overlays.change(world.principal("vesna"), wanted, cause(world, "vesna"))
    while (frame := screen.receive()).type != "scene" or frame.attributes["theme"] != "parchment":
        pass
    assert frame.css == "#stage .name{color:red}"


def test_a_renewed_address_ends_its_sockets(
    world: World, owl: Character, look: Callable[..., Screen]
) -> None:
    row = made(world)
    screen = look(row)
    screen.receive()
    overlays.renew(world.principal("vesna"), row.pk, cause(world, "vesna"))
    assert screen.close_code() == CLOSE_REVOKED


def test_a_chronicle_that_is_public_no_more_ends_them_too(
    world: World, owl: Character, look: Callable[..., Screen]
) -> None:
    screen = look(made(world))
    screen.receive()
    unpublish_campaign(world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna"))
    assert screen.close_code() == CLOSE_REVOKED


@pytest.mark.parametrize("token", ["x", "a" * 43, "%2e%2e"])
def test_an_unknown_address_is_told_so(world: World, look: Callable[..., Screen], token: str) -> None:
    assert look(token).close_code() == CLOSE_REVOKED


def test_pages_of_others_are_refused(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    assert look(made(world), origin="https://example.com").close_code() == CLOSE_ORIGIN


def test_it_takes_nothing_in(world: World, owl: Character, look: Callable[..., Screen]) -> None:
    screen = look(made(world))
    for _each in range(11):
        screen.connection.send('{"type": "subscribe"}')
    assert screen.close_code() == CLOSE_BAD_FRAMES


def test_one_overlay_has_so_many_sockets(
    world: World, owl: Character, start_worker: Callable[..., Worker], settings: Any
) -> None:
    settings.GATEWAY = settings.GATEWAY | {"max_sockets_per_overlay": 2}
    worker, token = start_worker(), overlay_tokens.token(made(world))
    address = f"ws://127.0.0.1:{worker.port}/overlay/{token}/ws"
    with connect(address) as first, connect(address) as second:
        # They count once they are served.
        assert Screen(first).receive()
        assert Screen(second).receive()
        with connect(address) as third:
            assert Screen(third).close_code() == CLOSE_TOO_MANY_SOCKETS
