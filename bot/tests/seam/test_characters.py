"""rodbot's client and the Django backend agree about characters: what one sends the other takes, and back."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from contract.notices import sentence
from rodbot.characters.history import shown
from rodbot.core.backend import Backend, BackendError
from rodbot.core.caller import Facts
from tests.seam.conftest import OTHER, PLAYER, Running

Who = Callable[..., Facts]
_numbers = itertools.count(1)
REQUIRED = [
    {"path": "health.total", "op": "set", "value": 7},
    {"path": "willpower.total", "op": "set", "value": 5},
    {"path": "humanity.value", "op": "set", "value": 7},
]
HUNGRIER = [{"path": "hunger", "op": "adjust", "value": 1}]


@pytest.fixture
async def owl(backend: Backend, nadia: Who) -> str:
    answer = await backend.create(nadia(), "vampire5th", f"Owl {next(_numbers)}", REQUIRED)
    return answer.name


def refused(error: pytest.ExceptionInfo[BackendError]) -> tuple[int, str]:
    assert error.value.detail.strip(), "a refusal has a sentence"
    return error.value.status, error.value.code


@pytest.mark.req("S004-31", "CARD-09")
async def test_create_answers_with_character_card_and_event(backend: Backend, nadia: Who) -> None:
    answer = await backend.create(nadia(), "vampire5th", "Night Fox", [*REQUIRED, *HUNGRIER])
    assert (answer.name, answer.card.title) == ("Night Fox", "Night Fox")
    assert answer.card.url is not None
    assert answer.id in answer.card.url
    assert answer.event is not None
    assert answer.event.type == "character.created"
    assert [row.label for row in answer.card.rows if row.path == "hunger"] == ["Hunger"]


async def test_every_tracker_of_the_schema_can_be_set_by_its_own_path(
    backend: Backend, nadia: Who, owl: str
) -> None:
    splat = next(s for s in (await backend.schema()).splats if s.slug == "vampire5th")
    for field in splat.fields:
        if field.path.startswith("experience"):
            continue
        answer = await backend.change(nadia(), owl, [{"path": field.path, "op": "set", "value": field.max}])
        assert answer.card.title == owl, field.path


@pytest.mark.req("S004-31", "CARD-09")
async def test_a_change_names_from_and_to(backend: Backend, nadia: Who, owl: str) -> None:
    answer = await backend.change(nadia(), owl, HUNGRIER)
    assert answer.event is not None
    assert answer.event.changes == {"hunger": [1, 2]}
    assert answer.event.labels == {"hunger": "Hunger"}
    assert (answer.event.door, answer.event.actor, answer.event.command) == ("discord", "nadia", "/test")


@pytest.mark.req("S004-35")
async def test_the_same_key_twice_acts_once_and_answers_alike(backend: Backend, nadia: Who, owl: str) -> None:
    who = nadia()
    first = await backend.change(who, owl, HUNGRIER)
    second = await backend.change(who, owl, HUNGRIER)
    assert first == second
    now = await backend.look(nadia(), owl)
    assert next(row.text for row in now.card.rows if row.path == "hunger") == "2 of 5"


@pytest.mark.req("S004-31", "CARD-09")
async def test_names_complete_and_page(backend: Backend, otto: Who) -> None:
    for number in range(27):
        await backend.create(otto(), "vampire5th", f"Crow {number:02}", REQUIRED)
    first = await backend.names(otto(), "crow")
    second = await backend.names(otto(), "crow", page=1)
    assert (len(first.results), first.more) == (25, True)
    assert ([n.name for n in second.results], second.more) == (["Crow 25", "Crow 26"], False)
    assert first.results[0].label == "Crow 00 — Vampire"
    assert (await backend.names(otto(), "crow", splat="hunter5th")).results == ()


@pytest.mark.req("S004-31", "CARD-09")
async def test_delete_and_restore(backend: Backend, nadia: Who, owl: str) -> None:
    gone = await backend.delete(nadia(), owl)
    assert gone.event is not None
    assert gone.event.type == "character.deleted"
    with pytest.raises(BackendError) as error:
        await backend.look(nadia(), owl)
    assert refused(error) == (404, "not_found")
    deleted = await backend.names(nadia(), owl, deleted=True)
    back = await backend.restore(nadia(), deleted.results[0].id)
    assert back.event is not None
    assert back.event.type == "character.restored"


async def test_undo_and_what_blocks_it(backend: Backend, nadia: Who, owl: str) -> None:
    first = await backend.change(nadia(), owl, HUNGRIER)
    await backend.change(nadia(), owl, HUNGRIER)
    assert first.event is not None
    with pytest.raises(BackendError) as error:
        await backend.undo(nadia(), owl, first.event.id)
    assert refused(error) == (409, "undo_blocked")
    assert len(error.value.data["events"]) == 1
    undone = await backend.undo(nadia(), owl)
    assert undone.event is not None
    assert undone.event.changes == {"hunger": [3, 2]}
    assert undone.event.undoes


async def test_history_is_newest_first_and_goes_on_from_a_version(
    backend: Backend, nadia: Who, owl: str
) -> None:
    for _ in range(3):
        await backend.change(nadia(), owl, HUNGRIER)
    newest = await backend.history(nadia(), owl, None, 2)
    assert [e.changes["hunger"] for e in newest.events] == [[3, 4], [2, 3]]
    older = await backend.history(nadia(), owl, newest.events[-1].version, 5)
    assert [e.type for e in older.events] == ["character.updated", "character.created"]
    assert "nadia" in str(shown(newest).embeds[0].description)


async def test_the_default_is_set_used_and_cleared(backend: Backend, nadia: Who, owl: str) -> None:
    assert await backend.default(nadia(), owl) == (owl, "server")
    changed = await backend.change(nadia(), None, HUNGRIER)
    assert owl in changed.chosen
    assert await backend.default(nadia(), None) == (owl, "server")
    assert (await backend.default(nadia(), None, clear=True))[0] is None


async def test_traits_complete_and_take_text(backend: Backend, nadia: Who, owl: str) -> None:
    found = await backend.traits(nadia(), owl, "stren")
    assert [(t.path, t.label) for t in found] == [("strength", "Strength")]
    answer = await backend.change(nadia(), owl, [{"path": "strength", "op": "text", "value": "3"}])
    assert answer.event is not None
    assert answer.event.changes["strength"][1] == 3


async def test_steering_options_reach_name_theme_and_experience(
    backend: Backend, nadia: Who, owl: str
) -> None:
    operations = [
        {"path": "name", "op": "set", "value": f"{owl} II"},
        {"path": "theme", "op": "set", "value": "#00aa00"},
        {"path": "experience.total", "op": "adjust", "value": 5},
    ]
    answer = await backend.change(nadia(), owl, operations)
    assert (answer.name, answer.card.colour) == (f"{owl} II", "#00aa00")
    assert "5" in answer.card.footer


async def test_a_direct_message_has_no_guild(backend: Backend, nadia: Who) -> None:
    answer = await backend.create(nadia(guild=None), "vampire5th", "Lone Wolf", REQUIRED)
    assert (await backend.look(nadia(guild=None), "Lone Wolf")).id == answer.id


# Refusals: each with a code, a sentence, and nothing changed


CHANGES: list[tuple[Any, str]] = [
    ([{"path": "hunger", "op": "set", "value": 99}], "invalid"),
    ([{"path": "hunger", "op": "set", "value": "many"}], "invalid"),
    ([{"path": "unheard.of", "op": "set", "value": 1}], "invalid"),
    ([{"path": "hunger", "op": "explode", "value": 1}], "invalid"),
    ([{"path": "theme", "op": "set", "value": "crimson"}], "invalid"),
    ("not a list", "invalid"),
]


@pytest.mark.parametrize(("operations", "code"), CHANGES)
async def test_a_bad_change_is_refused_whole(
    backend: Backend, nadia: Who, owl: str, operations: Any, code: str
) -> None:
    mixed = [*HUNGRIER, *operations] if isinstance(operations, list) else operations
    with pytest.raises(BackendError) as error:
        await backend.change(nadia(), owl, mixed)
    assert refused(error) == (400, code)
    now = await backend.look(nadia(), owl)
    assert next(row.text for row in now.card.rows if row.path == "hunger") == "1 of 5"


async def test_another_persons_character_is_not_theirs_to_change(
    backend: Backend, nadia: Who, otto: Who, owl: str
) -> None:
    token = (await backend.look(nadia(), owl)).id
    for work in (
        backend.change(otto(), token, HUNGRIER),
        backend.delete(otto(), token),
        backend.undo(otto(), token),
        backend.history(otto(), token, None, 5),
        backend.change(otto(), owl, HUNGRIER, player=PLAYER),
    ):
        with pytest.raises(BackendError) as error:
            await work
        assert refused(error)[0] in (403, 404)


async def test_a_storyteller_reaches_a_players_character(
    backend: Backend, nadia: Who, olga: Who, owl: str
) -> None:
    answer = await backend.change(olga(), owl, HUNGRIER, player=PLAYER)
    assert answer.event is not None
    assert answer.event.actor == "olga for nadia"
    assert owl in [n.name for n in (await backend.names(olga(), owl, player=PLAYER)).results]
    assert (await backend.names(nadia(), "", player=OTHER)).results == ()


async def test_a_taken_name_an_unknown_type_and_a_strange_portrait(
    backend: Backend, nadia: Who, owl: str
) -> None:
    with pytest.raises(BackendError) as error:
        await backend.create(nadia(), "vampire5th", owl, REQUIRED)
    assert refused(error) == (409, "name_taken")
    with pytest.raises(BackendError) as error:
        await backend.create(nadia(), "unicorn5th", "Horn", REQUIRED)
    assert refused(error)[0] in (400, 404)
    for url in ("http://127.0.0.1:1/x.png", "file:///etc/passwd", "nonsense"):
        with pytest.raises(BackendError) as error:
            await backend.avatar(nadia(), owl, url)
        assert 400 <= refused(error)[0] < 500


async def test_a_wrong_key_gets_nothing(django: Running, nadia: Who) -> None:
    client = Backend(django.url, "wrong")
    for work in (client.schema(), client.look(nadia(), "x"), client.names(nadia())):
        with pytest.raises(BackendError) as error:
            await work
        assert refused(error) == (401, "bad_key")
    await client.close()


async def test_a_character_moves_into_another_chronicle(
    backend: Backend, nadia: Who, olga: Who, owl: str
) -> None:
    await backend.community.begin(olga(), f"Story {owl}", "")
    moved = await backend.move(nadia(), owl, f"Story {owl}", None)
    assert moved.event is not None
    assert moved.event.type == "character.moved"
    assert f"“Story {owl}”" in sentence(moved.event.notices[0])
    again = await backend.move(nadia(), owl, f"Story {owl}", None)
    assert again.event is None
    assert "already" in sentence(again.notices[0])
    with pytest.raises(BackendError) as error:
        await backend.move(nadia(), owl, "Nowhere", None)
    assert refused(error) == (404, "not_found")
