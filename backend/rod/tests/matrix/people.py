"""Everybody whom rights tell apart, and a chronicle full of things that not everybody may see.

A word of `CANARIES` stands in each thing that is hidden from somebody, so an answer that tells it is known by it.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from chat.drafts import Draft
from chat.models import Attachment, CastMember, ChatMessage, PrivateConversation, ScenePart
from chat.models import Scene as PlayedScene
from chat.rooms import Room, room_for
from chat.services import cast, conversations, editing, posting, scenes, threads, turns
from chat.services import files as chat_files
from chronicle import services
from chronicle.call import Call
from chronicle.models import Chronicle, Episode, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import Principal
from chronicle.services import episode_settings, episodes
from chronicle.services.attendance import Tick
from chronicle.services.schedules import set_schedule
from companion.models import Campaign, Overlay
from companion.services import making, overlays, publishing, stage
from conflicts.models import Conflict
from conflicts.services import effects, entering, running
from contract.chat_scenes import OpenScene
from contract.conflicts import AddEffect, JoinConflict, MoveConflict, StartConflict
from contract.episodes import PlanEpisode, SetEpisodeSettings, SetSchedule
from contract.exams import AddOwn, CreateExam
from contract.macros import SaveMacro
from contract.overlays import CreateOverlay
from contract.roll_requests import AskForRoll
from contract.shows import CreateCampaign
from desk.models import Note, Submission
from desk.services import notes, submissions
from discordauth.models import CustomUser
from haven.models import Character
from haven.services import Reference, change, create, delete, show
from privacy.models import Download
from progress.models import (
    Certificate,
    HelpfulAct,
    Paper,
    PaperAttempt,
    PlayerProfile,
    PracticeSession,
    Season,
)
from progress.services import helpful, papers, practice, restore_points, sessions, sittings
from progress.services.reset import reset
from progress.services.scopes import Scope
from rolls.models import Macro, Roll, RollRequest
from rolls.services import RollInput, macros, requests
from rolls.services import roll as make_roll
from rules.dice.source import listed
from rules.traits import Operation
from testing.community import create_role, set_channel, update_chronicle
from testing.personas import (
    NARRATOR,
    OTHER_GUILD,
    ROLES_HELD,
    SYSTEM,
    TRACKER_CHANNEL,
    World,
    found_world,
    guild_facts,
    member_facts,
)
from timeline.services import Cause

# Nobody to us: not signed in, a viewer of the stream who knows what the campaign is called, and an account that was
# closed.
ANONYMOUS = frozenset({"nobody", "viewer"})
VISITORS = ANONYMOUS | {"closed"}
# Signed in, and no members: one of another server alone, and one who has left and still plays a character there.
OUTSIDE = frozenset({"stranger", "former"})
# Members without rights over others. `elsewhere` tells another chronicle of the same server.
PLAYERS = frozenset({"player", "other", "elsewhere"})
INSIDE = PLAYERS | {
    *("observer", "helper", "leader", "narrator", "moderator", "admin", "owner"),
    "root",  # platform admin: member of nothing, and nowhere a stranger
}
PERSONAS = (*sorted(VISITORS), *sorted(OUTSIDE), *sorted(INSIDE))
STORYTELLER_PERSONAS = frozenset({"helper", "leader", "narrator", "admin", "owner", "root"})
SEES = STORYTELLER_PERSONAS | {"observer"}
# Of each group whose people may all do something, and who see the same then, the usual run asks one in turn.
ALIKE = (ANONYMOUS, STORYTELLER_PERSONAS - {"helper"}, PLAYERS - {"player"} | {"moderator"}, OUTSIDE)

CANARIES: dict[str, frozenset[str]] = {
    "canary-of-the-table": INSIDE,
    "canary-of-the-sheet": SEES | {"player"},
    "canary-of-the-storytellers": SEES,
    "canary-of-the-notes": STORYTELLER_PERSONAS,
    "canary-of-the-hidden-roll": SEES | {"player"},
    "canary-of-the-own-roll": frozenset({"player"}),
    "canary-of-the-submission": SEES | {"player"},
    "canary-of-the-channel": frozenset({"narrator", "admin", "owner", "root"}),
    "canary-of-the-ambush": SEES,
    # And who sat the exam, once it is over.
    "canary-of-the-key": STORYTELLER_PERSONAS | {"player"},
    "canary-of-the-help": SEES | {"player", "other"},
    "canary-of-the-whisper": frozenset({"player", "other"}),
    "canary-of-the-removed": frozenset({"moderator", "admin", "owner", "root"}),
    "canary-of-the-deleted": SEES | {"player"},
    "canary-of-the-aside": STORYTELLER_PERSONAS | {"player"},
    "canary-of-the-unrevealed": STORYTELLER_PERSONAS,
    "canary-of-the-cast": STORYTELLER_PERSONAS,
}
KNOWN_PEOPLE = {"owner": "olga", "narrator": "vesna", "player": "mira", "other": "jonas", "root": "root"}
NEW_MEMBERS = ("former", "closed", "observer", "helper", "elsewhere", "leader", "moderator", "admin")
CODE = "0123-4567-89AB-CDEF"  # of the player's certificate
PAGE = "mirasprofile"  # the public id of the player's page
DESERTED = "700000000000000003"
IDS = {name: f"7400000000000000{number:02}" for number, name in enumerate(PERSONAS)}


@dataclass
class Scene:
    """What the routes of the matrix are about: all of it is the player's, or of the chronicle that they play in."""

    world: World
    people: dict[str, CustomUser]
    server: Server
    web: Server
    hall: ServerChannel
    crypt: ServerChannel
    ashes: Server
    deserted: Server
    chronicle: Chronicle
    second: Chronicle
    own_role: ServerRole
    owl: Character
    owl_of_former: Character
    gone: Character
    fox: Character
    locked: Character
    roll: Roll
    open_roll: Roll
    hidden_roll: Roll
    own_roll: Roll
    macro: Macro
    own_macro: Macro
    request: RollRequest
    note: Note
    submission: Submission
    conflict: Conflict
    rolling: Conflict
    effect: str
    exam: Paper
    drill: PracticeSession
    sitting: PaperAttempt
    honour: HelpfulAct
    episode: Episode
    live_episode: Episode
    planned_episode: Episode
    # What stands in the address of the player's calendar.
    calendar: str
    season: Season
    invite: Any
    file: Attachment
    said: ChatMessage
    removed: ChatMessage
    whispered: ChatMessage
    talk: PrivateConversation
    group: PrivateConversation
    thread: ServerChannel
    bystander: CustomUser
    scene: PlayedScene
    over: PlayedScene
    part: ScenePart
    unrevealed: ChatMessage
    prince: CastMember
    overlay: Overlay
    campaign: Campaign
    # The token of a campaign that the API for shows made, and that is nobody’s yet.
    unclaimed: str

    @property
    def vault(self) -> ServerChannel:
        """The channel that only narrators and who manages channels see."""
        return self.server.channels.get(name="canary-of-the-channel")

    @property
    def other(self) -> CustomUser:
        return self.people["other"]

    @property
    def elsewhere(self) -> CustomUser:
        return self.people["elsewhere"]

    def principal(self, name: str) -> Principal:
        return Principal.for_user(self.people.get(name))


