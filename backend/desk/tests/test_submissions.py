"""What a player submits and a storyteller decides: whole or not at all, seen by those two alone."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from chronicle.principal import Principal
from desk.models import Submission
from desk.selectors import of_character
from desk.serializers import submission_for
from desk.services import submissions
from desk.tests.kit import cause, character, lock, propose, set_
from haven import services
from haven.models import Character
from haven.selectors import get
from haven.services import Reference
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Unprocessable
from rules.traits import Operation
from testing.personas import World
from timeline import frames
from timeline.models import Event

migration = importlib.import_module("desk.migrations.0002_abilities_of_each_game")

# The services have no savepoint of their own: a refusal ends the transaction, as it does for a request.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owl(world: World) -> Character:
    made = character(world, strength=2)
    lock(world, made)
    return made


def now(character: Character) -> Character:
    return Character.objects.get(pk=character.pk)


def test_a_difference_says_whether_its_values_are_words_of_a_list(world: World, owl: Character) -> None:
    row = propose(world, owl, set_("status", "dead"), set_("strength", 3))
    shown = submission_for(row, world.principal("vesna"))
    assert {line.path: line.is_choice for line in shown.diff} == {"status": True, "strength": False}


@pytest.mark.engine
def test_an_approved_proposal_changes_the_locked_sheet(world: World, owl: Character) -> None:
    row = propose(world, owl, set_("strength", 3), set_("brawl", 2))
    before = now(owl).version
    shown = submission_for(row, world.principal("vesna"))
    assert [(line.label, line.before, line.after) for line in shown.diff] == [
        ("Strength", 2, 3),
        ("Brawl", 0, 2),
    ]
    assert now(owl).version == before, "nothing is applied before it is approved"
    done = submissions.approve(world.principal("vesna"), row.id, cause(world, "vesna"))
    assert (done.state, done.decided_by) == ("approved", world.vesna)
    assert (now(owl).sheet["strength"], now(owl).locked) == (3, True)
    change, decision = Event.objects.exclude(entity="server").order_by("-seq")[:2][::-1]
    assert change.changes == {"strength": [2, 3], "brawl.dots": [0, 2]}
    assert (decision.type, decision.changes) == ("submission.approved", {"state": ["open", "approved"]})
    assert submission_for(done, world.principal("mira")).diff == shown.diff, "the look back stays"


@pytest.mark.engine
def test_the_proposed_traits_keep_their_own_rights(world: World, owl: Character) -> None:
    with pytest.raises(NotAllowed):
        propose(world, owl, set_("locked", False))
    with pytest.raises(NotAllowed):
        propose(world, owl, set_("storyteller_notes", "I was here"))
    assert not Submission.objects.exists()


def test_what_the_sheet_would_not_take_is_refused_at_once(world: World, owl: Character) -> None:
    with pytest.raises(Invalid) as refused:
        propose(world, owl, set_("strength", 9))
    assert "strength" in refused.value.data["fields"]
    with pytest.raises(Invalid, match="change anything"):
        propose(world, owl, set_("strength", 2))


def test_one_waits_at_a_time_and_can_be_withdrawn(world: World, owl: Character) -> None:
    row = propose(world, owl, set_("strength", 3))
    with pytest.raises(Conflict) as refused:
        propose(world, owl, set_("strength", 4))
    assert refused.value.code == "already_submitted"
    with pytest.raises(NotAllowed):
        submissions.withdraw(world.principal("vesna"), row.id, cause(world, "vesna"))
    assert submissions.withdraw(world.principal("mira"), row.id, cause(world, "mira")).state == "withdrawn"
    assert propose(world, owl, set_("strength", 4)).state == "open"


def test_sent_back_with_a_reason_and_talked_about(world: World, owl: Character) -> None:
    row = propose(world, owl, set_("strength", 3))
    submissions.comment(world.principal("vesna"), row.id, "Who trained her?", cause(world, "vesna"))
    submissions.comment(world.principal("mira"), row.id, "The Nosferatu primogen.", cause(world, "mira"))
    with pytest.raises(Invalid, match="Say why"):
        submissions.send_back(world.principal("vesna"), row.id, "  ", cause(world, "vesna"))
    done = submissions.send_back(world.principal("vesna"), row.id, "Next month.", cause(world, "vesna"))
    shown = submission_for(done, world.principal("mira"))
    assert (shown.state, shown.reason) == ("returned", "Next month.")
    assert [comment.text for comment in shown.comments] == [
        "Who trained her?",
        "The Nosferatu primogen.",
    ]
    with pytest.raises(Conflict) as refused:
        submissions.approve(world.principal("vesna"), row.id, cause(world, "vesna"))
    assert refused.value.code == "already_decided"


@pytest.mark.engine
def test_what_no_longer_fits_is_refused_and_nothing_happens(world: World, owl: Character) -> None:
    vesna, spend = world.principal("vesna"), {"description": "Potence 2", "cost": 5}
    meant = Reference(str(owl.id))
    services.change(vesna, meant, [Operation("experience", "adjust", 5)], cause(world, "vesna"))
    row = propose(world, owl, {"path": "experience.spends", "op": "add", "value": spend})
    wanted = [Operation("experience.spends", "add", spend)]
    services.change(vesna, meant, wanted, cause(world, "vesna"))
    assert "only 0 experience" in submission_for(submissions.get(vesna, row.id), vesna).problem
    version = now(owl).version
    with pytest.raises(Invalid):
        submissions.approve(world.principal("vesna"), row.id, cause(world, "vesna"))
    assert now(owl).version == version
    assert Submission.objects.get().state == "open"


@pytest.mark.engine
def test_a_new_character_is_taken_in(world: World) -> None:
    draft = character(world, name="Fledgling", status="draft")
    row = propose(world, draft, text="My new one")
    assert (row.kind, submission_for(row, world.principal("vesna")).diff) == ("new", [])
    submissions.approve(world.principal("vesna"), row.id, cause(world, "vesna"))
    assert now(draft).status == "active"


def test_without_a_chronicle_nobody_has_to_be_asked(world: World) -> None:
    made = services.create(
        world.principal("mira"), "vampire5th", "Alone", [], None, cause(world, "mira")
    ).character
    with pytest.raises(Unprocessable):
        propose(world, made, set_("strength", 3))


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(("who", "error"), [("jonas", NotAllowed), ("sam", NotFound)])
def test_others_may_neither_submit_nor_see_nor_decide(
    world: World, owl: Character, who: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        propose(world, owl, set_("strength", 3), who=who)
    row = propose(world, owl, set_("strength", 3))
    other = world.principal(who)
    for act in (submissions.get, lambda p, pk: submissions.approve(p, pk, cause(world, who))):
        with pytest.raises(NotFound):
            act(other, row.id)
    assert of_character(other, get(Principal.system(), owl.id)) == []


def test_the_player_may_not_decide_about_their_own(world: World, owl: Character) -> None:
    row = propose(world, owl, set_("strength", 3))
    with pytest.raises(NotAllowed):
        submissions.approve(world.principal("mira"), row.id, cause(world, "mira"))


@pytest.mark.engine
def test_the_table_hears_nothing_of_it(world: World, owl: Character) -> None:
    propose(world, owl, set_("strength", 3))
    event = Event.objects.filter(type="submission.opened").first()
    assert event is not None
    assert frames.frame(event, 1) is None
    private = frames.frame(event, 2)
    assert private is not None
    assert private["fields"]["state"] == "open"


def wolf(world: World) -> Character:
    made = services.create(
        world.principal("mira"), "werewolf20th", "Ash", [], world.chronicle, cause(world, "mira")
    )
    return made.character


@pytest.mark.parametrize(
    ("entry", "asked", "expected"),
    [
        (0, {"path": "awareness", "op": "set", "value": 3}, 3),
        (0, {"path": "awareness.dots", "op": "adjust", "value": 2}, 2),
        (0, {"path": "awareness", "op": "text", "value": "+1"}, 1),
        (2, {"path": "awareness", "op": "set", "value": 3}, 3),
        (2, {"path": "awareness.dots", "op": "adjust", "value": 2}, 4),
        (2, {"path": "awareness", "op": "text", "value": "+1"}, 3),
    ],
)
def test_play_20_what_waits_on_a_former_ability_can_be_approved(
    world: World, entry: int, asked: dict[str, object], expected: int
) -> None:
    ash = wolf(world)
    if entry:
        wanted = [Operation("secondary_abilities", "add", {"name": "Awareness", "rating": entry})]
        services.change(world.principal("mira"), Reference(str(ash.id)), wanted, cause(world, "mira"))
    row = propose(world, ash, set_("brawl", 1))
    Submission.objects.filter(pk=row.pk).update(operations=[asked, set_("brawl", 1)])
    migration.forwards(apps, SimpleNamespace(connection=connection))
    submissions.approve(world.principal("vesna"), row.id, cause(world, "vesna"))
    (secondary,) = now(ash).sheet["secondary_abilities"].values()
    assert (secondary["name"], secondary["rating"], now(ash).sheet["brawl"]["dots"]) == (
        "Awareness",
        expected,
        1,
    )


@pytest.mark.engine
def test_play_20_what_cannot_be_moved_says_what_to_do(world: World) -> None:
    ash = wolf(world)
    row = propose(world, ash, set_("brawl", 1))
    asked = {"path": "awareness.specialties", "op": "add", "value": {"name": "Ghosts"}}
    Submission.objects.filter(pk=row.pk).update(operations=[asked])
    migration.forwards(apps, SimpleNamespace(connection=connection))
    sentence = "“Awareness” is no longer a trait of its own."
    seen = submission_for(Submission.objects.get(pk=row.pk), world.principal("vesna"))
    assert seen.problem.startswith(sentence)
    with pytest.raises(Invalid, match=sentence):
        submissions.approve(world.principal("vesna"), row.id, cause(world, "vesna"))
    submissions.send_back(world.principal("vesna"), row.id, "Ask again", cause(world, "vesna"))
