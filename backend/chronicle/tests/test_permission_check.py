"""A decision is explained by its chain."""

from dataclasses import dataclass
from typing import Any

import pytest

from chronicle.models import Chronicle, ServerChannel, ServerRole
from chronicle.permission_check import explain_permission
from chronicle.rights import ABOUT, ACTIONS, can
from chronicle.services import archive, create_chronicle, hold_role, set_chronicle_role
from chronicle.tests.test_rights import Sheet
from contract.actions import ACTIONS as WORDS
from rules.errors import Invalid, NotAllowed, NotFound
from testing.community import create_role, set_channel
from testing.personas import NARRATOR, PLAYER, SYSTEM, TABLE_CHANNEL, World


def explain(*asked: Any) -> dict[str, Any]:
    return explain_permission(*asked).model_dump(mode="json")


def links(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(link["name"], link["permission"], link["says"]) for link in answer["chain"]]


def test_every_action_has_words() -> None:
    assert WORDS.keys() == set(ACTIONS)


def test_the_role_that_decided_is_named(world: World) -> None:
    answer = explain(world.principal("olga"), world.chronicle, world.vesna.pk, "roll.request")
    assert answer["allowed"]
    assert links(answer) == [("Narrator", "storyteller", "allow")]
    assert answer["chain"][0]["position"] == 2