def by(user: CustomUser | None) -> Cause:
    return Cause(actor=user, door="web")


class Stage:
    """Builds the scene, by the services that every door uses."""

    def __init__(self) -> None:
        self.world = found_world()
        self.people = {name: getattr(self.world, known) for name, known in KNOWN_PEOPLE.items()}
        self.server, self.chronicle = self.world.server, self.world.chronicle

    def member(self, name: str) -> None:
        facts = member_facts(name, id=IDS[name])
        place = self.world.other_server if name == "stranger" else self.server
        services.sync_members(place, [facts], cause=SYSTEM)
        self.people[name] = CustomUser.objects.get(discord_id=IDS[name])

    def hold(self, name: str, system: str) -> None:
        member = ServerMember.objects.get(server=self.server, user=self.people[name])
        services.grant_system_role(member, system)

    def who(self, name: str) -> dict[str, Any]:
        """As the services of `chronicle` take it."""
        user = self.people[name]
        return {"principal": Principal.for_user(user), "cause": by(user)}

    def acting(self, name: str) -> tuple[Principal, Cause]:
        user = self.people[name]
        return Principal.for_user(user), by(user)

    def gather(self) -> None:
        for name in ("stranger", *NEW_MEMBERS):
            self.member(name)
        self.people["root"].discord_id = IDS["root"]
        self.people["root"].save()
        owner = self.who("owner")
        self.second = services.create_chronicle(self.server, "Second Chronicle", description="", **owner)
        narrators = {"leader": "STORYTELLER", "helper": "CO_STORYTELLER", "observer": "OBSERVER"}
        for name, kind in narrators.items():
            services.set_chronicle_role(self.chronicle, self.people[name].pk, kind, **owner)
        services.set_chronicle_role(self.chronicle, self.people["owner"].pk, "STORYTELLER", **owner)
        services.set_chronicle_role(self.second, self.people["elsewhere"].pk, "STORYTELLER", **owner)
        self.hold("moderator", "MODERATOR")
        self.hold("admin", "ADMIN")
        values = {"tenets": ["canary-of-the-table"]}
        self.chronicle = update_chronicle(self.chronicle, values, **owner)

    def download(self) -> None:
        """The player has one, which waits to be fetched."""
        now = timezone.now()
        until = now + timedelta(days=1)
        Download.objects.create(user=self.people["player"], asked_at=now, ready_at=now, expires_at=until)

    def file(self) -> Attachment:
        """A file of the player, which goes with no message yet."""
        player = Principal.for_user(self.people["player"])
        stored, checked = chat_files.store(b"a file", "owl.txt", player)
        return chat_files.add(stored.path, checked.name, player)

    def restore_point(self) -> None:
        """A reset that found nothing, and can be undone."""
        reset(Scope.of("all"), by(self.people["root"]), after=restore_points.last_id())

    def part(self) -> None:
        """After all is made: one leaves, one is shut out."""
        services.remove_member(self.server, self.people["former"].pk, cause=SYSTEM)
        CustomUser.objects.filter(pk=self.people["closed"].pk).update(is_active=False)

    def channels(self) -> None:
        facts = guild_facts()
        shown, hidden = facts.channels or ()
        hidden = hidden.model_copy(update={"name": "canary-of-the-channel"})
        services.sync_server(facts.model_copy(update={"channels": [shown, hidden]}), cause=SYSTEM)
        set_channel(self.server, TRACKER_CHANNEL, {"is_private": True}, **self.who("owner"))
        may = {str(self._narrators()): {"view_channel": "allow"}}
        set_channel(self.server, TRACKER_CHANNEL, {"permissions": may}, **self.who("owner"))

    def _narrators(self) -> Any:
        return ServerRole.objects.get(server=self.server, discord_id=NARRATOR).pk

    def character(self, who: str, name: str, *operations: Operation) -> Character:
        principal, cause = self.acting(who)
        made = create(principal, "vampire5th", name, list(operations), self.chronicle, cause)
        return made.character

    def owl(self) -> Character:
        made = self.character("player", "Night Owl", Operation("sire", "set", "canary-of-the-sheet"))
        meant = Reference(str(made.id))
        teller, cause = self.acting("leader")
        show(teller, meant, "haven_name", "secret", cause)
        secret = Operation("haven_name", "set", "canary-of-the-storytellers")
        change(teller, meant, [secret], cause)
        principal, own = self.acting("player")
        change(principal, meant, [Operation("ambition", "set", "canary-of-the-sheet")], own)
        return made

    def deleted(self) -> Character:
        made = self.character("player", "canary-of-the-deleted")
        delete(*_around(self.acting("player"), Reference(str(made.id))))
        return made

    def locked(self) -> Character:
        made = self.character("player", "Locked Owl")
        teller, cause = self.acting("leader")
        change(teller, Reference(str(made.id)), [Operation("locked", "set", True)], cause)
        return made

    def roll(self, character: Character | None, dice: list[int], **more: Any) -> Roll:
        principal, cause = self.acting("player")
        meant = Reference(str(character.id)) if character else None
        given: dict[str, Any] = {"system": "v5", "pool": len(dice), "options": {"hunger": 0}} | more
        asked = RollInput(reference=meant, chronicle=self.chronicle, **given)
        return make_roll(principal, asked, cause, listed(dice)).roll

    def macro(self, character: Character, name: str, shared: bool) -> Macro:
        given = SaveMacro(name=name, pool=3, system="v5", shared=shared, options={"hunger": 0})
        return macros.create(self.acting("player")[0], Reference(str(character.id)), given)

    def say(self, who: str, room: Room, text: str) -> ChatMessage:
        principal, cause = self.acting(who)
        return posting.post(room, Draft(text=text), principal=principal, cause=cause)

    def chat(self) -> dict[str, Any]:
        """Messages of the player in a channel, in private and in a thread; one that they have deleted."""
        player, other = self.people["player"], self.people["other"]
        (principal, cause), manager = self.acting("player"), self.acting("owner")[0]
        table, vault = (
            room_for(manager, self.server.channels.get(name=name).pk)
            for name in ("table", "canary-of-the-channel")
        )
        said = self.say("player", table, "Good evening")
        removed = self.say("player", table, "canary-of-the-removed")
        editing.delete(table, removed.pk, principal=principal)
        self.say("owner", vault, "canary-of-the-channel")
        talk = conversations.start(player, [other.pk])
        whispered = self.say("player", room_for(principal, talk.pk), "canary-of-the-whisper")
        begun = self.say("player", table, "The pier")
        return {
            "said": said,
            "removed": removed,
            "talk": talk,
            "whispered": whispered,
            "group": conversations.start(player, [other.pk], "canary-of-the-whisper"),
            "thread": threads.start(table, "The pier", begun.pk, principal=principal, cause=cause),
            "bystander": CustomUser.objects.create_user("bystander"),
        }

    def play(self, owl: Character) -> dict[str, Any]:
        """A scene in which it is the player’s turn, with an aside and a hidden message; and one that is over."""
        (player, _cause), (leader, cause) = self.acting("player"), self.acting("leader")
        table = room_for(leader, self.server.channels.get(name="table").pk)
        pier = room_for(leader, self.server.channels.get(name="The pier").pk)
        scene, over = (
            scenes.open_in(
                room, OpenScene(room=room.id, title="At the Elysium"), principal=leader, cause=cause
            )
            for room in (table, pier)
        )
        scenes.close(over.pk, principal=leader)
        scenes.join(scene.pk, owl.pk, principal=player)
        with scenes.changing(leader, scene.pk, "scene.play") as row:
            turns.pass_turn(row, None, leader)
        # Nobody was told a moment ago: they may be nudged.
        long_ago = timezone.now() - timedelta(hours=1)
        ChatMessage.objects.filter(kind=ChatMessage.Kind.NOTICE).update(created_at=long_ago)
        aside = Draft(text="canary-of-the-aside", whisper=True)
        posting.post(table, aside, principal=player, cause=by(self.people["player"]))
        hidden = Draft(text="canary-of-the-unrevealed", hidden=True)
        return {
            "scene": scene,
            "over": over,
            "part": ScenePart.objects.get(scene=scene),
            "unrevealed": posting.post(table, hidden, principal=leader, cause=cause),
            "prince": cast.add(self.chronicle, "canary-of-the-cast", principal=leader),
        }

    def set(self) -> Scene:
        self.gather()
        self.download()
        self.restore_point()
        self.channels()
        owl, teller = self.owl(), self.acting("leader")
        conflict, effect = self.conflict(owl)
        scene = Scene(
            world=self.world,
            people=self.people,
            server=self.server,
            web=(web := self.web()),
            hall=ServerChannel.objects.create(server=web, name="hall"),
            crypt=ServerChannel.objects.create(server=web, name="crypt", kind=ServerChannel.Kind.VOICE),
            ashes=self.ashes(),
            deserted=self.deserted(),
            file=self.file(),
            **self.chat(),
            **self.play(owl),
            chronicle=self.chronicle,
            second=self.second,
            own_role=self.role(),
            owl=owl,
            owl_of_former=self.character("former", "Owl that stayed"),
            gone=self.deleted(),
            fox=self.character("other", "Grey Fox"),
            locked=self.locked(),
            roll=self.roll(owl, [2, 3, 8]),
            open_roll=self.roll(None, [8, 9, 1], system="h5", pool=2, options={"desperation": 1}),
            hidden_roll=self.roll(owl, [2, 7], visibility="storyteller", note="canary-of-the-hidden-roll"),
            own_roll=self.roll(owl, [2, 6], visibility="private", note="canary-of-the-own-roll"),
            macro=self.macro(owl, "Claws", True),
            own_macro=self.macro(owl, "Teeth", False),
            request=self.request(),
            note=notes.add(teller[0], self.chronicle, "Her sire", "canary-of-the-notes", teller[1], owl.id),
            submission=self.submission(owl),
            conflict=conflict,
            rolling=running.start(self.call("leader"), StartConflict(kind="20th", title="A race")),
            effect=effect,
            exam=(exam := self.exam()),
            drill=practice.start(self.people["player"], "v5", 1, by(self.people["player"])),
            sitting=sittings.start(self.acting("player")[0], exam.pk, self.acting("player")[1]),
            **self.episodes(),
            calendar=self.calendar(),
            honour=self.honour(),
            season=self.season(),
            campaign=self.campaign(owl),
            unclaimed=making.make_campaign(CreateCampaign(slug="of-the-api", name="Of the API"))[1],
            overlay=self.overlay(),
            invite=None,
        )
        scene.invite = services.invite(scene.web, **self.who("owner"))
        self.part()
        return scene

    def overlay(self) -> Overlay:
        """One of the campaign’s overlays, with a title card."""
        teller, cause = self.acting("leader")
        stage.set_title(teller, self.chronicle, "The Red Ledger", "", cause)
        return overlays.create(teller, self.chronicle, CreateOverlay(name="Table"), cause)

    def campaign(self, owl: Character) -> Campaign:
        """The chronicle is public, and the player’s character on its roster, with a part of its sheet."""
        leader = self.who("leader")
        campaign = publishing.publish_campaign(self.chronicle, **leader)
        teller, cause = self.acting("leader")
        for trait in ("name", "theme", "hunger", "clan"):
            show(teller, Reference(str(owl.pk)), trait, "public", cause)
        publishing.set_roster(self.chronicle, [owl.pk], **leader)
        self.roll(owl, [2, 9, 9])
        self.roll(owl, [2, 7, 10], note="canary-of-the-table")
        return campaign

    def role(self) -> ServerRole:
        return create_role(self.server, {"name": "Coterie", "position": 5}, **self.who("owner"))

    def web(self) -> Server:
        """A server without Discord."""
        owner = self.people["owner"]
        return self.staffed(services.create_server(owner, "Court of the Web", cause=by(owner)))

    def ashes(self) -> Server:
        """One that was deleted, and can be restored."""
        owner = self.people["owner"]
        made = self.staffed(services.create_server(owner, "Court of Ashes", cause=by(owner)))
        return services.delete_server(made, **self.who("owner"))

    def deserted(self) -> Server:
        """One that the bot has left."""
        made, _ = services.sync_server(guild_facts(id=DESERTED, roles=(), channels=()), cause=SYSTEM)
        return services.leave_server(self.staffed(made), cause=SYSTEM)

    def staffed(self, server: Server) -> Server:
        """The same people in it, with the same system roles."""
        held = {"moderator": ["MODERATOR"], "admin": ["ADMIN"], "narrator": ["STORYTELLER"]}
        for name in sorted(INSIDE - {"root"}):
            person = self.people[name]
            services.add_member(server, person, cause=SYSTEM, system_roles=held.get(name, ()))
        return server

    def request(self) -> RollRequest:
        given = AskForRoll(
            chronicle=self.chronicle.id,
            players=[str(self.people["player"].id)],
            pool=3,
            system="v5",
            options={"hunger": 0},
            text="Who goes there?",
        )
        return requests.ask(self.call("leader"), given)

    def call(self, who: str) -> Call:
        return Call(*self.acting(who), self.server)

    def conflict(self, owl: Character) -> tuple[Conflict, str]:
        """The player is in it, and somebody whom only storytellers know of; it is time to declare."""
        leader = self.call("leader")
        row = running.start(leader, StartConflict(kind="5th", title="A brawl"))
        entering.join(self.call("player"), JoinConflict(conflict=row.pk, name=str(owl.pk)))
        entering.join(leader, JoinConflict(conflict=row.pk, name="canary-of-the-ambush", hidden=True))
        running.advance(leader, MoveConflict(conflict=row.pk, move="reveal"))
        blind = AddEffect(conflict=row.pk, text="Blinded", until="scene", participant="Night Owl")
        done = effects.affect(self.call("player"), blind)
        return done.conflict, done.effect

    def season(self) -> Season:
        """The server has boards; and the player's page is open."""
        PlayerProfile.objects.update_or_create(
            user=self.people["player"], defaults={"public_id": PAGE, "is_public": True, "shows_level": True}
        )
        Server.objects.filter(pk=self.server.pk).update(features={"boards": True})
        today = timezone.now().date()
        ends = date(2189, 12, 31)
        return Season.objects.create(server=self.server, name="canary-of-the-table", starts=today, ends=ends)

    def exam(self) -> Paper:
        """Of the chronicle; and the player has a certificate of another."""
        player = self.people["player"]
        certificate = Certificate(code=CODE, user=player, name="Mira", title="Lore", system="v5", score=90)
        certificate.issued_at = timezone.now()
        certificate.save()
        principal, cause = self.acting("leader")
        made = papers.create(
            principal,
            self.chronicle,
            CreateExam(chronicle=self.chronicle.pk, title="House lore", system="v5", count=0),
            cause,
        )
        question = AddOwn(
            exam=made.pk, prompt="Who?", options=["A", "B"], right=1, explanation="canary-of-the-key"
        )
        return papers.add_own(principal, question, cause)

    def episodes(self) -> dict[str, Episode]:
        """One that was played and the player came to, one that is planned; one that runs elsewhere; a schedule."""
        leader, when = self.who("leader"), timezone.now()
        given = SetSchedule(weekday="friday", time=time(19, 30), timezone="Europe/Berlin")
        set_schedule(self.chronicle, given, **leader)
        played = episodes.start(self.chronicle, None, **leader)
        sessions.tick(played, [Tick(self.people["player"].pk, "came")], **leader)
        later = PlanEpisode(planned_for=when + timedelta(days=1))
        return {
            "episode": sessions.end(played, None, **leader),
            "planned_episode": episodes.plan(self.chronicle, later, **leader),
            "live_episode": episodes.start(self.second, None, **self.who("owner")),
        }

    def calendar(self) -> str:
        wanted = SetEpisodeSettings(calendar="show")
        row = episode_settings.change_settings(self.people["player"], self.chronicle, wanted)
        return str(episode_settings.address_of(row)).rpartition("/")[2].removesuffix(".ics")

    def honour(self) -> HelpfulAct:
        principal, cause = self.acting("player")
        return helpful.report(principal, self.chronicle, self.people["other"], "canary-of-the-help", cause)

    def submission(self, owl: Character) -> Submission:
        principal, cause = self.acting("player")
        wanted = [Operation("strength", "set", 3)]
        return submissions.submit(
            principal, Reference(str(owl.id)), wanted, "canary-of-the-submission", cause
        )


