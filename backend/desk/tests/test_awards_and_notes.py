"""Experience for many, and notes that only storytellers know of."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from chronicle.call import Call
from chronicle.door import parse
from chronicle.services import set_chronicle_role
from contract.desk import Award
from desk import operations
from desk.models import Note
from desk.selectors import Filters, desk
from desk.services import awards, notes
from desk.tests.kit import cause, character, lock, propose, set_
from haven.models import Character
from rules.errors import Invalid, NotAllowed, NotFound
from testing.notices import sentences
from testing.personas import World
from timeline import frames
from timeline.models import Event

# The services have no savepoint of their own: a refusal ends the transaction, as it does for a request.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.engine
def test_an_award_reaches_all_with_one_event_each(world: World) -> None:
    owls = [character(world, who, f"Owl {who}") for who in ("mira", "jonas")]
    lock(world, owls[0])
    who = world.principal("vesna")
    given = awards.award(
        who, world.chronicle, [owl.id for owl in owls], 3, "Session 12", cause(world, "vesna")
    )
    assert len(given) == 2
    for awarded in Character.objects.filter(pk__in=[owl.pk for owl in owls]):
        assert (awarded.experience_total, awarded.experience_current) == (3, 3)
    assert all(
        change.event and "3 experience: Session 12" in sentences(change.event.notices) for change in given
    )


@pytest.mark.engine
def test_one_wrong_name_and_nobody_gets_anything(world: World) -> None:
    rich, poor = character(world, "mira", "Rich"), character(world, "jonas", "Poor")
    Character.objects.filter(pk=rich.pk).update(experience_total=9_999, experience_current=0)
    with pytest.raises(Invalid) as refused:
        awards.award(
            world.principal("vesna"),
            world.chronicle,
            [rich.id, poor.id, world.chronicle.id],
            5,
            "Session 12",
            cause(world, "vesna"),
        )
    assert {error["character"] for error in refused.value.data["errors"]} == {
        str(rich.id),
        str(world.chronicle.id),
    }


def test_nothing_of_a_refused_award_stays(world: World) -> None:
    poor = character(world, "jonas", "Poor")
    events = Event.objects.count()
    wrong = [poor.id, world.chronicle.id]
    with pytest.raises(Invalid):
        awards.award(world.principal("vesna"), world.chronicle, wrong, 5, "Session 12", cause(world, "vesna"))
    assert Event.objects.count() == events
    assert Character.objects.get(pk=poor.pk).experience_total == 0


@pytest.mark.parametrize(
    ("amount", "reason"), [(0, "x"), (True, "x"), ("3", "x"), (1001, "x"), (3, ""), (3, None)]
)
def test_bad_awards_name_the_field(world: World, amount: object, reason: object) -> None:
    owl = character(world)
    body = {"chronicle": world.chronicle.id, "characters": [str(owl.id)], "amount": amount, "reason": reason}
    call = Call(world.principal("vesna"), cause(world, "vesna"))
    with pytest.raises(Invalid) as refused:
        operations.AWARD.run(call, parse(Award, body))
    assert set(refused.value.data["fields"]) <= {"amount", "reason"}


@pytest.mark.req("S004-29")
def test_players_neither_award_nor_read_the_desk(world: World) -> None:
    owl = character(world)
    mira = world.principal("mira")
    with pytest.raises(NotAllowed):
        awards.award(mira, world.chronicle, [owl.id], 3, "Me", cause(world, "mira"))
    with pytest.raises(NotAllowed):
        desk(mira, world.chronicle)
    with pytest.raises(NotFound):
        desk(world.principal("sam"), world.chronicle)


@pytest.mark.engine
def test_notes_are_written_changed_and_removed(world: World) -> None:
    owl, vesna = character(world), world.principal("vesna")
    made = notes.add(vesna, world.chronicle, "Her sire", "Is the prince", cause(world, "vesna"), owl.id)
    notes.change(vesna, made.id, None, "Is the sheriff", cause(world, "vesna"))
    shown = notes.notes(vesna, world.chronicle, owl.id)
    assert [(note.title, note.text, note.version) for note in shown] == [("Her sire", "Is the sheriff", 2)]
    notes.remove(vesna, made.id, cause(world, "vesna"))
    assert notes.notes(vesna, world.chronicle) == []
    assert Note.objects.get().removed_at is not None


@pytest.mark.req("S004-29")
def test_a_player_learns_nothing_of_notes(world: World) -> None:
    owl = character(world)
    made = notes.add(world.principal("vesna"), world.chronicle, "Traitor", "", cause(world, "vesna"), owl.id)
    mira = world.principal("mira")
    with pytest.raises(NotAllowed):
        notes.notes(mira, world.chronicle)
    with pytest.raises(NotFound):
        notes.remove(mira, made.id, cause(world, "mira"))
    event = Event.objects.get(type="note.added")
    assert frames.frame(event, 2) is None
    frame = frames.frame(event, 3)
    assert frame is not None
    assert "Traitor" not in str(frame)


def test_who_observes_sees_the_desk_and_no_note(world: World) -> None:
    by = {"principal": world.principal("olga"), "cause": cause(world, "olga")}
    set_chronicle_role(world.chronicle, world.mira.pk, "OBSERVER", **by)
    notes.add(world.principal("vesna"), world.chronicle, "Traitor", "", cause(world, "vesna"))
    mira = world.principal("mira")
    assert desk(mira, world.chronicle).total == 0
    with pytest.raises(NotAllowed):
        notes.notes(mira, world.chronicle)


def test_a_retry_shows_a_note_to_nobody_who_is_no_storyteller_any_more(world: World) -> None:
    by = {"principal": world.principal("olga"), "cause": cause(world, "olga")}
    client = APIClient(headers={"Idempotency-Key": "once"})
    client.force_authenticate(world.mira)
    answers = []
    for role in ("STORYTELLER", None):
        set_chronicle_role(world.chronicle, world.mira.pk, role, **by)
        address = f"/api/chronicles/{world.chronicle.id}/notes/"
        answers.append(client.post(address, {"title": "Traitor", "text": "Jonas"}, format="json"))
        Note.objects.update(text="Mira")
    assert [answer.status_code for answer in answers] == [201, 403]


@pytest.mark.engine
def test_the_desk_shows_all_and_filters(world: World) -> None:
    owl, fox = character(world, "mira", "Night Owl"), character(world, "jonas", "Grey Fox")
    lock(world, owl)
    propose(world, owl, set_("strength", 3))
    who = world.principal("vesna")
    found = desk(who, world.chronicle)
    assert [character.name for character in found.characters] == ["Grey Fox", "Night Owl"]
    assert [character.locked for character in found.characters] == [False, True]
    assert found.characters[1].submission == found.submissions[0].id

    def names(**filters: str) -> list[str]:
        return [character.name for character in desk(who, world.chronicle, Filters(**filters)).characters]

    assert names(search="fox") == ["Grey Fox"]
    assert names(search="mira") == ["Night Owl"]
    assert names(state="waiting") == names(state="locked") == ["Night Owl"]
    assert names(state="dead") == []
    assert names(splat="mage20th") == []
    assert fox.name in names(splat="vampire5th")


def test_the_desk_asks_as_much_for_many_as_for_few(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            desk(world.principal("vesna"), world.chronicle)
        return len(seen)

    for number in range(2):
        propose(world, character(world, "mira", f"Owl {number}"), set_("strength", 3))
    few = queries()
    for number in range(2, 12):
        propose(world, character(world, "jonas", f"Owl {number}"), set_("strength", 3), who="jonas")
    assert queries() == few <= 5
