"""Chronicles begun, led, handed over, archived; house rules; channels; what rests."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chronicle import house_rules
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from chronicle.rights import can
from chronicle.serializers import grace_of, people_of, rules_of
from chronicle.services import (
    archive,
    bind_channel,
    create_chronicle,
    ensure_server,
    hand_over,
    keep_without_discord,
    leave_server,
    make_default,
    set_chronicle_role,
    step_down,
)
from contract.servers import Grace
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound
from testing.community import change_chronicle, create_role, update_chronicle
from testing.personas import SYSTEM, TABLE_CHANNEL, World, guild_facts
from timeline.models import Event

System = ServerRole.System


def by(world: World, name: str) -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


def fresh(row: Chronicle) -> Chronicle:
    return Chronicle.objects.select_related("server").get(pk=row.pk)


@pytest.fixture
def second(world: World) -> Chronicle:
    return fresh(create_chronicle(world.server, "Second Story", **by(world, "olga")))


def roles(row: Chronicle) -> dict[str, str]:
    return {person.name: person.role for person in people_of(row)}


def may_lead(world: World, name: str) -> ServerRole:
    """A role by which somebody may begin chronicles."""
    from chronicle.services import hold_role

    role = create_role(
        world.server, {"name": "Founder", "permissions": {"manage_chronicles": "allow"}}, **by(world, "olga")
    )
    hold_role(role, getattr(world, name).pk, True, **by(world, "olga"))
    return role


def test_who_begins_a_chronicle_tells_it(world: World) -> None:
    may_lead(world, "mira")
    made = create_chronicle(world.server, " A  new story ", description="Long ago", **by(world, "mira"))
    assert (made.name, made.description, made.is_default) == ("A new story", "Long ago", None)
    assert roles(made) == {"Mira": "STORYTELLER"}
    assert can(world.principal("mira"), "chronicle.tell", fresh(made))
    assert not can(world.principal("mira"), "chronicle.tell", world.chronicle)
    event = Event.objects.filter(stream_id=made.pk).order_by("seq").first()
    assert event is not None
    assert event.type == "chronicle.created"
    assert roles(create_chronicle(world.server, "Of the owner", **by(world, "olga"))) == {}


def test_a_server_has_so_many_chronicles_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chronicle.services.chronicles.MAX_CHRONICLES", 2)
    create_chronicle(world.server, "Second", **by(world, "olga"))
    with pytest.raises(Limit):
        create_chronicle(world.server, "Third", **by(world, "olga"))


def test_players_and_strangers_begin_none(world: World) -> None:
    with pytest.raises(NotAllowed):
        create_chronicle(world.server, "Mine", **by(world, "mira"))
    with pytest.raises(NotFound):
        create_chronicle(world.server, "Mine", **by(world, "sam"))


def test_there_is_always_exactly_one_default(world: World, second: Chronicle) -> None:
    make_default(second, **by(world, "olga"))
    assert list(Chronicle.objects.filter(server=world.server, is_default=True)) == [second]
    make_default(second, **by(world, "olga"))
    assert Event.objects.filter(stream_id=second.pk, type="chronicle.updated").count() == 1
    with pytest.raises(NotAllowed):
        make_default(world.chronicle, **by(world, "vesna"))


def test_an_archived_chronicle_is_read_and_not_played(world: World, second: Chronicle) -> None:
    archive(second, True, **by(world, "olga"))
    closed = fresh(second)
    assert can(world.principal("mira"), "chronicle.view", closed)
    for action in ("character.create", "roll.make", "roll.request"):
        decision = can(world.principal("olga"), action, closed)
        assert (bool(decision), decision.code) == (False, "chronicle_archived"), action
    with pytest.raises(NotAllowed) as caught:
        can(world.principal("olga"), "character.create", closed).require()
    assert caught.value.code == "chronicle_archived"
    for change in (
        lambda: update_chronicle(second, {"name": "Other"}, **by(world, "olga")),
        lambda: set_chronicle_role(second, world.mira.pk, System.OBSERVER, **by(world, "olga")),
        lambda: hand_over(second, world.mira, **by(world, "olga")),
        lambda: bind_channel(world.server, TABLE_CHANNEL, fresh(second), **by(world, "olga")),
    ):
        with pytest.raises(NotAllowed) as refused:
            change()
        assert refused.value.code == "chronicle_archived"
    archive(second, False, **by(world, "olga"))
    assert can(world.principal("olga"), "character.create", fresh(second))


def test_a_handover_is_one_event(world: World, second: Chronicle) -> None:
    set_chronicle_role(second, world.mira.pk, System.STORYTELLER, **by(world, "olga"))
    before = list(Event.objects.values_list("pk", flat=True))
    hand_over(second, world.jonas, **by(world, "mira"))
    events = Event.objects.exclude(pk__in=before)
    # Beside it, each chronicle's sockets hear that rights changed; that is no change, and nobody sees it.
    (event,) = events.exclude(type="server.rights")
    assert (event.type, event.entity_id) == ("server.members", world.server.pk)
    assert event.changes.pop(f"chronicles.{second.pk}.storyteller") == ["Mira", "Jonas"]
    (role,) = ServerRole.objects.filter(chronicle=second, system=System.CO_STORYTELLER)
    assert event.changes.pop(f"roles.{role.pk}")[1]["chronicle"] == str(second.pk)
    assert set(event.changes) == {f"members.{member.pk}" for member in (world.mira, world.jonas)}
    assert event.changes[f"members.{world.mira.pk}"][1]["roles"].count(str(role.pk)) == 1
    assert events.filter(type="server.rights").count() == 2
    hand_over(second, world.mira, **by(world, "jonas"))
    hand_over(second, world.mira, **by(world, "olga"))
    later = Event.objects.filter(seq__gt=event.seq, stream_id=event.stream_id)
    assert [event.type for event in later] == ["server.members"]


def test_the_default_is_not_archived_and_the_archived_is_no_default(world: World, second: Chronicle) -> None:
    with pytest.raises(Conflict):
        archive(world.chronicle, True, **by(world, "olga"))
    archive(second, True, **by(world, "olga"))
    with pytest.raises(Conflict):
        make_default(second, **by(world, "olga"))
    with pytest.raises(NotAllowed):
        archive(second, False, **by(world, "vesna"))


def test_it_is_handed_over_and_laid_down(world: World, second: Chronicle) -> None:
    set_chronicle_role(second, world.mira.pk, System.STORYTELLER, **by(world, "olga"))
    with pytest.raises(Conflict, match="Hand it over"):
        step_down(second, **by(world, "mira"))
    with pytest.raises(Conflict, match="Hand it over"):
        set_chronicle_role(second, world.mira.pk, None, **by(world, "mira"))
    with pytest.raises(Invalid):
        hand_over(second, world.mira, **by(world, "mira"))
    hand_over(second, world.jonas, **by(world, "mira"))
    assert roles(second) == {"Jonas": "STORYTELLER", "Mira": "CO_STORYTELLER"}
    with pytest.raises(NotAllowed):
        hand_over(second, world.vesna, **by(world, "mira"))
    step_down(second, **by(world, "mira"))
    assert roles(second) == {"Jonas": "STORYTELLER"}
    with pytest.raises(NotFound):
        step_down(second, **by(world, "mira"))
    with pytest.raises(NotFound):
        hand_over(second, world.sam, **by(world, "jonas"))
    assert roles(second) == {"Jonas": "STORYTELLER"}


def test_house_rules_and_tenets_are_kept_and_told(world: World) -> None:
    wanted = {"rules": {"rerolls": "none"}, "tenets": ["Never feed on children"]}
    update_chronicle(world.chronicle, wanted, **by(world, "vesna"))
    update_chronicle(world.chronicle, {"rules": {"resonance_table": "even"}}, **by(world, "vesna"))
    row = fresh(world.chronicle)
    found = {rule.slug: rule.value for rule in rules_of(row)}
    assert found == {
        "experience_editors": "player",
        "rerolls": "none",
        "max_hunger": "5",
        "oblivion_stains": "both",
        "resonance_table": "even",
        "desperation": "asked",
        "balance_tests": "harms",
        "full_track": "lethal",
        "specialty_ones": "dice",
        "last_die": "none",
        "roll_again": "merit",
        "scene_openers": "storyteller",
    }
    assert house_rules.tenets(row) == ["Never feed on children"]
    event = Event.objects.filter(stream_id=row.pk, type="chronicle.updated").latest("seq")
    assert event.changes == {"rules": [{"rerolls": "none"}, {"rerolls": "none", "resonance_table": "even"}]}


@pytest.mark.parametrize(
    "wanted",
    [
        {"rules": {"fly": "yes"}},
        {"rules": {"rerolls": "twice"}},
        {"rules": {"rerolls": []}},
        {"rules": []},
        {"tenets": "one"},
        {"tenets": [""]},
        {"tenets": ["x"] * 11},
        {"tenets": ["x" * 201]},
        {"tenets": [3]},
        {"settings": {}},
    ],
)
def test_nonsense_is_refused(world: World, wanted: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        update_chronicle(world.chronicle, wanted, **by(world, "vesna"))
    assert fresh(world.chronicle).settings == {}


def test_a_change_of_many_parts_is_whole_or_nothing(world: World, second: Chronicle) -> None:
    with pytest.raises(Invalid):
        change_chronicle(second, {"archived": True, "name": ""}, **by(world, "olga"))
    assert fresh(second).archived_at is None
    changed = change_chronicle(second, {"default": True, "name": "First"}, **by(world, "olga"))
    assert (changed.is_default, changed.name) == (True, "First")


@pytest.mark.parametrize(
    "wanted", [{"archived": "true"}, {"archived": None}, {"default": 1}, {"default": False}]
)
def test_what_is_neither_yes_nor_no_changes_nothing(
    world: World, second: Chronicle, wanted: dict[str, Any]
) -> None:
    archive(second, True, **by(world, "olga"))
    with pytest.raises(Invalid):
        change_chronicle(second, wanted, **by(world, "olga"))
    assert fresh(second).archived_at is not None


def test_a_channel_is_bound_by_who_leads(world: World, second: Chronicle) -> None:
    set_chronicle_role(second, world.mira.pk, System.STORYTELLER, **by(world, "olga"))
    bind_channel(world.server, TABLE_CHANNEL, second, **by(world, "mira"))
    row = ServerChannel.objects.get(discord_id=TABLE_CHANNEL)
    assert row.chronicle_id == second.pk
    with pytest.raises(NotAllowed):
        bind_channel(world.server, TABLE_CHANNEL, world.chronicle, **by(world, "mira"))
    with pytest.raises(NotAllowed):
        bind_channel(world.server, TABLE_CHANNEL, None, **by(world, "jonas"))
    with pytest.raises(NotFound):
        bind_channel(world.server, "1", second, **by(world, "olga"))
    with pytest.raises(NotFound):
        bind_channel(world.server, TABLE_CHANNEL, world.other_chronicle, **by(world, "root"))
    bind_channel(world.server, TABLE_CHANNEL, None, **by(world, "mira"))
    row.refresh_from_db()
    assert row.chronicle_id is None


def test_a_server_without_the_bot_has_its_time_and_then_rests(world: World) -> None:
    leave_server(world.server, cause=SYSTEM)
    row = fresh(world.chronicle)
    assert grace_of(row.server).rests_from is not None
    assert can(world.principal("mira"), "character.create", row)
    Server.objects.filter(pk=world.server.pk).update(left_at=timezone.now() - timedelta(days=31))
    row = fresh(world.chronicle)
    decision = can(world.principal("mira"), "character.create", row)
    assert (bool(decision), decision.code) == (False, "server_resting")
    assert can(world.principal("mira"), "chronicle.view", row)


def test_its_owner_keeps_it_or_the_bot_comes_back(world: World) -> None:
    with pytest.raises(Conflict):
        keep_without_discord(world.server, **by(world, "olga"))
    Server.objects.filter(pk=world.server.pk).update(left_at=timezone.now() - timedelta(days=31))
    with pytest.raises(NotAllowed):
        keep_without_discord(world.server, **by(world, "mira"))
    keep_without_discord(world.server, **by(world, "olga"))
    row = fresh(world.chronicle)
    assert can(world.principal("mira"), "character.create", row)
    assert grace_of(row.server) == Grace(left=True, kept=True, resting=False, rests_from=None)
    ensure_server(guild_facts(), cause=SYSTEM)
    row = fresh(world.chronicle)
    assert (row.server.left_at, row.server.kept_at) == (None, None)