def _around(acting: tuple[Principal, Cause], meant: Reference) -> tuple[Principal, Reference, Cause]:
    return acting[0], meant, acting[1]


def scene() -> Scene:
    return Stage().set()


def bot_side(on: Scene, name: str) -> dict[str, Any]:
    """The common part of a bot API call by this persona: in the guild; a stranger in their own one, and who has left
    in a direct message."""
    user = on.people[name]
    body: dict[str, Any] = {
        "actor": {
            "id": user.discord_id,
            "username": user.discord_username,
            "global_name": user.global_name,
            "avatar": None,
        },
        "guild": None,
        "channel_id": "1",
        "interaction": {"id": "1", "command": "/matrix"},
    }
    if name != "former":
        body["guild"] = _guild(on, name)
    return body


def _guild(on: Scene, name: str) -> dict[str, Any]:
    place = on.world.other_server if name == "stranger" else on.server
    owner = on.world.sam if name == "stranger" else on.people["owner"]
    return {
        "id": OTHER_GUILD if name == "stranger" else place.discord_id,
        "name": place.name,
        "owner_id": owner.discord_id,
        "icon": None,
        "member": {
            "nick": None,
            "avatar": None,
            "roles": ROLES_HELD.get(KNOWN_PEOPLE.get(name, ""), []),
            "permissions": "8" if name == "owner" else "1024",
        },
    }
