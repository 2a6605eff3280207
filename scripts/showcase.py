"""Every page and state that people see, over the small world's tables: for pictures and for the tests of all pages.

`python -m scripts.showcase` plays the tables into the migrated database of the environment and prints who can sign in.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from scripts import dev, environment
from scripts.common import BACKEND, BOT, ROOT, ScriptError, free_port, run_main
from scripts.environment_for_tests import WITHOUT_LIMITS, environment_for_tests
from scripts.migrated import migrated
from scripts.supervisor import Supervisor

MANY = 60  # characters of the crowded chronicle, more than one page of the desk holds
PLAIN = "plain"
PEOPLE = ("olga", "vesna", "mira", "jonas", "sam", "nadia")


@dataclass(frozen=True)
class Shot:
    """`press` brings the page into the state that is shown, and `waits` is there when it is. `whole`: the page down to
    its foot, not the window."""

    name: str
    person: str
    path: str
    press: tuple[str, ...] = ()
    waits: str = ""
    whole: bool = True


OF_CHARACTERS = (
    Shot("welcome", "", "/"),
    Shot("help", "", "/help/"),
    Shot("dashboard-player", "mira", "/"),
    Shot("dashboard-storyteller", "vesna", "/"),
    Shot("dashboard-cards", "vesna", "/?view=cards"),
    Shot("dashboard-start", "sam", "/?chronicle={quiet}"),
    Shot("dashboard-empty", "sam", "/?search=nobody"),
    Shot("dashboard-chronicle", "mira", "/?chronicle={court}"),
    Shot("dashboard-many", "sam", "/"),
    Shot("dashboard-new", "mira", "/", ("[data-new-character]",), "dialog[open]", whole=False),
    Shot("sheet-vampire", "mira", "/characters/{owl}/"),
    Shot("sheet-mage", "jonas", "/characters/{mage}/"),
    Shot("sheet-adventurer", "sam", "/characters/{fantasy}/"),
    Shot("sheet-locked", "mira", "/characters/{locked}/"),
    Shot("sheet-storyteller", "vesna", "/characters/{owl}/", whole=False),
    Shot("sheet-guest", "jonas", "/characters/{owl}/"),
    Shot("sheet-dice", "mira", "/characters/{owl}/", ("[data-drawer=dice]",), "#dice #pool", whole=False),
    Shot(
        "sheet-result",
        "mira",
        "/characters/{owl}/dice/?pool=strength",
        (".roll-button",),
        ".result",
        whole=False,
    ),
    Shot(
        "sheet-history",
        "mira",
        "/characters/{owl}/",
        ("[data-drawer=history]",),
        "#history .event",
        whole=False,
    ),
    Shot("history", "mira", "/characters/{owl}/history/"),
    Shot("dice", "mira", "/characters/{owl}/dice/"),
    Shot("move", "mira", "/characters/{owl}/move/"),
    Shot("proposals", "mira", "/characters/{locked}/proposals/"),
    Shot("roll", "mira", "/rolls/{roll}/"),
    Shot("rolls-player", "mira", "/chronicles/{court}/rolls/"),
    Shot("rolls-storyteller", "vesna", "/chronicles/{court}/rolls/"),
    Shot("rolls-empty", "sam", "/chronicles/{crowd}/rolls/"),
)
OF_TABLES = (
    Shot("conflicts-player", "mira", "/chronicles/{court}/conflicts/"),
    Shot("conflicts-storyteller", "vesna", "/chronicles/{court}/conflicts/"),
    Shot("conflict-player", "mira", "/conflicts/{conflict}/"),
    Shot("conflict-storyteller", "vesna", "/conflicts/{conflict}/"),
    Shot("sessions-player", "mira", "/chronicles/{court}/sessions/"),
    Shot("sessions-storyteller", "vesna", "/chronicles/{court}/sessions/"),
    Shot("session-player", "mira", "/chronicles/{court}/sessions/{session_played}/"),
    Shot("session-storyteller", "vesna", "/chronicles/{court}/sessions/{session_played}/"),
    Shot("sessions-empty", "sam", "/chronicles/{crowd}/sessions/"),
    Shot("desk", "vesna", "/chronicles/{court}/desk/"),
    Shot("layout", "vesna", "/chronicles/{court}/stage/layout/", waits=".screen.ready .handle"),
    Shot(
        "layout-chosen",
        "vesna",
        "/chronicles/{court}/stage/layout/",
        ("[data-part^='badges-']", ".layout-css summary"),
        ".css-problems p",
    ),
    Shot("desk-cards", "vesna", "/chronicles/{court}/desk/?view=cards"),
    Shot(
        "desk-ticked",
        "sam",
        "/chronicles/{crowd}/desk/",
        ("input[name=character] >> nth=0", "input[name=character] >> nth=1"),
        whole=False,
    ),
    Shot("desk-many", "sam", "/chronicles/{crowd}/desk/"),
    Shot("campaign", "vesna", "/chronicles/{court}/campaign/"),
    Shot("campaign-empty", "sam", "/chronicles/{crowd}/campaign/"),
    Shot("producer", "vesna", "/chronicles/{court}/stage/"),
    Shot("producer-other", "jonas", "/chronicles/{court}/stage/"),
    Shot("producer-empty", "sam", "/chronicles/{crowd}/stage/"),
    Shot("overlays", "vesna", "/chronicles/{court}/overlays/"),
    Shot("overlays-empty", "sam", "/chronicles/{crowd}/overlays/"),
    Shot("overlays-change", "vesna", "/chronicles/{court}/overlays/", (".more summary",), ".more[open]"),
    Shot("chronicle-player", "mira", "/chronicles/{court}/"),
    Shot("chronicle-storyteller", "olga", "/chronicles/{court}/"),
    Shot("server-player", "mira", "/servers/{server}/"),
    Shot("server-owner", "olga", "/servers/{server}/"),
    Shot("setup", "olga", "/servers/{server}/setup/"),
    Shot("setup-web", "sam", "/servers/{ours}/setup/"),
    Shot("setup-arriving", "olga", "/added/799999999999999999/", whole=False),
    Shot("members", "olga", "/servers/{server}/members/"),
    Shot("members-invites", "sam", "/servers/{ours}/members/"),
    Shot("channels", "olga", "/servers/{server}/channels/"),
    Shot("channel", "olga", "/servers/{server}/channels/{channel}/"),
    Shot("channels-own", "sam", "/servers/{ours}/channels/"),
    Shot("channels-new", "sam", "/servers/{ours}/channels/", (".channels summary",), ".more[open]"),
    Shot("channels-member", "mira", "/servers/{ours}/channels/"),
    Shot("channel-own", "sam", "/servers/{ours}/channels/{own_channel}/"),
    Shot("channel-category", "sam", "/servers/{ours}/channels/{own_category}/"),
    Shot("channel-voice", "mira", "/servers/{ours}/channels/{own_voice}/"),
    Shot("server-own", "sam", "/servers/{ours}/", ("#danger summary",), "#danger .more[open]"),
    Shot("server-deleted", "sam", "/servers/{deleted}/"),
    Shot("why", "olga", "/servers/{server}/why/"),
    Shot("why-answer", "olga", "/servers/{server}/why/?action=conflict.run&chronicle={court}&user={mira}"),
    Shot("join", "mira", "/join/{code}/"),
    Shot("create-server", "mira", "/create-server/"),
    Shot("account", "mira", "/account/"),
    Shot("account-leaving", "nadia", "/account/"),
    Shot("account-supporter", "vesna", "/account/"),
    Shot("practice", "mira", "/progress/practice/"),
    Shot("practice-question", "jonas", "/progress/practice/"),
    Shot("practice-start", "sam", "/progress/practice/"),
    Shot("reset", "olga", "/progress/reset/"),
    Shot("status", "vesna", "/status/"),
    Shot("badges", "mira", "/progress/badges/"),
    Shot("honours-player", "mira", "/chronicles/{court}/honours/"),
    Shot("honours-storyteller", "vesna", "/chronicles/{court}/honours/"),
    Shot("progress", "mira", "/progress/"),
    Shot("progress-empty", "nadia", "/progress/"),
    Shot("points", "mira", "/progress/points/"),
    Shot("profile", "mira", "/progress/profile/"),
    Shot("player", "", "/players/{player}/"),
    Shot("all-boards", "mira", "/progress/boards/"),
    Shot("boards-player", "jonas", "/servers/{server}/boards/?weekly=yes"),
    Shot("boards-owner", "olga", "/servers/{server}/boards/"),
    Shot("luck", "mira", "/luck/"),
    Shot("luck-empty", "sam", "/luck/"),
    Shot("odds", "mira", "/odds/?system=v5&pool=7&o-hunger=2&o-difficulty=3"),
    Shot("odds-empty", "", "/odds/"),
    Shot("exams", "mira", "/progress/exams/"),
    Shot("exam", "jonas", "/progress/exams/{exam}/"),
    Shot("exam-sitting", "mira", "/progress/sittings/{exam_sitting}/"),
    Shot("exam-result", "mira", "/progress/sittings/{exam_result}/"),
    Shot("exam-editor", "vesna", "/progress/exams/{exam}/edit/"),
    Shot("chronicle-exams", "vesna", "/chronicles/{court}/exams/"),
    Shot("certificate", "", "/certificates/{certificate}/"),
    Shot("certificate-own", "mira", "/certificates/{certificate}/"),
    Shot("talk", "mira", "/talk/{talk}/", (), ".talk-below", whole=False),
    Shot("scene", "mira", "/scenes/{scene}/"),
    Shot("scenes", "mira", "/chronicles/{court}/scenes/"),
    Shot("talk-private", "mira", "/talk/{talk_private}/", (), ".talk-below", whole=False),
    Shot("talk-home", "mira", "/talk/", whole=False),
    Shot("talk-server", "olga", "/servers/{server}/chat/", whole=False),
    Shot("public-campaigns", "", "/c/"),
    Shot("public-campaign", "", "/c/{story}/"),
    Shot("public-campaign-storyteller", "sam", "/c/{story}/"),
    Shot("public-campaign-past", "", "/c/{story}/?episode={story_episode}&at=3:00:00"),
    Shot("public-campaign-episode", "", "/c/{story}/episodes/{story_episode}/?at=2:30:00"),
    Shot("public-campaign-ahead", "", "/c/{story}/episodes/3/"),
    Shot("missing", "mira", "/no-such-page/"),
)
SHOTS = OF_CHARACTERS + OF_TABLES


@dataclass(frozen=True)
class Showcase:
    """A backend that serves the tables: `cookies` holds each person's session, `ids` what the paths name."""

    address: str
    cookies: Mapping[str, str]
    ids: Mapping[str, str]

    def url(self, shot: Shot) -> str:
        return self.address + shot.path.format_map(self.ids)

    def session(self, shot: Shot) -> list[dict[str, str]]:
        """The cookies of its reader, as a browser takes them."""
        if not shot.person:
            return []
        return [{"name": "sessionid", "value": self.cookies[shot.person], "url": self.address}]


