"""What may still be done with a roll, and by whom; each once."""

from typing import Any

import pytest

from chronicle.door import parse
from contract.rolls import Reroll, Strike
from haven.tests.kit import at, change, make, sets
from rolls import services
from rolls.models import Roll
from rolls.tests.kit import again, answer_to, asker, check, roll
from rolls.tests.test_rolling import refused
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Unprocessable
from testing.personas import World
from timeline.models import Event
from timeline.services import Cause, Viewer, since


@pytest.fixture
def owl(world: World) -> Any:
    return make(world, operations=sets(hunger=1))


def by(world: World, who: str) -> Cause:
    return Cause(actor=getattr(world, who), door="web")


@pytest.mark.engine
def test_willpower_rolls_again_once_and_pays(world: World, owl: Any) -> None:
    first = roll(world, owl, dice=[2, 3, 8, 9, 6])
    body = answer_to(world, again(world, first, dice=[10, 10]))
    assert at(owl, "willpower.superficial") == 1
    assert body["change"]["event"]["changes"] == {"willpower.superficial": [0, 1]}
    assert body["roll"]["rerolled"] == [0, 1]
    assert [die["value"] for die in body["roll"]["before"]] == [2, 3]
    assert body["roll"]["outcome"]["slug"] == "critical"
    assert body["roll"]["replaces"] == str(first.roll.id)
    assert body["strategies"] == []
    with refused(Conflict, "already_rerolled"):
        again(world, first, dice=[])
    second = services.Done(Roll.objects.get(pk=body["roll"]["id"]))
    with refused(Conflict, "already_rerolled"):
        again(world, second, dice=[])
    shown = answer_to(world, services.Done(first.roll))["roll"]
    assert shown["replaced_by"] == body["roll"]["id"]
    assert shown["rights"]["reroll"] is False


def test_dice_are_picked(world: World, owl: Any) -> None:
    first = roll(world, owl, dice=[2, 3, 8, 9, 1])
    for sent in ([], [True], ["0"], "0", {}):
        with refused(Invalid) as caught:
            parse(Reroll, {"roll": first.roll.id, "dice": sent})
        assert list(caught.value.data["fields"]) in (["dice"], ["dice.0"])
    for wrong in ([4], [0, 0], [0, 1, 2, 3], [10**30]):
        with refused(Invalid) as caught:
            services.reroll(asker(world, "mira"), first.roll.id, by(world, "mira"), dice=wrong)
        assert list(caught.value.data["fields"]) == ["dice"]
    with refused(Invalid):
        services.reroll(asker(world, "mira"), first.roll.id, by(world, "mira"), strategy="magic")
    done = services.reroll(asker(world, "mira"), first.roll.id, by(world, "mira"), dice=[2, 0])
    assert done.roll.rolled["rerolled"] == [0, 2]


def test_without_willpower_no_die_falls(world: World, owl: Any) -> None:
    total = at(owl, "willpower.total")
    first = roll(world, owl, dice=[2, 3, 8, 9, 6])
    change(world, owl, *sets(willpower__superficial=total))
    with refused(Unprocessable, "no_willpower"):
        again(world, first, dice=[])
    assert answer_to(world, services.Done(first.roll))["strategies"] == []


def test_what_a_reroll_would_do_is_told_exactly(world: World, owl: Any) -> None:
    body = answer_to(world, roll(world, owl, pool=2, dice=[2, 3], options={"difficulty": 1}))
    (failures,) = (strategy for strategy in body["strategies"] if strategy["slug"] == "failures")
    assert failures["cost"] == "1 Willpower"
    assert failures["dice"] == [0]
    assert (failures["odds"]["win"], failures["gain"]) == (0.5, 0.5)


def test_nobody_pays_nothing(world: World) -> None:
    done = again(world, roll(world, dice=[2, 3, 8, 9, 6]), dice=[6, 6])
    assert done.change is None
    assert done.roll.outcome["successes"] == 5


