"""rodbot's client and the Django backend agree about characters: what one sends the other takes, and back."""

import itertools

import pytest

from contract import endpoints
from contract.characters import TraitChange
from contract.chronicles import CreateChronicle
from contract.notices import sentence
from rodbot.characters.history import render
from rodbot.characters.names import has_more
from rodbot.core.backend import Backend, BackendError
from rodbot.core.errors import by
from tests.character_calls import CharacterCalls
from tests.seam.conftest import OTHER, PLAYER, Running, Who

_numbers = itertools.count(1)
REQUIRED = [
    TraitChange(path="health.total", op="set", value=7),
    TraitChange(path="willpower.total", op="set", value=5),
    TraitChange(path="humanity.value", op="set", value=7),
]
HUNGRIER = [TraitChange(path="hunger", op="adjust", value=1)]


@pytest.fixture
async def owl(nadia: Who) -> str:
    answer = await nadia().characters.create("vampire5th", f"Owl {next(_numbers)}", REQUIRED)
    return answer.character.name


def refused(error: pytest.ExceptionInfo[BackendError]) -> tuple[int, str]:
    assert error.value.refusal.detail.strip(), "a refusal has a sentence"
    return error.value.status, error.value.code


@pytest.mark.req("S004-31", "CARD-09")
async def test_create_answers_with_character_card_and_event(nadia: Who) -> None:
    answer = await nadia().characters.create("vampire5th", "Night Fox", [*REQUIRED, *HUNGRIER])
    assert (answer.character.name, answer.card.title) == ("Night Fox", "Night Fox")
    assert str(answer.character.id) in answer.card.url
    assert answer.event is not None
    assert answer.event.type == "character.created"
    assert [row.label for row in answer.card.rows if row.path == "hunger"] == ["Hunger"]


async def test_every_tracker_of_the_schema_can_be_set_by_its_own_path(
    backend: Backend, nadia: Who, owl: str
) -> None:
    splat = next(s for s in (await backend.fetch(endpoints.GET_SCHEMA)).splats if s.slug == "vampire5th")
    for field in splat.tracker_fields:
        if field.path.startswith("experience"):
            continue
        answer = await nadia().characters.change(
            owl, [TraitChange(path=field.path, op="set", value=field.max)]
        )
        assert answer.card.title == owl, field.path


@pytest.mark.req("S004-31", "CARD-09")
async def test_a_change_names_from_and_to(nadia: Who, owl: str) -> None:
    answer = await nadia().characters.change(owl, HUNGRIER)
    assert answer.event is not None
    assert answer.event.changes == {"hunger": (1, 2)}
    assert answer.event.labels == {"hunger": "Hunger"}
    assert (answer.event.door, by(answer.event), answer.event.command) == ("discord", "nadia", "/test")


@pytest.mark.req("S004-35")
async def test_the_same_key_twice_acts_once_and_answers_alike(nadia: Who, owl: str) -> None:
    who = nadia()
    first = await who.characters.change(owl, HUNGRIER)
    second = await who.characters.change(owl, HUNGRIER)
    assert first == second
    now = await nadia().characters.look(owl)
    assert next(row.text for row in now.card.rows if row.path == "hunger") == "2 of 5"


@pytest.mark.req("S004-31", "CARD-09")
async def test_names_complete_and_page(otto: Who) -> None:
    for number in range(27):
        await otto().characters.create("vampire5th", f"Crow {number:02}", REQUIRED)
    first = await otto().characters.names("crow")
    second = await otto().characters.names("crow", page=1)
    assert (len(first.results), has_more(first)) == (25, True)
    assert ([n.name for n in second.results], has_more(second, 1)) == (["Crow 25", "Crow 26"], False)
    assert first.results[0].label == "Crow 00 — Vampire"
    assert (await otto().characters.names("crow", splat="hunter5th")).results == []


@pytest.mark.req("S004-31", "CARD-09")
async def test_delete_and_restore(nadia: Who, owl: str) -> None:
    gone = await nadia().characters.delete(owl)
    assert gone.event is not None
    assert gone.event.type == "character.deleted"
    with pytest.raises(BackendError) as error:
        await nadia().characters.look(owl)
    assert refused(error) == (404, "not_found")
    deleted = await nadia().characters.names(owl, deleted=True)
    back = await nadia().characters.restore(str(deleted.results[0].id))
    assert back.event is not None
    assert back.event.type == "character.restored"


async def test_undo_and_what_blocks_it(nadia: Who, owl: str) -> None:
    first = await nadia().characters.change(owl, HUNGRIER)
    await nadia().characters.change(owl, HUNGRIER)
    assert first.event is not None
    with pytest.raises(BackendError) as error:
        await nadia().characters.undo(owl, first.event.id)
    assert refused(error) == (409, "undo_blocked")
    assert len(error.value.refusal.events) == 1
    undone = await nadia().characters.undo(owl)
    assert undone.event is not None
    assert undone.event.changes == {"hunger": (3, 2)}
    assert undone.event.undoes


async def test_history_is_newest_first_and_goes_on_from_a_version(nadia: Who, owl: str) -> None:
    for _ in range(3):
        await nadia().characters.change(owl, HUNGRIER)
    newest = await nadia().characters.history(owl, None, 2)
    assert [e.changes["hunger"] for e in newest.events] == [(3, 4), (2, 3)]
    older = await nadia().characters.history(owl, newest.events[-1].version, 5)
    assert [e.type for e in older.events] == ["character.updated", "character.created"]
    assert "nadia" in str(render(newest).embeds[0].description)


