"""What the Discord process gets for the tracker channels."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from chronicle.call import Call
from chronicle.operations import episodes
from chronicle.services import create_chronicle
from chronicle.services.episodes import plan
from conflicts.tests.kit import begin, go, rolls
from contract.episodes import PlanEpisode
from contract.roll_requests import AskForRoll
from gateway.tests.kit import Table, wait_for
from haven.services import Reference, delete
from rolls.services import requests
from rolls.services.common import RollInput
from rolls.services.rolling import roll as make_roll
from testing.community import set_server, update_chronicle
from testing.personas import GUILD, TABLE_CHANNEL, TRACKER_CHANNEL
from testing.sessions import do, planned
from timeline import message_links
from timeline.message_links import positions
from timeline.models import Event
from timeline.services import Cause

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot_socket(join):
    return lambda: join(headers={"Authorization": f"Api-Key {django_settings.API_KEYS[0]}"}, origin=None)


@pytest.fixture
def tracked(table: Table, world) -> Table:
    choose(world, TRACKER_CHANNEL)
    return table


def choose(world, channel) -> None:
    world.server.refresh_from_db()
    principal = world.principal("olga")
    set_server(world.server, tracker_channel=channel, principal=principal, cause=Table(world).cause("olga"))


def test_each_change_comes_with_its_card(bot_socket, tracked: Table):
    owl = tracked.create("mira", "Night Owl")
    bot = bot_socket()
    assert bot.frames[0]["user"] is None
    bot.send(type="feed")
    assert bot.wait("synced")["stream"] == tracked.stream
    changed = tracked.set("mira", owl, hunger=3)
    frame = bot.wait("tracker")
    assert (frame["guild_id"], frame["channel_id"]) == (GUILD, TRACKER_CHANNEL)
    assert frame["character"] == {"id": owl, "name": "Night Owl"}
    assert frame["seq"] == changed.event.seq
    assert frame["event"]["changes"] == {"hunger": [1, 3]}
    (row,) = [row for row in frame["card"]["rows"] if row["path"] == "hunger"]
    assert row["text"].startswith("3")
    delete(tracked.world.principal("mira"), Reference(owl), tracked.cause("mira"))
    assert bot.wait("tracker")["event"]["type"] == "character.deleted"


def test_the_feed_goes_on_exactly_where_it_stopped(bot_socket, tracked: Table):
    owl = tracked.create("mira", "Night Owl")
    bot = bot_socket()
    bot.send(type="feed")
    at = bot.wait("synced")["seq"]
    bot.connection.close()
    for number in (2, 3, 4):
        last = tracked.set("mira", owl, hunger=number)
    again = bot_socket()
    again.send(type="feed", since={tracked.stream: at})
    assert again.until_seq(tracked.stream, last.event.seq) == [at + 1, at + 2, at + 3]
    last = tracked.set("mira", owl, hunger=5)
    assert again.until_seq(tracked.stream, last.event.seq)[-1] == at + 4
    again.quiet()


def test_lost_nudges_and_bursts_lose_nothing(bot_socket, tracked: Table, monkeypatch):
    import timeline.services

    owl = tracked.create("mira", "Night Owl")
    bot = bot_socket()
    bot.send(type="feed")
    at = bot.wait("synced")["seq"]
    for _ in range(10):
        tracked.adjust("mira", owl, experience=1)
    monkeypatch.setattr(timeline.services, "publish", lambda group, message: None)
    for _ in range(5):
        last = tracked.adjust("mira", owl, experience=1)
    assert bot.until_seq(tracked.stream, last.event.seq) == list(range(at + 1, at + 16))


def test_a_feed_that_was_away_too_long_goes_on_from_now(bot_socket, tracked: Table, settings):
    settings.GATEWAY["max_missed"] = 3
    owl = tracked.create("mira", "Night Owl")
    for _ in range(5):
        last = tracked.adjust("mira", owl, experience=1)
    bot = bot_socket()
    bot.send(type="feed", since={tracked.stream: 1})
    assert bot.wait("resync")["seq"] == last.event.seq
    bot.quiet()


def test_only_servers_with_a_tracker_channel_are_in_it(bot_socket, table: Table, world):
    owl = table.create("mira", "Night Owl")
    bot = bot_socket()
    bot.send(type="feed")
    table.set("mira", owl, hunger=2)
    bot.quiet()
    choose(world, TABLE_CHANNEL)
    bot.wait("synced")
    table.set("mira", owl, hunger=3)
    assert bot.wait("tracker")["channel_id"] == TABLE_CHANNEL
    choose(world, None)
    table.set("mira", owl, hunger=4)
    bot.quiet(0.5)


def test_a_process_hears_of_the_servers_on_its_own_shards_alone(bot_socket, tracked: Table):
    owl = tracked.create("mira", "Night Owl")
    mine = (int(GUILD) >> 22) % 2
    theirs, ours = bot_socket(), bot_socket()
    theirs.send(type="feed", shards=f"{1 - mine}-{1 - mine}/2")
    ours.send(type="feed", shards=f"{mine}-{mine}/2")
    assert GUILD in ours.wait("editions")["guilds"]
    tracked.set("mira", owl, hunger=3)
    assert ours.wait("tracker")["guild_id"] == GUILD
    theirs.quiet()
    assert not [frame for frame in theirs.frames if GUILD in str(frame)]


@pytest.mark.req("S004-40")
def test_what_only_storytellers_know_is_not_in_it(bot_socket, tracked: Table, world):
    from haven.services import show

    owl = tracked.create("mira", "Night Owl")
    show(world.principal("vesna"), Reference(owl), "hunger", "secret", tracked.cause("vesna"))
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    tracked.set("vesna", owl, hunger=4)
    last = tracked.set("mira", owl, health__superficial=1)
    assert bot.until_seq(tracked.stream, last.event.seq) == [last.event.seq]
    assert "hunger" not in str(bot.frames)


def test_the_key_alone_opens_no_stream(bot_socket, tracked: Table):
    bot = bot_socket()
    bot.send(type="subscribe", stream=tracked.stream)
    assert bot.wait("error")["code"] == "not_found"


def test_a_process_that_starts_anew_is_told_what_it_missed_in_one_frame_a_character(
    bot_socket, tracked: Table
):
    owl, fox = tracked.create("mira", "Night Owl"), tracked.create("jonas", "Grey Fox")
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    first = tracked.set("mira", owl, hunger=2)
    assert bot.wait("tracker")["seq"] == first.event.seq
    bot.send(type="posted", positions={tracked.stream: first.event.seq})
    wait_for(lambda: positions([tracked.world.chronicle.id]).popitem()[1] == first.event.seq)
    bot.connection.close()
    for number in (3, 4, 5):
        tracked.set("mira", owl, hunger=number)
    last = tracked.set("jonas", fox, hunger=2)
    again = bot_socket()
    again.send(type="feed")
    owls, foxs = again.wait("tracker"), again.wait("tracker")
    assert (owls["character"]["id"], owls["missed"]) == (owl, 3)
    assert owls["event"]["changes"] == {"hunger": [4, 5]}
    assert (foxs["character"]["id"], foxs.get("missed")) == (fox, None)
    assert again.wait("synced")["seq"] == last.event.seq
    live = tracked.set("mira", owl, hunger=1)
    assert again.wait("tracker")["seq"] == live.event.seq


def test_what_was_never_given_cannot_have_been_posted(bot_socket, tracked: Table, join):
    bot = bot_socket()
    bot.send(type="feed")
    seq = bot.wait("synced")["seq"]
    bot.send(type="posted", positions={tracked.stream: seq + 100, "chronicle:nonsense": 5})
    bot.send(type="heartbeat")
    bot.wait("heartbeat")
    assert positions([tracked.world.chronicle.id]) == {str(tracked.world.chronicle.id): seq}
    mira = join("mira")
    mira.send(type="posted", positions={tracked.stream: 0})
    assert mira.wait("error")["code"] == "not_allowed"


def rolled(tracked: Table, who: str = "mira", visibility: str = "public", door: str = "web"):
    ask = RollInput(options={}, pool=3, system="v5", chronicle=tracked.world.chronicle, visibility=visibility)
    return make_roll(tracked.world.principal(who), ask, replace(tracked.cause(who), door=door)).roll


def set_up(world, name: str, wanted) -> None:
    world.server.refresh_from_db()
    by = {"principal": world.principal("olga"), "cause": Table(world).cause("olga")}
    set_server(world.server, **by, **{name: wanted})


@pytest.mark.parametrize(
    ("rolls", "doors"), [("none", set()), ("web", {"web", "api"}), ("all", {"web", "api", "discord"})]
)
def test_public_rolls_are_in_it_as_the_server_wants(bot_socket, tracked: Table, rolls: str, doors: set[str]):
    set_up(tracked.world, "tracker", {"rolls": rolls})
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    for door in ("web", "api", "discord"):
        rolled(tracked, door=door)
    tracked.create("mira", "Night Owl")
    bot.wait("tracker")
    assert {frame["door"] for frame in bot.frames if frame["type"] == "roll"} == doors


def test_hidden_rolls_are_for_the_storytellers_channel_alone(bot_socket, tracked: Table):
    set_up(tracked.world, "tracker", {"rolls": "all"})
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    rolled(tracked, visibility="storyteller")
    rolled(tracked, visibility="private")
    tracked.create("mira", "Night Owl")
    bot.wait("tracker")
    assert not [frame for frame in bot.frames if frame["type"] == "roll"]
    set_up(tracked.world, "storyteller_channel", TABLE_CHANNEL)
    rolled(tracked, visibility="private")
    hidden = rolled(tracked, visibility="storyteller", door="discord")
    frame = bot.wait("roll")
    assert (frame["channel_id"], frame["roll"]["id"]) == (TABLE_CHANNEL, str(hidden.id))


def test_changes_can_be_left_out(bot_socket, tracked: Table):
    set_up(tracked.world, "tracker", {"changes": False})
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    tracked.create("mira", "Night Owl")
    rolled(tracked)
    bot.wait("roll")
    assert not [frame for frame in bot.frames if frame["type"] == "tracker"]


def a_day_later(table: Table, change):
    """In the moment of the change what came before becomes a day old: no digest goes out without the change."""
    with transaction.atomic():
        a_day_ago = timezone.now() - timedelta(days=1)
        Event.objects.filter(stream_id=table.world.chronicle.pk).update(created_at=a_day_ago)
        return change()


def test_a_digest_is_one_summary_when_the_first_of_it_is_a_day_old(bot_socket, tracked: Table):
    owl, fox = tracked.create("mira", "Night Owl"), tracked.create("jonas", "Grey Fox")
    set_up(tracked.world, "tracker", {"digest": True})
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    for hunger in (2, 3, 4):
        tracked.set("mira", owl, hunger=hunger)
    tracked.set("jonas", fox, hunger=2)
    tracked.set("jonas", fox, hunger=1)
    new = tracked.create("mira", "New Owl")
    tracked.set("mira", new, hunger=2)
    rolled(tracked)
    rolled(tracked)
    rolled(tracked, who="jonas")
    bot.quiet()
    last = a_day_later(tracked, lambda: tracked.set("mira", owl, hunger=5))
    frame = bot.wait("digest")
    assert (frame["channel_id"], frame["seq"]) == (TRACKER_CHANNEL, last.event.seq)
    characters = {character["name"]: character for character in frame["digest"]["characters"]}
    assert (characters["Night Owl"]["count"], characters["Night Owl"]["changes"]) == (4, {"hunger": [1, 5]})
    assert characters["Night Owl"]["labels"] == {"hunger": "Hunger"}
    assert (characters["Grey Fox"]["count"], characters["Grey Fox"]["changes"]) == (
        2,
        {},
    ), "there and back again"
    assert (characters["New Owl"]["type"], characters["New Owl"]["count"]) == ("character.created", 2)
    assert [(rolls["name"], rolls["rolls"]) for rolls in frame["digest"]["rolls"]] == [
        ("Mira", 2),
        ("Jonas", 1),
    ]
    assert bot.wait("synced")["seq"] == last.event.seq
    assert len([frame for frame in bot.frames if frame["type"] in ("digest", "tracker", "roll")]) == 1


def test_a_digest_keeps_hidden_rolls_for_the_storytellers(bot_socket, tracked: Table):
    set_up(tracked.world, "storyteller_channel", TABLE_CHANNEL)
    set_up(tracked.world, "tracker", {"digest": True})
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    owl = tracked.create("mira", "Night Owl")
    rolled(tracked, visibility="private")
    rolled(tracked, visibility="storyteller")
    bot.quiet()
    a_day_later(tracked, lambda: tracked.set("mira", owl, hunger=3))
    hidden, public = bot.wait("digest"), bot.wait("digest")
    assert (hidden["channel_id"], public["channel_id"]) == (TABLE_CHANNEL, TRACKER_CHANNEL)
    assert hidden["seq"] < public["seq"]
    assert [rolls["rolls"] for rolls in hidden["digest"]["rolls"]] == [1]
    assert (hidden["digest"]["characters"], public["digest"]["rolls"]) == ([], [])


def test_a_restart_does_not_bring_the_digest_before_its_day(bot_socket, tracked: Table):
    set_up(tracked.world, "tracker", {"digest": True})
    bot = bot_socket()
    bot.send(type="feed")
    begun = bot.wait("synced")["seq"]
    wait_for(lambda: positions([tracked.world.chronicle.id]))
    owl = tracked.create("mira", "Night Owl")
    bot.connection.close()
    tracked.set("mira", owl, hunger=2)
    again = bot_socket()
    again.send(type="feed")
    assert again.wait("synced")["seq"] == begun
    again.quiet()
    a_day_later(tracked, lambda: tracked.set("mira", owl, hunger=3))
    (character,) = again.wait("digest")["digest"]["characters"]
    assert (character["name"], character["count"]) == ("Night Owl", 3)


def test_a_message_that_follows_a_request_is_told_of_each_answer(bot_socket, table: Table, world):
    given = AskForRoll(
        chronicle=world.chronicle.pk, players=[str(world.mira.pk)], pool=4, system="v5", text="A noise"
    )
    asked = requests.ask(Call(world.principal("vesna"), table.cause("vesna")), given)
    message_links.save("roll_request", asked.pk, world.chronicle.pk, TABLE_CHANNEL, "740000000000000001")
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    answer = RollInput(options={}, chronicle=world.chronicle)
    requests.answer(world.principal("mira"), asked.pk, answer, table.cause("mira"))
    frame = bot.wait("message")
    assert (frame["channel_id"], frame["message_id"]) == (TABLE_CHANNEL, "740000000000000001")
    assert (frame["kind"], frame["roll_request"]["answered"]) == ("roll_request", 1)
    message_links.delete("roll_request", "740000000000000001")
    requests.close(world.principal("vesna"), asked.pk, table.cause("vesna"))
    bot.quiet()


def test_an_episode_of_the_web_is_announced_until_it_is_posted_and_followed_then(
    bot_socket, table: Table, world
):
    do(world, "vesna", episodes.SET_CHANNEL, channel=TABLE_CHANNEL)
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    row = planned(world, "2026-12-24T19:30+01:00", title="Ashes")
    frame = bot.wait("announcement")
    assert (frame["channel_id"], frame["episode"]["title"]) == (TABLE_CHANNEL, "Ashes")
    assert frame["episode"]["rights"] == {"run": False, "answer": True}
    message_links.save("episode", row.id, world.chronicle.pk, TABLE_CHANNEL, "740000000000000003")
    do(world, "mira", episodes.ANSWER, coming="maybe")
    shown = bot.wait("message")
    assert (shown["kind"], shown["message_id"]) == ("episode", "740000000000000003")
    assert [(who["name"], who["coming"]) for who in shown["episode"]["attendance"]] == [("Mira", "maybe")]
    bot.quiet()


def test_an_episode_that_a_command_planned_is_not_announced_again(bot_socket, table: Table, world):
    do(world, "vesna", episodes.SET_CHANNEL, channel=TABLE_CHANNEL)
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    given = PlanEpisode(planned_for="2026-12-24T19:30+01:00")
    plan(world.chronicle, given, principal=world.principal("vesna"), cause=Cause(world.vesna, "discord"))
    bot.quiet()


def test_the_message_of_a_conflict_shows_what_the_table_may_see(bot_socket, table: Table, world):
    row = begin(world)
    message_links.save("conflict", row.pk, world.chronicle.pk, TABLE_CHANNEL, "740000000000000002")
    bot = bot_socket()
    bot.send(type="feed")
    bot.wait("synced")
    rolls(world, row, "mira", 4)
    body = bot.wait("message")["conflict"]
    assert (body["participants"][0]["name"], body["participants"][0]["roll"]) == ("Mira", None)
    assert [move["move"] for move in body["moves"]] == ["reveal", "end", "rewind"]
    rolls(world, row, "vesna", 9, "Assassin", hidden=True)
    go(world, row, "reveal")
    while not body["turns"]:
        body = bot.wait("message")["conflict"]
    assert [turn["name"] for turn in body["turns"]] == ["Mira"]
    assert "Assassin" not in str(bot.frames)


def test_a_process_that_starts_anew_shows_what_became_of_a_message(bot_socket, table: Table, world):
    """Also of one that was posted while the process before it listened already."""
    bot = bot_socket()
    bot.send(type="feed")
    bot.send(type="heartbeat")
    bot.wait("heartbeat")
    row = begin(world)
    message_links.save("conflict", row.pk, world.chronicle.pk, TABLE_CHANNEL, "740000000000000002")
    rolls(world, row, "mira", 4)
    bot.wait("message")
    bot.connection.close()
    go(world, row, "reveal")
    again = bot_socket()
    again.send(type="feed")
    assert again.wait("message")["conflict"]["phase"] == "order"


def test_a_step_of_a_conflict_reaches_those_who_follow_the_chronicle(join, table: Table, world):
    mira = join("mira")
    mira.subscribe(table.stream)
    row = begin(world)
    rolls(world, row, "jonas", 4)
    frames = [mira.wait("notice"), mira.wait("notice")]
    assert [frame["event"]["type"] for frame in frames] == ["conflict.started", "conflict.rolled"]
    assert not [path for path in frames[1]["fields"] if path.startswith("rolls.")]


def test_disc_07_the_feed_tells_which_editions_are_played(bot_socket, tracked: Table, world):
    by = {"principal": world.principal("olga"), "cause": tracked.cause("olga")}
    bot = bot_socket()
    bot.send(type="feed")
    assert bot.wait("editions")["guilds"][GUILD] == ["5th"]
    made = create_chronicle(world.server, "The Ascension", edition="20th", **by)
    assert bot.wait("editions")["guilds"] == {GUILD: ["5th", "20th"]}
    set_server(world.server, edition="cod", **by)
    assert bot.wait("editions")["guilds"] == {GUILD: ["cod", "20th"]}
    update_chronicle(made, {"edition": None}, **by)
    assert bot.wait("editions")["guilds"] == {GUILD: ["cod"]}
    set_server(world.server, description="Nothing to tell", **by)
    bot.quiet(ignoring=("presence", "heartbeat"))
