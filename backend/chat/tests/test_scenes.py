"""A scene is opened in a channel, played by turns, and closed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from chat.models import ChatMessage, Mention, Scene
from chat.operations import game, scenes
from chat.services import cast
from chat.tests.chat_kit import call, read, say, table
from chronicle.models import Chronicle
from contract import chat_game as game_shapes
from contract import chat_scenes as shapes
from haven.models import Character
from haven.tests.kit import make
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound, Unprocessable
from testing.personas import World
from timeline.operations import Operation

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def owl(world: World) -> Character:
    return make(world)


@pytest.fixture
def fox(world: World) -> Character:
    return make(world, "Red Fox", who="jonas")


def do(world: World, who: str, operation: Operation[Any, Any, shapes.OneScene], **given: Any) -> shapes.Scene:
    return operation.run(call(world, who), operation.input.model_validate(given)).scene


def start(world: World, who: str = "vesna", **given: Any) -> shapes.Scene:
    return do(world, who, scenes.OPEN, **{"room": table().pk, "title": "At the Elysium", **given})


@pytest.fixture
def scene(world: World, owl: Character, fox: Character) -> shapes.Scene:
    """Mira's owl and Jonas's fox take part, in this order."""
    opened = start(world, place="Elysium")
    do(world, "mira", scenes.JOIN, scene=opened.id, speaker=owl.pk)
    return do(world, "jonas", scenes.JOIN, scene=opened.id, speaker=fox.pk)


def names(scene: shapes.Scene) -> list[str]:
    return [part.name for part in scene.parts]


def at_turn(scene: shapes.Scene) -> str | None:
    return next((part.name for part in scene.parts if part.id == scene.turn), None)


def part(scene: shapes.Scene, name: str) -> UUID:
    return next(found.id for found in scene.parts if found.name == name)


def card() -> shapes.Scene:
    message = ChatMessage.objects.get(kind="scene")
    return shapes.SceneCard.model_validate(message.card).scene


def notices() -> list[str]:
    return [row.content for row in ChatMessage.objects.filter(kind="notice").order_by("seq")]


def test_one_scene_is_open_in_a_channel(world: World) -> None:
    opened = start(world, place="Elysium", pace=60)
    assert (opened.title, opened.place, opened.pace, opened.open) == ("At the Elysium", "Elysium", 60, True)
    assert card().id == opened.id
    with pytest.raises(Conflict) as refused:
        start(world)
    assert refused.value.code == "scene_open"
    do(world, "vesna", scenes.CLOSE, scene=opened.id)
    assert start(world, title="Later").open
    with pytest.raises(Conflict):
        do(world, "vesna", scenes.REOPEN, scene=opened.id)
    with pytest.raises(Conflict):
        do(world, "vesna", scenes.CHANGE, scene=opened.id, title="Closed already")


def test_players_open_scenes_where_the_house_rules_let_them(world: World) -> None:
    with pytest.raises(NotAllowed):
        start(world, "mira")
    assert not ChatMessage.objects.exists()
    Chronicle.objects.filter(pk=world.chronicle.pk).update(settings={"rules": {"scene_openers": "players"}})
    opened = start(world, "mira")
    assert do(world, "mira", scenes.CHANGE, scene=opened.id, place="Docks").place == "Docks"
    with pytest.raises(NotAllowed):
        do(world, "jonas", scenes.CLOSE, scene=opened.id)
    assert not do(world, "mira", scenes.CLOSE, scene=opened.id).open


def test_taking_part_makes_that_character_speak(world: World, scene: shapes.Scene, owl: Character) -> None:
    assert names(scene) == ["Night Owl", "Red Fox"]
    said = say(world, "mira", "Good evening.")
    assert said.voice is not None
    assert (said.voice.name, said.voice.place, said.scene) == ("Night Owl", "Elysium", scene.id)
    with pytest.raises(Conflict):
        do(world, "mira", scenes.JOIN, scene=scene.id, speaker=owl.pk)
    with pytest.raises(NotAllowed):
        do(world, "jonas", scenes.JOIN, scene=scene.id, speaker=owl.pk)
    assert card().parts == scene.parts


def test_leaving_and_coming_back(world: World, scene: shapes.Scene, owl: Character) -> None:
    left = do(world, "mira", scenes.LEAVE, scene=scene.id, part=part(scene, "Night Owl"))
    assert names(left) == ["Red Fox"]
    with pytest.raises(NotAllowed):
        do(world, "mira", scenes.LEAVE, scene=scene.id, part=part(scene, "Red Fox"))
    back = do(world, "mira", scenes.JOIN, scene=scene.id, speaker=owl.pk)
    assert names(back) == ["Red Fox", "Night Owl"]
    assert names(card()) == ["Red Fox", "Night Owl"]


def test_turns_go_around_and_each_is_told(world: World, scene: shapes.Scene) -> None:
    assert at_turn(do(world, "vesna", scenes.TURN, scene=scene.id)) == "Night Owl"
    with pytest.raises(NotAllowed):
        do(world, "jonas", scenes.TURN, scene=scene.id)
    assert at_turn(do(world, "mira", scenes.TURN, scene=scene.id)) == "Red Fox"
    assert at_turn(do(world, "jonas", scenes.TURN, scene=scene.id)) == "Night Owl"
    assert notices() == ["It’s Night Owl’s turn.", "It’s Red Fox’s turn.", "It’s Night Owl’s turn."]
    mentioned = list(Mention.objects.order_by("seq").values_list("user__username", flat=True))
    assert mentioned == ["mira", "jonas", "mira"]
    assert at_turn(card()) == "Night Owl"


def test_a_message_can_end_its_turn(world: World, scene: shapes.Scene) -> None:
    do(world, "vesna", scenes.TURN, scene=scene.id)
    with pytest.raises(NotAllowed):
        say(world, "jonas", "me first", ends_turn=True)
    assert not ChatMessage.objects.filter(content="me first").exists()
    say(world, "mira", "I bow.", ends_turn=True)
    assert at_turn(card()) == "Red Fox"


def test_who_is_away_is_stepped_over(world: World, scene: shapes.Scene) -> None:
    do(world, "vesna", scenes.TURN, scene=scene.id)
    with pytest.raises(NotAllowed):
        do(world, "jonas", scenes.SET_AWAY, scene=scene.id, part=part(scene, "Night Owl"), away=True)
    away = do(world, "vesna", scenes.SET_AWAY, scene=scene.id, part=part(scene, "Night Owl"), away=True)
    assert at_turn(away) == "Red Fox"
    assert at_turn(do(world, "jonas", scenes.TURN, scene=scene.id)) == "Red Fox"
    back = do(world, "mira", scenes.SET_AWAY, scene=scene.id, part=part(scene, "Night Owl"), away=False)
    assert at_turn(back) == "Red Fox"
    assert at_turn(do(world, "jonas", scenes.TURN, scene=scene.id)) == "Night Owl"


def test_the_order_is_the_storytellers(world: World, scene: shapes.Scene) -> None:
    wanted = [part(scene, "Red Fox")]
    with pytest.raises(NotAllowed):
        do(world, "mira", scenes.ORDER, scene=scene.id, parts=wanted)
    assert names(do(world, "vesna", scenes.ORDER, scene=scene.id, parts=wanted)) == ["Red Fox", "Night Owl"]
    with pytest.raises(Invalid):
        do(world, "vesna", scenes.ORDER, scene=scene.id, parts=[UUID(int=1)])
    named = do(world, "vesna", scenes.TURN, scene=scene.id, to=part(scene, "Night Owl"))
    assert at_turn(named) == "Night Owl"


def test_after_the_pace_the_others_may_go_on(world: World, scene: shapes.Scene) -> None:
    do(world, "vesna", scenes.CHANGE, scene=scene.id, pace=30)
    do(world, "vesna", scenes.TURN, scene=scene.id)
    with pytest.raises(NotAllowed):
        do(world, "jonas", scenes.TURN, scene=scene.id)
    Scene.objects.update(turn_since=timezone.now() - timedelta(minutes=31))
    assert at_turn(do(world, "jonas", scenes.TURN, scene=scene.id)) == "Red Fox"
    with pytest.raises(NotAllowed):
        do(world, "mira", scenes.TURN, scene=scene.id)


def test_a_nudge_is_not_repeated_at_once(world: World, scene: shapes.Scene) -> None:
    with pytest.raises(Unprocessable):
        do(world, "jonas", scenes.NUDGE, scene=scene.id)
    do(world, "vesna", scenes.TURN, scene=scene.id)
    with pytest.raises(Limit):
        do(world, "jonas", scenes.NUDGE, scene=scene.id)
    ChatMessage.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    do(world, "jonas", scenes.NUDGE, scene=scene.id)
    assert notices()[-1] == "Night Owl, the others are waiting for you."
    assert Mention.objects.filter(user=world.mira).count() == 2


def test_a_storyteller_plays_the_cast(world: World, scene: shapes.Scene) -> None:
    prince = cast.add(world.chronicle, "Prince Annabelle", principal=world.principal("vesna"))
    joined = do(world, "vesna", scenes.JOIN, scene=scene.id, speaker=prince.pk)
    assert names(joined)[-1] == "Prince Annabelle"
    with pytest.raises(NotFound):
        do(world, "mira", scenes.JOIN, scene=scene.id, speaker=prince.pk)


def test_strangers_know_of_no_scene(world: World, scene: shapes.Scene) -> None:
    asked: list[tuple[Operation[Any, Any, Any], dict[str, object]]] = [
        (scenes.GET, {}),
        (scenes.CLOSE, {}),
        (scenes.TURN, {}),
        (scenes.LOG, {}),
        (scenes.JOIN, {"speaker": UUID(int=1)}),
    ]
    for operation, given in asked:
        with pytest.raises(NotFound):
            operation.run(call(world, "sam"), operation.input.model_validate({"scene": scene.id, **given}))
    with pytest.raises(NotFound):
        game.GET_SPEAKERS.run(call(world, "sam"), game_shapes.ListSpeakers(room=table().pk))


def test_a_closed_scene_is_played_no_more(world: World, scene: shapes.Scene, owl: Character) -> None:
    do(world, "vesna", scenes.CLOSE, scene=scene.id)
    for operation, given in (
        (scenes.TURN, {}),
        (scenes.JOIN, {"speaker": owl.pk}),
        (scenes.CLOSE, {}),
        (scenes.CHANGE, {"title": "Other"}),
    ):
        with pytest.raises(Conflict):
            do(world, "vesna", operation, scene=scene.id, **given)
    assert say(world, "mira", "afterwards").scene is None
    assert read(world, "mira").results[-2].kind == "notice"
    assert do(world, "vesna", scenes.REOPEN, scene=scene.id).open
    assert say(world, "mira", "again").scene == scene.id
