"""An account that goes: asked for, taken back, carried out; and what others keep of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from background.worker import _worker
from chronicle.door import parse
from chronicle.models import Invite, Server, ServerChannel, ServerMember
from chronicle.services.chronicles import hand_over
from chronicle.services.invites import join
from chronicle.services.members import add_member
from conflicts.tests.kit import begin, go
from conflicts.tests.kit import rolls as initiative
from contract.acting import DiscordUser
from contract.roll_requests import AskForRoll
from discordauth import tokens
from discordauth.models import CustomUser, TokenFamily
from discordauth.services import ensure_user
from gateway.credentials import Identity, current_identities
from haven.models import Character
from haven.services import Reference, create, move, restore
from haven.tests.kit import cause, change, make, principal, refused, sets, undo
from privacy import deletion, erasing
from privacy.declaration import PERSONAL
from privacy.tasks import erase_due
from privacy.tests.kit import (
    LOGIN,
    NAME,
    SOLO,
    TRACES,
    files,
    found,
    leave,
    live_a_little,
    settle,
    web_server,
)
from rolls.models import Roll
from rolls.services import requests
from rolls.tests.kit import call, roll
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound
from testing.personas import DISCORD_IDS, SYSTEM, TABLE_CHANNEL, World
from timeline import services as timeline
from timeline.models import Event, Notification
from timeline.services import Viewer

Browser = Callable[[str], Client]
VESNA = Viewer(None, storyteller=True, member=True)


@pytest.fixture
def owl(world: World, settings: Any, tmp_path: Path) -> Character:
    settings.MEDIA_ROOT = tmp_path
    return live_a_little(world)


def ask(world: World, typed: str = NAME) -> CustomUser:
    return deletion.ask(world.mira, typed)


@pytest.mark.engine
def test_afterwards_nothing_of_the_person_is_left_in_any_table_or_file(world: World, owl: Character) -> None:
    traces = (
        *TRACES,
        DISCORD_IDS["mira"],
        "203.0.113.77",
        "privatemarker",
        "proposalmarker",
        "secret-jti",
        "deletedmarker",
    )
    assert all(found(trace) for trace in traces)
    assert len(files()) == 4, "two portraits, with a thumbnail each"
    ask(world)
    leave(world.mira)
    assert found(*traces) == []
    assert files() == []
    for personal in PERSONAL:
        assert not personal.remaining(world.mira).exists(), personal.model


@pytest.mark.engine
def test_the_chronicle_stays_whole_for_the_others(world: World, owl: Character) -> None:
    jonas = make(world, "Rat", who="jonas")
    change(world, jonas, *sets(hunger=3), who="jonas")
    stream = world.chronicle.pk
    head = timeline.heads([stream])[str(stream)]
    leave_all(world)
    rows = timeline.since(stream, 0, VESNA)
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > head
    public = Roll.objects.filter(chronicle=world.chronicle, parent=None)
    assert [roll.roller.display_name for roll in public] == ["a former player"]
    history = timeline.history(owl.pk, 3)
    assert {event["actor"]["name"] for event in history} <= {"a former player", "Vesna", ""}
    undo(world, jonas, who="jonas")
    with refused(NotFound):
        undo(world, owl, who="vesna")
    assert Character.objects.get(pk=owl.pk).name == "Night Owl"
    assert (Character.objects.get(pk=owl.pk).sheet, owl.deleted_at) == ({}, None)


def leave_all(world: World) -> None:
    ask(world)
    leave(world.mira)


def test_what_was_between_player_and_storytellers_is_seen_by_nobody_else(
    world: World, owl: Character
) -> None:
    table = Viewer(str(world.jonas.pk), member=True)
    before = [seq for seq, frame in timeline.since(world.chronicle.pk, 0, table) if frame]
    leave_all(world)
    after = [
        seq for seq, frame in timeline.since(world.chronicle.pk, 0, table) if frame and seq <= before[-1]
    ]
    assert after == before


def test_a_character_in_no_chronicle_goes_with_its_log(world: World, owl: Character) -> None:
    leave_all(world)
    assert list(Character.objects.filter(owner=world.mira).values_list("name", flat=True)) == ["Night Owl"]
    assert not Event.objects.filter(stream_id=world.mira.pk).exists()


def test_a_change_from_before_a_move_may_have_been_undone_in_the_chronicle(
    world: World, owl: Character
) -> None:
    solo = Character.objects.get(name=SOLO)
    change(world, solo, *sets(hunger=4))
    move(principal(world, "mira"), Reference(str(solo.pk)), world.chronicle, cause(world, "mira"))
    undo(world, solo)
    leave_all(world)
    assert not Event.objects.filter(stream_id=world.mira.pk).exists()
    assert Event.objects.filter(entity_id=solo.pk, type="character.updated", undoes=None).exists()


def test_a_sheet_that_went_does_not_come_back(world: World, owl: Character) -> None:
    leave_all(world)
    with refused(NotAllowed) as caught:
        restore(principal(world, "root"), Reference(str(owl.pk)), cause(world, "root"))
    assert "left for good" in caught.value.detail


def test_it_may_be_broken_off_anywhere_and_runs_again(
    world: World, owl: Character, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world)
    for number in range(len(PERSONAL)):
        person = CustomUser.objects.get(pk=world.mira.pk)
        steps = [*PERSONAL[:number]]
        monkeypatch.setattr(deletion, "PERSONAL", steps)
        leave(person)
    monkeypatch.setattr(deletion, "PERSONAL", PERSONAL)
    leave(CustomUser.objects.get(pk=world.mira.pk))
    assert found(*TRACES, DISCORD_IDS["mira"]) == []
    deletion.erase(CustomUser.objects.get(pk=world.mira.pk))


def test_asking_signs_out_everything_and_signing_in_offers_to_stay(
    world: World, owl: Character, browser: Browser
) -> None:
    phone, laptop = browser("mira"), browser("mira")
    answer = laptop.post("/account/delete/", {"name": NAME, "key": "k"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Your account will be deleted on" in laptop.get("/").content.decode()
    assert phone.get("/account/").status_code == 302
    assert not TokenFamily.objects.exists()
    world.mira.refresh_from_db()
    assert world.mira.delete_at - timezone.now() > timedelta(days=13)
    again = browser("mira")
    assert "Keep my account" in again.get("/odds/").content.decode()
    assert again.post("/account/keep/").status_code == 302
    assert "Keep my account" not in again.get("/odds/").content.decode()
    assert phone.get("/account/").status_code == 302
    leave_not = CustomUser.objects.get(pk=world.mira.pk)
    deletion.erase(leave_not)
    assert CustomUser.objects.get(pk=world.mira.pk).is_active


def test_asking_closes_sockets_and_ends_tokens(world: World, owl: Character) -> None:
    pair = tokens.start_family(world.mira)
    by_token = tokens.grant(world.mira, AccessToken(pair["access"]))  # type: ignore[arg-type]  # it takes the raw text
    by_cookie = Identity(str(world.mira.pk), False, False, auth_hash=world.mira.get_session_auth_hash())
    by_family = Identity(
        str(world.mira.pk), False, False, auth_hash=by_token.auth_hash, family=by_token.family
    )
    assert all(current_identities([by_cookie, by_family]).values())
    by_hand = AccessToken.for_user(world.mira)
    assert tokens.user_of(by_hand) == world.mira
    ask(world)
    assert not any(current_identities([by_cookie, by_family]).values())
    assert tokens.user_of(by_hand) is None
    assert tokens.user_of(AccessToken(pair["access"])) is None  # type: ignore[arg-type]


def test_the_name_must_be_typed(world: World, owl: Character, browser: Browser) -> None:
    with pytest.raises(Invalid):
        ask(world, "Mirabel")
    page = browser("mira").post(
        "/account/delete/", {"name": "no", "key": "k", "stood": "/account/", "form": "delete"}
    )
    assert page.status_code == 400
    assert "Type your name exactly" in page.content.decode()
    ask(world, f" {NAME.upper()} ")


def test_the_bot_tells_them(world: World, owl: Character) -> None:
    ask(world)
    (notification,) = Notification.objects.filter(event=None)
    assert (notification.user, notification.body["kind"]) == (world.mira, "leaving")


def test_by_rest(world: World, owl: Character) -> None:
    api = APIClient()
    api.force_authenticate(CustomUser.objects.get(pk=world.mira.pk))
    assert api.post("/api/users/me/deletion/", {"name": "x"}, format="json").status_code == 400
    asked = api.post("/api/users/me/deletion/", {"name": NAME}, format="json")
    assert asked.status_code == 202
    assert asked.json()["delete_at"]
    for _again in range(2):
        assert api.delete("/api/users/me/deletion/").json()["delete_at"] is None


def test_the_last_administrator_of_a_web_server_hands_it_over_first(world: World, owl: Character) -> None:
    ours = web_server(world, world.mira)
    add_member(ours, world.jonas, cause=SYSTEM)
    with refused(Conflict, "last_administrator") as caught:
        ask(world)
    assert "Night Circle" in caught.value.detail
    add_member(ours, world.jonas, cause=SYSTEM, system_roles=["ADMIN"])
    leave_all(world)
    ours.refresh_from_db()
    assert ours.owner == world.jonas
    assert not ServerMember.objects.filter(user=world.mira).exists()


def test_a_web_server_without_anybody_else_closes(world: World, owl: Character) -> None:
    ours = web_server(world, world.mira)
    Server.objects.filter(pk=ours.pk).update(banner_url="https://example.org/bannermarker.png")
    Invite.objects.create(server=ours, code="of-who-left-before", made_by=world.jonas)
    leave_all(world)
    ours.refresh_from_db()
    assert (ours.name, ours.owner, ours.is_private) == (erasing.CLOSED, None, True)
    assert not ours.banner_url
    with pytest.raises(GameError):
        join("of-who-left-before", world.jonas, cause=cause(world, "jonas"))


def test_a_name_in_what_others_did_goes(world: World, owl: Character) -> None:
    """Who led before and after is said by name, others are named in commands, admins by memberships."""
    hand_over(
        world.chronicle, world.mira, principal=world.principal("olga"), cause=cause(world, "olga", "/x")
    )
    hand_over(world.chronicle, world.jonas, principal=world.principal("mira"), cause=cause(world, "mira"))
    CustomUser.objects.filter(pk=world.mira.pk).update(global_name=f"{NAME} the Second")
    world.mira.refresh_from_db()
    typed = f'/roll player:@{LOGIN} with:@{LOGIN}.b for:"@{LOGIN}"'
    roll(world, who="vesna", dice=[6, 6, 3, 2, 10])
    Event.objects.filter(pk=Event.objects.order_by("-pk").values("pk")[:1].get()["pk"]).update(command=typed)
    member = ServerMember.objects.get(user=world.mira)
    LogEntry.objects.create(
        user=world.root,
        content_type=ContentType.objects.get_for_model(member),
        object_id=str(member.pk),
        object_repr=str(member),
        action_flag=CHANGE,
    )
    deletion.ask(world.mira, f"{NAME} the Second")
    leave(world.mira)
    kept = f"/roll player:@a former player with:@{LOGIN}.b for"
    assert [row for row in found(*TRACES, DISCORD_IDS["mira"]) if kept not in row] == []
    given = [
        sides
        for changes in Event.objects.order_by("pk").values_list("changes", flat=True)
        for path, sides in changes.items()
        if path.endswith(".storyteller")
    ]
    assert given == [[None, "a former player"], ["a former player", "Jonas"]]


def test_what_was_begun_when_the_account_was_closed_goes_too(world: World, owl: Character) -> None:
    """A command that had read the account before goes on for a moment, and saves what nobody would find later."""
    ask(world)
    CustomUser.objects.filter(pk=world.mira.pk).update(delete_at=timezone.now())
    began = world.principal("mira"), cause(world, "mira")
    for _again in range(2):
        deletion.erase(world.mira)
    assert Character.objects.get(pk=owl.pk).sheet
    create(began[0], "vampire5th", "Latemarker", sets(ambition="latemarker"), None, began[1])
    settle(world.mira)
    deletion.erase(world.mira)
    assert found(*TRACES, "atemarker") == []


def test_the_others_go_on_with_what_was_running(world: World, owl: Character, browser: Browser) -> None:
    conflict = begin(world)
    for number, who in enumerate(("mira", "jonas"), 5):
        initiative(world, conflict, who, number)
    given = {"players": [str(world.mira.pk), str(world.jonas.pk)], "pool": 3, "system": "v5"}
    requests.ask(call(world, "vesna"), parse(AskForRoll, given))
    leave_all(world)
    for address in ("", "conflicts/", "rolls/"):
        answer = browser("jonas").get(f"/chronicles/{world.chronicle.pk}/{address}")
        assert answer.status_code < 500
        assert NAME not in answer.content.decode()
    go(world, conflict, "reveal", "end")
    assert found(*TRACES, DISCORD_IDS["mira"]) == []


def test_who_comes_back_while_it_runs_keeps_what_is_theirs(world: World) -> None:
    ServerChannel.objects.filter(discord_id=TABLE_CHANNEL).update(
        seen_by={DISCORD_IDS["olga"]: True, DISCORD_IDS["jonas"]: False}
    )
    deletion.ask(world.olga, world.olga.display_name)
    CustomUser.objects.filter(pk=world.olga.pk).update(delete_at=timezone.now())
    deletion.erase(world.olga)
    back = ensure_user(DiscordUser(id=DISCORD_IDS["olga"], username="olga", global_name="Olga"))
    Server.objects.filter(pk=world.server.pk).update(owner=back)
    settle(world.olga)
    deletion.erase(world.olga)
    assert Server.objects.get(pk=world.server.pk).owner == back
    assert ServerChannel.objects.get(discord_id=TABLE_CHANNEL).seen_by == {DISCORD_IDS["jonas"]: False}


def test_a_guild_is_discords(world: World) -> None:
    deletion.ask(world.olga, world.olga.display_name)
    leave(world.olga)
    guild = Server.objects.get(pk=world.server.pk)
    assert (guild.owner, guild.name) == (None, "Night Court")


def test_once_it_has_begun_nobody_keeps_it(world: World, owl: Character) -> None:
    leave_all(world)
    with refused(NotAllowed):
        deletion.keep(world.mira)


def test_who_comes_back_is_somebody_new(world: World, owl: Character) -> None:
    leave_all(world)
    back = ensure_user(DiscordUser(id=DISCORD_IDS["mira"], username="mira", global_name="Mira"))
    assert back.pk != world.mira.pk
    assert back.is_active


def test_sessions_are_deleted(world: World, owl: Character, browser: Browser) -> None:
    browser("mira"), browser("jonas")
    leave_all(world)
    assert Session.objects.count() == 1


def test_only_accounts_whose_time_has_come_are_due(world: World, owl: Character) -> None:
    ask(world)
    assert list(deletion.due()) == []
    CustomUser.objects.filter(pk=world.mira.pk).update(delete_at=timezone.now())
    assert list(deletion.due()) == [world.mira]
    leave(world.mira)
    assert list(deletion.due()) == []


def test_the_worker_deletes_who_is_due(world: World, owl: Character, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    ask(world)
    CustomUser.objects.filter(pk=world.mira.pk).update(delete_at=timezone.now())
    for _hour in range(2):
        erase_due.enqueue()
        _worker("worker", 0, True).run()
        settle(world.mira)
    assert CustomUser.objects.get(pk=world.mira.pk).erased_at
    assert found(NAME) == []