async def test_the_default_is_set_used_and_cleared(nadia: Who, owl: str) -> None:
    made = await nadia().characters.default(owl)
    assert (made.default and made.default.name, made.scope) == (owl, "server")
    changed = await nadia().characters.change(None, HUNGRIER)
    assert owl in changed.chosen
    assert await nadia().characters.default(None) == made
    assert (await nadia().characters.default(None, clear=True)).default is None


async def test_traits_complete_and_take_text(nadia: Who, owl: str) -> None:
    found = await nadia().characters.traits(owl, "stren")
    assert [(t.path, t.label) for t in found] == [("strength", "Strength")]
    answer = await nadia().characters.change(owl, [TraitChange(path="strength", op="text", value="3")])
    assert answer.event is not None
    assert answer.event.changes["strength"][1] == 3


async def test_steering_options_reach_name_theme_and_experience(nadia: Who, owl: str) -> None:
    operations = [
        TraitChange(path="name", op="set", value=f"{owl} II"),
        TraitChange(path="theme", op="set", value="#00aa00"),
        TraitChange(path="experience.total", op="adjust", value=5),
    ]
    answer = await nadia().characters.change(owl, operations)
    assert (answer.character.name, answer.card.colour) == (f"{owl} II", "#00aa00")
    assert "5" in answer.card.footer


async def test_a_direct_message_has_no_guild(nadia: Who) -> None:
    answer = await nadia(guild=None).characters.create("vampire5th", "Lone Wolf", REQUIRED)
    assert (await nadia(guild=None).characters.look("Lone Wolf")).character == answer.character


# Refusals: each with a code, a sentence, and nothing changed


CHANGES = [("hunger", 99), ("hunger", "many"), ("unheard.of", 1), ("theme", "crimson")]


@pytest.mark.parametrize(("path", "value"), CHANGES)
async def test_a_bad_change_is_refused_whole(nadia: Who, owl: str, path: str, value: int | str) -> None:
    with pytest.raises(BackendError) as error:
        await nadia().characters.change(owl, [*HUNGRIER, TraitChange(path=path, op="set", value=value)])
    assert refused(error) == (400, "invalid")
    now = await nadia().characters.look(owl)
    assert next(row.text for row in now.card.rows if row.path == "hunger") == "1 of 5"


async def test_another_persons_character_is_not_theirs_to_change(nadia: Who, otto: Who, owl: str) -> None:
    token = str((await nadia().characters.look(owl)).character.id)
    for work in (
        otto().characters.change(token, HUNGRIER),
        otto().characters.delete(token),
        otto().characters.undo(token),
        otto().characters.history(token, None, 5),
        otto().characters.change(owl, HUNGRIER, player=PLAYER),
    ):
        with pytest.raises(BackendError) as error:
            await work
        assert refused(error)[0] in (403, 404)


async def test_a_storyteller_reaches_a_players_character(nadia: Who, olga: Who, owl: str) -> None:
    answer = await olga().characters.change(owl, HUNGRIER, player=PLAYER)
    assert answer.event is not None
    assert by(answer.event) == "olga for nadia"
    assert owl in [n.name for n in (await olga().characters.names(owl, player=PLAYER)).results]
    assert (await nadia().characters.names("", player=OTHER)).results == []


async def test_a_taken_name_an_unknown_type_and_a_strange_portrait(nadia: Who, owl: str) -> None:
    with pytest.raises(BackendError) as error:
        await nadia().characters.create("vampire5th", owl, REQUIRED)
    assert refused(error) == (409, "name_taken")
    with pytest.raises(BackendError) as error:
        await nadia().characters.create("unicorn5th", "Horn", REQUIRED)
    assert refused(error)[0] in (400, 404)
    for url in ("http://127.0.0.1:1/x.png", "file:///etc/passwd", "nonsense"):
        with pytest.raises(BackendError) as error:
            await nadia().characters.avatar(owl, url)
        assert 400 <= refused(error)[0] < 500


async def test_a_wrong_key_gets_nothing(django: Running, nadia: Who) -> None:
    client = Backend(django.url, "wrong")
    calls = CharacterCalls(client, nadia().caller)
    for work in (client.fetch(endpoints.GET_SCHEMA), calls.look("x"), calls.names()):
        with pytest.raises(BackendError) as error:
            await work
        assert refused(error) == (401, "bad_key")
    await client.close()


async def test_a_character_moves_into_another_chronicle(nadia: Who, olga: Who, owl: str) -> None:
    await olga().call(endpoints.CREATE_CHRONICLE, CreateChronicle(name=f"Story {owl}"))
    moved = await nadia().characters.move(owl, f"Story {owl}")
    assert moved.event is not None
    assert moved.event.type == "character.moved"
    assert f"“Story {owl}”" in sentence(moved.event.notices[0])
    again = await nadia().characters.move(owl, f"Story {owl}")
    assert again.event is None
    assert "already" in sentence(again.notices[0])
    with pytest.raises(BackendError) as error:
        await nadia().characters.move(owl, "Nowhere")
    assert refused(error) == (404, "not_found")