def test_a_denial_above_is_named_and_what_lies_below_is_not(world: World) -> None:
    muted = create_role(
        world.server,
        {"name": "Muted", "position": 900, "permissions": {"storyteller": "deny"}},
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    hold_role(muted, world.vesna.pk, True, principal=world.principal("olga"), cause=SYSTEM)
    answer = explain(world.principal("olga"), world.chronicle, world.vesna.pk, "roll.request")
    assert not answer["allowed"]
    assert answer["reason"] == "Only a storyteller can ask players for rolls."
    assert links(answer) == [("Muted", "storyteller", "deny")]


def test_that_nobody_said_anything_is_told(world: World) -> None:
    answer = explain(world.principal("mira"), world.server, world.mira.pk, "server.manage")
    assert not answer["allowed"]
    assert links(answer) == [("No role", "manage_server", "absent")]


def test_owners_and_admins_stand_first(world: World) -> None:
    answer = explain(world.principal("olga"), world.server, world.olga.pk, "server.manage")
    assert answer["allowed"]
    assert answer["chain"][0]["by"] == "owner"


def test_a_role_of_the_chronicle_speaks_before_those_of_the_server(world: World) -> None:
    set_chronicle_role(
        world.chronicle,
        world.mira.pk,
        ServerRole.System.STORYTELLER,
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    answer = explain(world.principal("vesna"), world.chronicle, world.mira.pk, "roll.request")
    assert answer["allowed"]
    assert answer["chain"][0]["chronicle"] == str(world.chronicle.pk)


def test_of_a_character_its_player_and_its_lock_are_told(world: World) -> None:
    owl = Sheet(world.mira.id, world.chronicle.id, world.chronicle, locked=True)
    answer = explain(world.principal("vesna"), world.chronicle, world.mira.pk, "character.edit", owl)
    assert not answer["allowed"]
    assert "locked" in answer["reason"]
    assert ("Its player", "owner", "yes") in links(answer)
    assert ("Locked by a storyteller", "locked", "yes") in links(answer)
    with pytest.raises(Invalid):
        explain(world.principal("vesna"), world.chronicle, world.mira.pk, "character.edit")


def test_only_who_may_asks_about_others(world: World) -> None:
    with pytest.raises(NotAllowed):
        explain(world.principal("mira"), world.server, world.jonas.pk, "server.manage")
    with pytest.raises(NotFound):
        explain(world.principal("sam"), world.server, world.jonas.pk, "server.manage")
    with pytest.raises(NotFound):
        explain(world.principal("olga"), world.server, world.sam.pk, "server.manage")
    with pytest.raises(Invalid, match="no such action"):
        explain(world.principal("olga"), world.server, world.mira.pk, "server.fly")


@dataclass
class Thrown:
    """All that rights know of a roll."""

    roller_id: Any
    chronicle: Any
    character: Any = None
    visibility: str = "public"

    @property
    def chronicle_id(self) -> Any:
        return self.chronicle.pk

    @property
    def character_id(self) -> Any:
        return self.character and self.character.owner_id


def thing(world: World, action: str) -> Any:
    owl = Sheet(world.mira.id, world.chronicle.id, world.chronicle)
    narrator = ServerRole.objects.get(discord_id=NARRATOR)
    channel = ServerChannel.objects.get(discord_id=TABLE_CHANNEL)
    roll = Thrown(world.mira.id, world.chronicle, owl)
    found = {"character": owl, "role": narrator, "channel": channel, "roll": roll}
    return found.get(ABOUT.get(action, ""))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", ["olga", "vesna", "mira", "jonas"])
def test_what_is_told_is_what_is_decided(world: World, who: str, action: str) -> None:
    meant = thing(world, action)
    answer = explain(world.principal("olga"), world.chronicle, getattr(world, who).pk, action, meant)
    decision = can(world.principal(who), action, world.chronicle if meant is None else meant)
    assert (answer["allowed"], answer["reason"]) == (bool(decision), decision.reason)
    allows = any(link["says"] not in ("deny", "no", "absent") for link in answer["chain"])
    assert allows or not answer["allowed"]


@pytest.mark.parametrize(("action", "kind"), ABOUT.items())
def test_what_an_action_is_about_must_be_named(world: World, action: str, kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        explain(world.principal("olga"), world.chronicle, world.mira.pk, action)
    assert list(caught.value.data["fields"]) == [kind]


def test_of_a_channel_its_own_document_is_told(world: World) -> None:
    channel = ServerChannel.objects.get(discord_id=TABLE_CHANNEL)
    player = ServerRole.objects.get(discord_id=PLAYER)
    set_channel(
        world.server,
        TABLE_CHANNEL,
        {
            "is_private": True,
            "permissions": {str(player.pk): {"view_channel": "allow", "send_messages": "deny"}},
        },
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    channel.refresh_from_db()
    answer = explain(world.principal("olga"), world.server, world.mira.pk, "channel.send", channel)
    assert (answer["allowed"], answer["reason"]) == (False, "You need permission to write in “table”.")
    assert links(answer)[-3:] == [
        ("Private channel", "private", "yes"),
        ("Player", "view_channel", "allow"),
        ("Player", "send_messages", "deny"),
    ]
    assert answer["chain"][-1]["by"] == "channel"
    answer = explain(world.principal("olga"), world.server, world.vesna.pk, "channel.view", channel)
    assert (answer["allowed"], links(answer)[-1]) == (
        False,
        ("No role in this channel", "view_channel", "absent"),
    )
    # Who does not see the channel learns nothing of it, not even about themselves.
    with pytest.raises(NotFound):
        explain(world.principal("vesna"), world.server, world.vesna.pk, "channel.view", channel)


def test_of_a_role_it_is_told_how_high_it_stands(world: World) -> None:
    narrator = ServerRole.objects.get(discord_id=NARRATOR)
    answer = explain(world.principal("olga"), world.server, world.vesna.pk, "role.grant", narrator)
    assert not answer["allowed"]
    assert links(answer)[-1] == ("Narrator", "position", "not below their highest")
    answer = explain(world.principal("olga"), world.server, world.olga.pk, "role.grant", narrator)
    assert answer["allowed"]
    assert links(answer)[-1] == ("Narrator", "position", "below their highest")


def test_of_a_roll_it_is_told_who_rolled_and_who_sees_it(world: World) -> None:
    owl = Sheet(world.mira.id, world.chronicle.id, world.chronicle)
    hidden = Thrown(world.mira.id, world.chronicle, owl, "storyteller")
    answer = explain(world.principal("vesna"), world.chronicle, world.mira.pk, "roll.reroll", hidden)
    assert answer["allowed"]
    assert links(answer)[-3:] == [
        ("Visible to", "visibility", "storyteller"),
        ("Rolled by", "roller", "yes"),
        ("The character's player", "owner", "yes"),
    ]
    answer = explain(world.principal("vesna"), world.chronicle, world.jonas.pk, "roll.view", hidden)
    assert not answer["allowed"]
    with pytest.raises(NotFound):
        explain(world.principal("jonas"), world.chronicle, world.jonas.pk, "roll.view", hidden)


def test_an_archived_chronicle_is_named(world: World) -> None:
    by = {"principal": world.principal("olga"), "cause": SYSTEM}
    row = create_chronicle(world.server, "Second Story", **by)
    archive(row, True, **by)
    row = Chronicle.objects.select_related("server").get(pk=row.pk)
    answer = explain(world.principal("olga"), row, world.vesna.pk, "chronicle.tell")
    assert (answer["allowed"], links(answer)[-1]) == (
        False,
        ("Archived chronicle", "chronicle_archived", "yes"),
    )
    assert explain(world.principal("olga"), row, world.mira.pk, "chronicle.view")["allowed"]


def test_to_roll_is_about_a_chronicle_or_a_character(world: World) -> None:
    owl = Sheet(world.mira.id, world.chronicle.id, world.chronicle)
    olga = world.principal("olga")
    assert explain(olga, world.chronicle, world.jonas.pk, "roll.make")["allowed"]
    assert not explain(olga, world.chronicle, world.jonas.pk, "roll.make", owl)["allowed"]
    with pytest.raises(Invalid):
        explain(olga, world.server, world.jonas.pk, "roll.make")


@pytest.mark.parametrize(
    "action", [action for action in ACTIONS if action not in ABOUT and action != "roll.make"]
)
@pytest.mark.parametrize("who", ["olga", "vesna", "mira"])
def test_everything_can_be_asked_about_the_server_as_a_whole(world: World, action: str, who: str) -> None:
    """Also what is done in chronicles: what holds in all of them, whether one of them is archived or not."""
    answer = explain(world.principal("olga"), world.server, getattr(world, who).pk, action)
    assert answer["allowed"] is bool(can(world.principal(who), action, world.server))
