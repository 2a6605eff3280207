"""A storyteller's role is taken away in the moment in which they act: what they did is done whole, as before the loss,
or refused whole, as after it. Real transactions, each on a connection of its own."""

import sys
import threading
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
from django.db import connection

from chronicle.principal import Principal
from chronicle.services import sync_members
from desk.services import awards
from desk.tests.kit import cause, character
from haven import services
from haven.models import Character
from haven.services import Reference
from rules.errors import GameError, NotAllowed
from rules.traits import Operation
from testing.personas import SYSTEM, World, found_world, member_facts
from testing.together import SECONDS, together
from timeline.database_outage import retry_lost_transactions
from timeline.models import Event, Stream

pytestmark = pytest.mark.engine

Act = Callable[[], Any]
ROUNDS = 6
# The module: the package has a function of that name.
CHANGE: Any = sys.modules["haven.services.change"]


@pytest.fixture
def world(transactional_db: None) -> World:
    return found_world()


@pytest.fixture
def owls(world: World) -> list[Character]:
    return [character(world, "mira", f"Owl {number}") for number in range(3)]


def edit(world: World, owl: Character, value: int) -> Act:
    """Two traits at once, of another's character, by a storyteller who is nothing else."""
    wanted = [Operation("strength", "set", value), Operation("wits", "set", value)]

    def act() -> Any:
        # Each time as a request comes in: nobody remembers any rights.
        who = Principal.for_user(world.vesna)
        return services.change(who, Reference(str(owl.pk)), wanted, cause(world, "vesna"))

    return act


def award(world: World, owls: list[Character]) -> Act:
    ids = [owl.pk for owl in owls]

    def act() -> Any:
        who = Principal.for_user(world.vesna)
        return awards.award(who, world.chronicle, ids, 3, "Session 4", cause(world, "vesna"))

    return act


def holds(world: World, held: bool) -> None:
    """Discord says so: the role is given, or taken."""
    facts = member_facts("vesna") if held else member_facts("vesna", roles=frozenset())
    sync_members(world.server, [facts], cause=SYSTEM)


def done(work: Act) -> str:
    """As a request does it: again when a transaction lost against another. The error's code, or nothing."""
    try:
        retry_lost_transactions(work)
    except GameError as error:
        return str(error.code)
    return ""


def dots(owl: Character) -> tuple[Any, Any]:
    sheet = Character.objects.get(pk=owl.pk).sheet
    return sheet.get("strength"), sheet.get("wits")


class Between:
    """Whoever acts has been asked for their right, and has not written yet: in that moment something happens."""

    def __init__(self, happens: Act) -> None:
        self.happens = happens
        self.asked, self.happened = threading.Event(), threading.Event()
        self.apply = CHANGE.apply

    def __call__(self, *args: Any, **more: Any) -> Any:
        self.asked.set()
        # SQLite has one writer: there it happens as soon as this one is through.
        if connection.features.has_select_for_update:
            assert self.happened.wait(SECONDS)
        return self.apply(*args, **more)

    def meanwhile(self) -> str:
        assert self.asked.wait(SECONDS)
        try:
            return done(self.happens)
        finally:
            self.happened.set()


def test_a_role_that_is_taken_between_the_question_and_the_deed(
    world: World, owls: list[Character], monkeypatch: pytest.MonkeyPatch
) -> None:
    between = Between(lambda: holds(world, False))
    monkeypatch.setattr(CHANGE, "apply", between)
    found = together(lambda: done(edit(world, owls[0], 3)), between.meanwhile)
    assert found == ["", ""], "decided before the loss, and so done whole"
    assert dots(owls[0]) == (3, 3)
    assert Event.objects.filter(entity_id=owls[0].pk, type="character.updated").count() == 1
    with pytest.raises(NotAllowed):
        edit(world, owls[0], 4)()
    assert dots(owls[0]) == (3, 3)


def test_an_award_to_many_is_no_different(
    world: World, owls: list[Character], monkeypatch: pytest.MonkeyPatch
) -> None:
    between = Between(lambda: holds(world, False))
    monkeypatch.setattr(awards, "apply", between)
    assert together(lambda: done(award(world, owls)), between.meanwhile) == ["", ""]
    assert set(Character.objects.values_list("experience_total", flat=True)) == {3}
    assert done(award(world, owls)) == "not_allowed"
    assert set(Character.objects.values_list("experience_total", flat=True)) == {3}


@pytest.mark.req("S004-29")
def test_a_role_that_comes_and_goes_while_its_holder_acts(world: World, owls: list[Character]) -> None:
    """Whatever was refused changed nothing, whatever was accepted is there whole, once, in the log as on the sheet."""
    owl = owls[0]
    held: list[bool] = []

    def flicker() -> str:
        for number in range(ROUNDS):
            held.append(number % 2 == 0)
            retry_lost_transactions(lambda: holds(world, held[-1]))
        return ""

    def act() -> list[str]:
        return [done(edit(world, owl, 1 + number % 5)) for number in range(1, 2 * ROUNDS)]

    failure, answers = together(flicker, act)
    assert failure == ""
    assert set(answers) <= {"", "not_allowed"}
    events = Event.objects.filter(entity_id=owl.pk, type="character.updated").order_by("version")
    accepted = [1 + number % 5 for number, answer in enumerate(answers, 1) if not answer]
    # What stands there already is no change.
    moved = [value for value, _ in groupby([1, *accepted])][1:]
    assert [event.changes["strength"][1] for event in events] == moved
    assert all(event.changes["strength"] == event.changes["wits"] for event in events)
    assert not accepted or dots(owl) == (accepted[-1], accepted[-1])
    stream = Stream.objects.get(pk=world.chronicle.pk)
    seqs = list(Event.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, stream.seq + 1))
    # The last word was "taken": from here on nothing is accepted any more.
    assert done(edit(world, owl, 5)) == "not_allowed"
