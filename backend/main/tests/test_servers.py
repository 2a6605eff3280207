"""Servers made on the web: the form, the page, the same roles whichever way a server comes about; limits."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import Principal
from chronicle.services import add_member, sync_members, sync_server, update_server
from rules.errors import Conflict, NotAllowed
from testing.personas import SYSTEM, World, bot_body, channel_facts, guild_facts, member_facts

Browser = Callable[[str], Client]


@pytest.mark.req("S000-71")
def test_the_form_leads_to_the_new_server(world: World, browser: Browser) -> None:
    mira = browser("mira")
    assert '<form class="form" method="post">' in mira.get("/create-server/").content.decode()
    form = {"name": "Salon <Rouge>", "description": "By night", "edition": "20th", "key": "one"}
    made = mira.post("/create-server/", form)
    server = Server.objects.get(name="Salon <Rouge>")
    assert (made.status_code, made["Location"]) == (302, f"/servers/{server.id}/")
    assert mira.post("/create-server/", form)["Location"] == made["Location"], "sent twice, made once"
    page = mira.get(made["Location"]).content.decode()
    assert "Salon &lt;Rouge&gt;" in page
    assert "You are an administrator" in page
    assert (server.owner, server.edition) == (world.mira, "20th")
    assert browser("sam").get(made["Location"]).status_code == 404
    assert browser("").get("/create-server/").status_code == 302


def test_a_bad_form_says_why_and_keeps_what_was_typed(world: World, browser: Browser) -> None:
    page = "/create-server/"
    form = {
        "name": " ",
        "description": "Kept",
        "edition": "cod",
        "form": "server",
        "stood": page,
        "key": "one",
    }
    answer = browser("mira").post(page, form)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'id="name-problem">A server’s name has 1 to 100 characters.' in text
    assert "Kept</textarea>" in text
    assert '<option value="cod" selected>' in text


@pytest.mark.req("S000-72")
@pytest.mark.parametrize("door", ["page", "api", "bot", "admin"])
def test_every_door_makes_the_same_roles(door: str, world: World, browser: Browser, bot: APIClient) -> None:
    known = set(Server.objects.values_list("pk", flat=True))
    if door == "page":
        browser("mira").post("/create-server/", {"name": "New", "key": "one"})
    elif door == "api":
        made = browser("mira").post("/api/servers/", {"name": "New"}, content_type="application/json")
        assert made.status_code == 201, made.json()
    elif door == "bot":
        body = bot_body("mira")
        body["guild"] |= {"id": "700000000000000099", "name": "New"}
        body |= {"splat": "vampire5th", "name": "Fox", "changes": []}
        assert bot.post("/bot/characters", body, format="json").status_code == 201
    else:
        world.root.is_staff = True
        world.root.save()
        form: dict[str, Any] = {
            "name": "New",
            "edition": "5th",
            "owner": str(world.mira.id),
            "max_members": 10,
            "max_channels": 5,
            "features": "{}",
        }
        assert browser("root").post("/admin/chronicle/server/add/", form).status_code == 302
    server = Server.objects.exclude(pk__in=known).get()
    roles = ServerRole.objects.filter(server=server).exclude(system="")
    assert set(roles.values_list("system", flat=True)) == {"ADMIN", "MODERATOR", "STORYTELLER", "MEMBER"}
    assert server.chronicles.filter(is_default=True).count() == 1


@pytest.mark.req("S000-40")
def test_features_are_switched_by_those_who_manage_the_server(world: World, browser: Browser) -> None:
    url = f"/servers/{world.server.id}/"
    assert ">Save</button>" not in browser("mira").get(url).content.decode()
    assert browser("mira").post(f"{url}features/", {"feature": ["dice"], "key": "m"}).status_code == 403
    browser("olga").post(f"{url}features/", {"feature": ["dice", "characters"], "key": "o"})
    features = Server.objects.get(pk=world.server.pk).features
    assert (features["dice"], features["luck"]) == (True, False)


@pytest.mark.req("S000-38")
def test_only_a_platform_admin_gives_the_badge(world: World, browser: Browser) -> None:
    with pytest.raises(NotAllowed):
        update_server(world.server, {"is_verified": True}, principal=world.principal("olga"), cause=SYSTEM)
    update_server(world.server, {"is_verified": True}, principal=Principal.system(), cause=SYSTEM)
    assert "verified" in browser("mira").get(f"/servers/{world.server.id}/").content.decode()


@pytest.mark.req("S000-42")
@pytest.mark.django_db(transaction=True)
def test_a_full_server_lets_nobody_in(world: World, bot: APIClient) -> None:
    here = ServerMember.objects.filter(server=world.server).count()
    Server.objects.filter(pk=world.server.pk).update(max_members=here + 1)
    newcomers = [member_facts(f"new{n}", id=str(10**17 + n)) for n in range(3)]
    counts = sync_members(world.server, newcomers, cause=SYSTEM)
    assert (counts.added, counts.refused) == (1, 2)
    assert sync_members(world.server, newcomers[:1], cause=SYSTEM).refused == 0, "who is in stays in"
    with pytest.raises(Conflict) as refused:
        add_member(world.server, world.sam, cause=SYSTEM)
    assert refused.value.code == "server_full"
    body = bot_body("sam")
    body["guild"] |= bot_body("mira")["guild"] | {"member": body["guild"]["member"]}
    answer = bot.post("/bot/characters/get", body | {"character": None}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "server_full")


@pytest.mark.req("S000-43")
def test_channels_beyond_the_limit_stay_out(world: World) -> None:
    Server.objects.filter(pk=world.server.pk).update(max_channels=3)
    known = list(world.server.channels.values_list("discord_id", flat=True))
    many = tuple(channel_facts(str(10**17 + n), f"room-{n}") for n in range(5))
    kept = tuple(channel_facts(channel_id, "kept") for channel_id in known)
    sync_server(guild_facts(channels=(*many, *kept)), cause=SYSTEM)
    now = set(world.server.channels.values_list("discord_id", flat=True))
    assert len(now) == 3
    assert set(known) <= now


@pytest.mark.req("S000-69")
def test_base_fields_alone_make_a_server(world: World) -> None:
    made = Server.objects.create(name="Bare", owner=world.mira)
    made.full_clean()
    assert (made.edition, made.settings, made.features, made.metadata) == ("5th", {}, {}, {})