@contextmanager
def serve(folder: Path, *, plain: bool = False) -> Iterator[Showcase]:
    """Serve a fresh database with everything in it; `plain`: without odd names."""
    port = free_port()
    address = f"http://localhost:{port}"
    env = os.environ | environment_for_tests(folder) | WITHOUT_LIMITS
    env |= {"SITE_URL": address, "LOG_LEVEL": "WARNING"}
    # Pages offer the bot where there is one.
    env |= {"DISCORD_APP_ID": "1100000000000000001", "DISCORD_APP_SECRET": "a-secret-of-no-application"}
    env |= {"PATREON_CLIENT_ID": "client", "PATREON_CLIENT_SECRET": "a-secret-of-no-client"}
    env |= {"PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT), str(ROOT)])}
    with Supervisor(folder / "logs", show=False) as parts:
        migrated(env)
        dev.start_backend(port, env, parts)
        answer = _play_beside(env, plain)
        yield Showcase(address, answer["cookies"], answer["ids"])


def _play_beside(env: Mapping[str, str], plain: bool) -> dict[str, dict[str, str]]:
    """In a process of its own: settings are read once in each."""
    command = [str(environment.python()), "-m", "scripts.showcase", *([PLAIN] if plain else [])]
    played = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if played.returncode:
        raise ScriptError(f"The tables could not be played:\n{played.stderr}")
    answer: dict[str, dict[str, str]] = json.loads(played.stdout.splitlines()[-1])
    return answer


def main(arguments: Sequence[str]) -> int:
    ids = play(plain=PLAIN in arguments)
    cookies = {name: _session(name) for name in PEOPLE}
    print(json.dumps({"cookies": cookies, "ids": ids}, default=str))
    return 0


def play(*, plain: bool = False) -> dict[str, object]:
    """Play everything that the pages show. Return what their paths name."""
    from scripts import small_world

    small_world.main(plain=plain)
    support("Vesna")
    leave("Nadia")
    reset("Olga")
    practise("Mira", 5)
    practise("Jonas", 1)
    crowd = play_crowd()
    equip("Sam")
    return ids_in(crowd)


def support(name: str) -> None:
    """Make somebody a supporter of the third level."""
    from discordauth.models import CustomUser
    from patreon.documents import Membership
    from patreon.services import link

    link(CustomUser.objects.get(global_name=name), "1", Membership(tiers={"3": "Ancilla"}))


def leave(name: str) -> None:
    """Add somebody who has asked for their data, and for the deletion of their account."""
    from datetime import timedelta

    from django.utils import timezone

    from discordauth.models import CustomUser
    from privacy.models import Download

    now = timezone.now()
    until = now + timedelta(days=7)
    person = CustomUser.objects.create(username=name, global_name=name, delete_at=until)
    Download.objects.create(user=person, asked_at=now, ready_at=now, expires_at=until, size=1_234_567)


def reset(name: str) -> None:
    """Make somebody an admin, who has reset everything when nobody had earned anything."""
    from discordauth.models import CustomUser
    from progress.services import restore_points
    from progress.services.reset import reset
    from progress.services.scopes import Scope
    from timeline.services import Cause

    user = CustomUser.objects.get(global_name=name)
    user.role = CustomUser.Role.ADMIN
    user.save()
    reset(Scope.of("all"), Cause(user, "web"), after=restore_points.last_id())


def practise(name: str, answers: int) -> None:
    """Begin a drill and answer so many of its five questions, the same ones each time."""
    from discordauth.models import CustomUser
    from progress.services import practice
    from rules.dice.source import seeded
    from timeline.services import Cause

    user = CustomUser.objects.get(global_name=name)
    cause, source = Cause(user, "web"), seeded(7)
    with patch.object(practice, "dice", lambda: source):
        drill = practice.start(user, "v5", 2, cause)
        for number in range(1, answers + 1):
            drill = practice.answer(user, drill.pk, number, number % 2, cause)


def play_crowd() -> UUID:
    """Fill a server of Sam's own, where the lists have several pages. Return its chronicle."""
    from chronicle.models import Chronicle
    from discordauth.models import CustomUser
    from haven.models import Character
    from haven.registry import SPLATS
    from haven.utility import name_key

    chronicle = Chronicle.objects.get(server__name="Ours alone")
    owner = CustomUser.objects.get(global_name="Sam")
    slugs = list(SPLATS)
    for number in range(MANY):
        slug = slugs[number % len(slugs)]
        model = SPLATS[slug]
        name = f"{('Marrow', 'Ash', 'Vesper', 'Thorn', 'Silas')[number % 5]} {number + 1}"
        sheet = {slug: trait.start() for slug, trait in model.traits.items() if trait.start() is not None}
        Character.objects.bulk_create(
            [
                model(
                    owner=owner,
                    chronicle=chronicle,
                    splat=slug,
                    name=name,
                    name_key=name_key(name),
                    sheet=sheet,
                )
            ]
        )
    return chronicle.id


def equip(name: str) -> None:
    """Send an adventurer of somebody's into a fight."""
    from chronicle.principal import Principal
    from contract.stage_changes import ConditionChange, PointsChange, StageChange
    from discordauth.models import CustomUser
    from haven import services
    from haven.models import Fantasy
    from timeline.services import Cause

    user = CustomUser.objects.get(global_name=name)
    by, cause = Principal.for_user(user), Cause(user, "web")
    scores = {"str": 16, "dex": 8, "con": 14, "int": 9, "wis": 12, "cha": 15}
    stats = {"hp": {"max": 38, "current": 38, "temporary": 4}, "ac": 18, "abilities": scores}
    brenna = StageChange.model_validate({"class": "Paladin", "race": "Dwarf", "stats": stats})
    hero = Fantasy.objects.filter(owner=user).latest("id").pk
    services.change_for_stage(by, hero, brenna, cause)
    services.change_points(by, hero, PointsChange(delta=-15), cause)
    services.change_points(by, hero, PointsChange(path="hp.temporary", value=5), cause)
    services.set_condition(by, hero, ConditionChange(condition="Poisoned"), cause)
    services.set_condition(by, hero, ConditionChange(condition="Prone"), cause)


def _session(name: str) -> str:
    from django.conf import settings
    from django.test import Client

    from discordauth.models import CustomUser

    client = Client()
    user = CustomUser.objects.get(global_name=name.title())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ids_in(crowd: UUID) -> dict[str, object]:
    """What the paths name, by the names that they use."""
    from chronicle.models import Chronicle, Invite, Server, ServerChannel
    from conflicts.models import Conflict
    from discordauth.models import CustomUser
    from haven.models import Character
    from rolls.models import Roll
    from scripts import (
        badge_world,
        campaign_world,
        channel_world,
        chat_world,
        exam_world,
        points_world,
        session_world,
        show_world,
    )

    court = Chronicle.objects.get(server__name="Night Court", is_default=True)
    owl = Character.objects.get(name="Night Owl").id
    of_each_splat = {character.splat: character.id for character in Character.objects.filter(chronicle=crowd)}
    return (
        of_each_splat
        | exam_world.play(court.id)
        | points_world.play(court.server_id)
        | session_world.play(court.id)
        | badge_world.play(court.id)
        | chat_world.play(court.id)
        | channel_world.play("Ours alone")
        | show_world.play(court.id)
        | campaign_world.play("Ours alone")
        | {
            "crowd": crowd,
            "court": court.id,
            "quiet": Chronicle.objects.get(server__name="Other Court").id,
            "owl": owl,
            "mage": Character.objects.get(name="Ясна").id,
            "locked": Character.objects.filter(locked=True)[0].id,
            "roll": Roll.objects.filter(character=owl).order_by("id")[0].id,
            "server": court.server_id,
            "ours": Server.objects.get(name="Ours alone").id,
            "channel": ServerChannel.objects.filter(server=court.server_id).order_by("position")[0].pk,
            "conflict": Conflict.objects.get(title="Elysium burns").id,
            "code": Invite.objects.all()[0].code,
            "mira": CustomUser.objects.get(global_name="Mira").id,
        }
    )


if __name__ == "__main__":
    run_main(main)