@pytest.mark.engine
def test_despair_is_taken_back_by_a_reroll(world: World) -> None:
    hunter = make(world, "Hunter", splat="hunter5th", operations=sets(desperation=1))
    first = roll(world, hunter, system="h5", pool=2, options={"desperation": True}, dice=[2, 3, 1])
    assert at(hunter, "despair") is True
    done = again(world, first, dice=[8, 9])
    assert at(hunter, "despair") is False
    body = answer_to(world, done)
    assert body["roll"]["outcome"]["choices"] == ["overreach", "despair"]
    danger = at(hunter, "danger")
    chosen = services.choose(asker(world, "mira"), done.roll.id, "overreach", by(world, "mira"))
    assert chosen.roll.outcome["slug"] == "overreach"
    assert at(hunter, "danger") == danger + 1
    assert chosen.roll.slug == "choice", "luck counts what fell"
    with refused(Conflict, "already_chosen"):
        services.choose(asker(world, "mira"), done.roll.id, "despair", by(world, "mira"))


def test_there_is_not_always_something_to_choose(world: World, owl: Any) -> None:
    first = roll(world, owl, dice=[6] * 5)
    for wrong in ("overreach", "", None, [], {"a": 1}):
        with refused(Unprocessable, "no_choice"):
            services.choose(asker(world, "mira"), first.roll.id, wrong, by(world, "mira"))


def test_who_may_decide_about_a_roll(world: World, owl: Any) -> None:
    first = roll(world, owl, dice=[2, 3, 8, 9, 6])
    for who, kind in (("jonas", NotAllowed), ("vesna", NotAllowed), ("sam", NotFound)):
        with refused(kind):
            again(world, first, dice=[], who=who)
    storytellers = roll(world, owl, dice=[2, 3, 8, 9, 6], who="vesna")
    assert again(world, storytellers, dice=[6, 6], who="mira").roll.roller == world.mira


def test_general_dice_and_checks_are_not_rolled_again(world: World, owl: Any) -> None:
    with refused(Unprocessable, "no_reroll"):
        again(world, roll(world, system="general", pool="1d6", dice=[3]), dice=[])
    with refused(Unprocessable, "no_reroll"):
        again(world, check(world, "rouse", owl, dice=[3]), dice=[])


SEEN = {
    "public": {"mira", "jonas", "vesna", "olga", "root"},
    "storyteller": {"mira", "vesna", "olga", "root"},
    "private": {"mira"},
}


@pytest.mark.engine
@pytest.mark.parametrize("visibility", SEEN)
def test_who_sees_a_roll(world: World, owl: Any, visibility: str) -> None:
    from rolls import selectors

    done = roll(world, owl, dice=[6] * 5, visibility=visibility)
    seen = set()
    for who in ("mira", "jonas", "vesna", "olga", "sam", "root", "nobody"):
        try:
            selectors.get(asker(world, who), done.roll.id)
        except NotFound:
            continue
        seen.add(who)
    assert seen == SEEN[visibility]
    listed = {
        who
        for who in ("mira", "jonas", "vesna", "olga")
        if selectors.recent(asker(world, who), chronicle=world.chronicle)
    }
    assert listed == seen - {"root"}


def frames(world: World, event: Event) -> dict[str, Any]:
    """What each persona's socket receives of the event, by the timeline's own reading."""
    import orjson

    people = {
        "mira": Viewer(str(world.mira.id), member=True),
        "jonas": Viewer(str(world.jonas.id), member=True),
        "vesna": Viewer(str(world.vesna.id), storyteller=True, member=True),
        "stranger": Viewer(None),
    }
    found = {}
    for who, viewer in people.items():
        (frame,) = (text for seq, text in since(event.stream_id, event.seq - 1, viewer) if seq == event.seq)
        found[who] = orjson.loads(frame) if frame else None
    return found


