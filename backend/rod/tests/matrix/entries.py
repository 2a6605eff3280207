"""How the tables of the matrix are written: a route, a method, who may, and a body that works for whoever may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from companion.overlay_tokens import token
from rod.tests.matrix.people import (
    ANONYMOUS,
    INSIDE,
    OUTSIDE,
    PAGE,
    PERSONAS,
    SEES,
    STORYTELLER_PERSONAS,
    Scene,
)

Body = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Audience:
    """Who may; from whom it is hidden that there is such a thing (404). All others are told that they may not (403).

    A visitor who may not is asked to sign in.
    """

    may: frozenset[str]
    hidden: frozenset[str] = OUTSIDE

    @property
    def unseen(self) -> "Audience":
        """For the same people; who may not does not learn that there is such a thing."""
        return Audience(self.may, frozenset(PERSONAS) - self.may)

    @property
    def here(self) -> "Audience":
        """For the same people; the others mean a place of their own, so nothing is hidden, and they may not."""
        return Audience(self.may, frozenset())

    def seen_by(self, *names: str) -> "Audience":
        """For the same people; these know of it, and may not."""
        return Audience(self.may, self.hidden - set(names))

    def plus(self, *names: str) -> "Audience":
        return Audience(self.may | set(names), self.hidden - set(names))

    def minus(self, *names: str) -> "Audience":
        return Audience(self.may - set(names), self.hidden)


EVERYONE = Audience(frozenset(PERSONAS), frozenset())
SIGNED_IN = Audience(OUTSIDE | INSIDE, frozenset())
MEMBERS = Audience(INSIDE)
# Of the player's character.
OWNER = Audience(frozenset({"player", "root"}))
EDITORS = Audience(STORYTELLER_PERSONAS | {"player"})
READERS = Audience(SEES | {"player"})
# Of the chronicle that it plays in.
STORYTELLERS = Audience(STORYTELLER_PERSONAS)
OBSERVERS = Audience(SEES)
LEADERS = Audience(frozenset({"leader", "admin", "owner", "root"}))
# Of the server.
MANAGERS = Audience(frozenset({"admin", "owner", "root"}))
STAFF = Audience(MANAGERS.may | {"moderator"})
INVITERS = Audience(STAFF.may | {"narrator"})
PLATFORM = Audience(frozenset({"root"}), frozenset())
# The Discord process of its own accord: its key is all there is to have.
THE_KEY = Audience(EVERYONE.may - ANONYMOUS, frozenset())


# In a body: the name of whoever asks.
OWN_NAME = "the name of whoever asks"


def body_of(scene: Scene, entry: "Entry", persona: str) -> dict[str, Any]:
    asks = scene.people.get(persona)
    name = asks.display_name if asks else ""
    return {key: name if value is OWN_NAME else value for key, value in entry.body(scene).items()}


def _nothing(scene: Scene) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Entry:
    method: str
    # As `urls.py` writes it.
    route: str
    audience: Audience
    # JSON, a form, or the query of a GET.
    body: Body = _nothing
    # Parameters of the route: who or what stands in the scene, or "=" and a word; else by their own name (`AT`).
    at: Mapping[str, str] = field(default_factory=dict)
    # In place of JSON.
    raw: bytes | None = None
    # Files of a form of several parts, whose other fields are the body.
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.route}" + (f" {dict(self.at)}" if self.at else "")


# What a parameter of a route means, unless an entry says something else.
AT: dict[str, Callable[[Scene], Any]] = {
    "kind": lambda scene: "css",
    "digest": lambda scene: "0",
    "language": lambda scene: "de",
    "names": lambda scene: "base",
    "server_id": lambda scene: scene.server.pk,
    "guild_id": lambda scene: scene.server.discord_id,
    "user_id": lambda scene: scene.people["other"].discord_id,
    "thread_id": lambda scene: "99",
    "chronicle_id": lambda scene: scene.chronicle.pk,
    "character_id": lambda scene: scene.owl.pk,
    "roll_id": lambda scene: scene.roll.pk,
    "macro_id": lambda scene: scene.macro.pk,
    "request_id": lambda scene: scene.request.pk,
    "note_id": lambda scene: scene.note.pk,
    "submission_id": lambda scene: scene.submission.pk,
    "role_id": lambda scene: scene.own_role.pk,
    "invite_id": lambda scene: scene.invite.pk,
    "drill_id": lambda scene: scene.drill.pk,
    "exam_id": lambda scene: scene.exam.pk,
    "sitting_id": lambda scene: scene.sitting.pk,
    "question_id": lambda scene: scene.exam.questions[0]["id"],
    "campaign_id": lambda scene: scene.campaign.pk,
    "conflict_id": lambda scene: scene.conflict.pk,
    "honour_id": lambda scene: scene.honour.pk,
    "episode_id": lambda scene: scene.episode.pk,
    "calendar": lambda scene: scene.calendar,
    "season_id": lambda scene: scene.season.pk,
    "public_id": lambda scene: PAGE,
    "channel_id": lambda scene: scene.server.channels.get(name="table").pk,
    "discord_id": lambda scene: int(scene.server.channels.get(name="table").discord_id),
    "room_id": lambda scene: scene.server.channels.get(name="table").pk,
    "file_id": lambda scene: scene.file.pk,
    "message_id": lambda scene: scene.said.pk,
    "overlay_id": lambda scene: scene.overlay.pk,
    "token": lambda scene: token(scene.overlay),
    "scene_id": lambda scene: scene.scene.pk,
    "part_id": lambda scene: scene.part.pk,
    "member_id": lambda scene: scene.prince.pk,
    "emoji": lambda scene: "🎉",
    "verb": lambda scene: "move",
    "code": lambda scene: scene.invite.code,
    "slug": lambda scene: scene.chronicle.slug,
    "number": lambda scene: scene.episode.number,
    "format": lambda scene: "txt",
}


def value_of(scene: Scene, entry: Entry, name: str) -> Any:
    called = name if name in AT else f"{name.removesuffix('_')}_id"
    if called in entry.at:
        thing, _, word = entry.at[called].partition("=")
        return word or (scene.people.get(thing) or getattr(scene, thing)).pk
    return AT[called](scene)
