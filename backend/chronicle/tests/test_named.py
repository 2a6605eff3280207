"""Case PLAY-09: what has completion takes what the completion shows, any case and beginnings; else it suggests."""

from typing import Any

import pytest

from chronicle import features, house_rules
from chronicle.call import Call
from chronicle.door import parse
from chronicle.models import ServerRole
from chronicle.services import create_chronicle
from chronicle.services.custom_roles import create_role, get_role
from contract.members import RoleValues
from contract.permissions import ExplainPermission
from contract.servers import ChangeServer
from rules.errors import Conflict, GameError, Invalid, NotFound
from testing.personas import SYSTEM, World
from timeline.services import Cause


def refusal(kind: type[GameError], work: Any, *args: Any) -> str:
    with pytest.raises(kind) as caught:
        work(*args)
    return caught.value.detail


@pytest.mark.parametrize(
    ("rule", "value", "checked"),
    [
        ("Highest Hunger", "5", {"max_hunger": "5"}),
        ("highest hung", "5", {"max_hunger": "5"}),
        ("max_hunger", "5", {"max_hunger": "5"}),
        ("REROLLS", "None", {"rerolls": "none"}),
        ("Resonance", "All equally likely", {"resonance_table": "even"}),
        ("resonance", "as in the book", {"resonance_table": "standard"}),
    ],
)
def test_play_09_house_rules_go_by_their_names(rule: str, value: str, checked: dict[str, str]) -> None:
    assert house_rules.check_rules({rule: value}) == checked


def test_play_09_a_house_rule_that_is_none_is_refused_with_a_suggestion() -> None:
    assert "Did you mean Highest Hunger?" in refusal(Invalid, house_rules.check_rules, {"Higest Hungr": "5"})
    assert "As in the book" in refusal(Invalid, house_rules.check_rules, {"resonance": "sometimes"})


def test_play_09_features_go_by_their_names() -> None:
    assert features.check({"Storyteller's desk": False, "odd": True}) == {"desk": False, "odds": True}
    assert "Did you mean Macros?" in refusal(Invalid, features.check, {"makros": True})


@pytest.mark.engine
def test_play_09_a_role_goes_by_its_name_at_once(world: World) -> None:
    made = create_role(
        world.server, RoleValues(name="Scribe"), principal=world.principal("olga"), cause=SYSTEM
    )
    for typed in ("Scribe", "scribe", "SCR", str(made.pk)):
        assert get_role(world.server, typed).pk == made.pk
    assert "Did you mean Scribe?" in refusal(NotFound, get_role, world.server, "Scrbe")
    create_role(
        world.server, RoleValues(name="Scribe's hand"), principal=world.principal("olga"), cause=SYSTEM
    )
    assert get_role(world.server, "scribe").pk == made.pk
    assert "may mean" in refusal(Conflict, get_role, world.server, "scri")
    other = ServerRole.objects.exclude(server=world.server).first()
    assert other is not None
    refusal(NotFound, get_role, world.server, str(other.pk))


@pytest.mark.engine
def test_play_09_a_chronicle_goes_by_its_name(world: World) -> None:
    made = create_chronicle(world.server, "Élysée by Night", principal=world.principal("olga"), cause=SYSTEM)
    call = Call(world.principal("olga"), Cause(actor=world.olga, door="discord"), world.server)
    for typed in ("Élysée by Night", "elysee", "ELYSEE BY"):
        assert call.chronicle_named(typed).pk == made.pk
    assert "Did you mean" in refusal(NotFound, call.chronicle_named, "Elyseee by Nigt")
    stranger = Call(world.principal("sam"), Cause(actor=world.sam, door="discord"), world.server)
    assert "Did you mean" not in refusal(NotFound, stranger.chronicle_named, "Elyseee by Nigt")


@pytest.mark.parametrize(
    ("typed", "edition"),
    [
        ("20th anniversary", "20th"),
        ("20TH", "20th"),
        ("chronicles", "cod"),
        ("5th edition", "5th"),
        ("5", "5th"),
    ],
)
def test_play_09_an_edition_goes_by_its_name(typed: str, edition: str) -> None:
    assert parse(ChangeServer, {"edition": typed}).edition == edition


def test_play_09_an_edition_that_is_none_lists_those_that_are() -> None:
    sentence = refusal(Invalid, parse, ChangeServer, {"edition": "Cyberpunk"})
    assert sentence == (
        "“Cyberpunk” isn’t one of 5th edition, 20th anniversary edition, Chronicles of Darkness or Fantasy."
    )


def test_play_09_an_action_goes_by_its_words() -> None:
    for typed in ("chronicle.tell", "Run this chronicle", "RUN THIS"):
        assert parse(ExplainPermission, {"action": typed}).action == "chronicle.tell"
    sentence = refusal(Invalid, parse, ExplainPermission, {"action": "storyteller"})
    assert "could be" in sentence
    assert "read the storytellers’ notes" in sentence