def test_frames_hold_what_their_reader_may_see(world: World, owl: Any) -> None:
    public = frames(world, roll(world, owl, dice=[6] * 5).event)
    assert [who for who, frame in public.items() if frame] == ["mira", "jonas", "vesna"]
    assert public["jonas"]["fields"]["roll"]["outcome"]["successes"] == 5
    assert public["jonas"]["entity"] == "roll"
    secret = frames(world, roll(world, owl, dice=[6] * 5, visibility="storyteller").event)
    assert [who for who, frame in secret.items() if frame] == ["mira", "vesna"]
    private = roll(world, owl, dice=[6] * 5, visibility="private").event
    assert private.stream.name == f"user:{world.mira.id}"


def test_a_hidden_difficulty_stays_with_the_storyteller(world: World, owl: Any) -> None:
    done = roll(world, who="vesna", dice=[6] * 5, options={"difficulty": 4}, hide_difficulty=True)
    seen = frames(world, done.event)
    told_jonas = seen["jonas"]["fields"]
    assert "roll_hidden" not in told_jonas
    assert told_jonas["roll"]["difficulty"] is None
    assert told_jonas["roll"]["outcome"]["margin"] is None
    assert told_jonas["roll"]["options"]["difficulty"] is None
    assert told_jonas["roll"]["chances"] is None
    assert seen["vesna"]["fields"]["roll_hidden"]["difficulty"] == 4
    assert answer_to(world, done, "vesna")["roll"]["difficulty"] == 4
    assert answer_to(world, done, "jonas")["roll"]["difficulty"] is None


def test_consequences_are_told_only_to_who_sees_the_sheet(world: World, owl: Any) -> None:
    done = roll(world, owl, pool=3, dice=[6, 6, 6, 2], options={"rouse": 1})
    assert answer_to(world, done)["roll"]["consequences"][0]["changes"] == {"hunger": [1, 2]}
    assert answer_to(world, done, "jonas")["roll"]["consequences"] == []
    assert '"hunger":[1,2]' not in str(frames(world, done.event)["jonas"]).replace(" ", "")


@pytest.mark.engine
def test_revealed_later(world: World, owl: Any) -> None:
    done = roll(world, owl, dice=[6, 6, 6, 2], pool=3, visibility="private", options={"rouse": 1})
    for who in ("jonas", "vesna"):
        with refused(NotFound):
            services.reveal(asker(world, who), done.roll.id, by(world, who))
    shown = services.reveal(asker(world, "mira"), done.roll.id, by(world, "mira"))
    assert frames(world, shown.event)["jonas"]["fields"]["roll"]["visibility"] == "public"
    body = answer_to(world, shown, "jonas")["roll"]
    assert (body["revealed"], body["attached"][0]["visibility"]) == (True, "public")
    with refused(Conflict, "already_public"):
        services.reveal(asker(world, "mira"), done.roll.id, by(world, "mira"))


@pytest.mark.engine
def test_struck_with_a_reason(world: World, owl: Any) -> None:
    done = roll(world, owl, dice=[6, 6, 6, 2], pool=3, options={"rouse": 1})
    for who, kind in (("mira", NotAllowed), ("jonas", NotAllowed), ("sam", NotFound)):
        with refused(kind):
            services.strike(asker(world, who), done.roll.id, by(world, who), "A test")
    for sent in (5, "x" * 301):
        with refused(Invalid):
            parse(Strike, {"roll": done.roll.id, "reason": sent})
    for wrong in ("", " ", "\u200b"):
        with refused(Invalid):
            services.strike(asker(world, "vesna"), done.roll.id, by(world, "vesna"), wrong)
    struck = services.strike(asker(world, "vesna"), done.roll.id, by(world, "vesna"), "A test of the dice")
    assert answer_to(world, struck)["roll"]["struck"]["reason"] == "A test of the dice"
    assert Roll.objects.exclude(struck_at=None).count() == 2, "its Rouse check too"
    with refused(Conflict):
        services.strike(asker(world, "vesna"), done.roll.id, by(world, "vesna"), "Again")
    services.strike(asker(world, "vesna"), done.roll.id, by(world, "vesna"), undo=True)
    assert not Roll.objects.exclude(struck_at=None).exists()
