"""What the bot API answers, as the rest of the process sees it. `docs/BOT_API.md` describes the JSON."""

from dataclasses import dataclass, field
from typing import Any

from contract.notices import StoredNotice, read

Json = dict[str, Any]
PAGE = 25


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a trait that a slash command can take."""

    path: str
    name: str
    label: str
    type: str
    description: str = ""
    min: int | None = None
    max: int | None = None
    required: bool = False
    adjust: bool = False
    adjust_min: int | None = None
    adjust_max: int | None = None
    choices: tuple[str, ...] = ()
    free_text: bool = False
    max_length: int | None = None
    # What `update` calls it, where that differs: “willpower” is what is left of it, not its rating.
    update_name: str | None = None

    @classmethod
    def read(cls, data: Json) -> "Field":
        known = {key: data[key] for key in cls.__slots__ if data.get(key) is not None}
        return cls(**{**known, "choices": tuple(str(c) for c in data.get("choices") or ())})


@dataclass(frozen=True, slots=True)
class Splat:
    """`fields` are those of its tracker traits, in the order of the declaration."""

    slug: str
    label: str
    edition: str
    command: str
    fields: tuple[Field, ...]

    @classmethod
    def read(cls, data: Json) -> "Splat":
        tracked = (trait for trait in data["traits"] if trait.get("tracker"))
        fields = tuple(Field.read(f) for trait in tracked for f in trait.get("fields") or ())
        return cls(data["slug"], data["label"], data["edition"], data["command"], fields)


@dataclass(frozen=True, slots=True)
class Schema:
    hash: str
    splats: tuple[Splat, ...]

    @classmethod
    def read(cls, data: Json) -> "Schema":
        return cls(data["hash"], tuple(Splat.read(s) for s in data["splats"]))

    @property
    def editions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.edition for s in self.splats))


@dataclass(frozen=True, slots=True)
class Row:
    path: str
    label: str
    draw: str
    value: Any
    text: str

    @classmethod
    def read(cls, data: Json) -> "Row":
        return cls(data["path"], data["label"], data["draw"], data.get("value"), data.get("text") or "")


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    url: str | None = None
    colour: str | None = None
    owner: str = ""
    owner_avatar: str | None = None
    thumbnail: str | None = None
    splat: str = ""
    rows: tuple[Row, ...] = ()
    footer: str = ""

    @classmethod
    def read(cls, data: Json) -> "Card":
        owner = data.get("owner") or {}
        return cls(
            title=data["title"],
            url=data.get("url"),
            colour=data.get("colour"),
            owner=owner.get("name") or "",
            owner_avatar=owner.get("avatar_url"),
            thumbnail=data.get("thumbnail"),
            splat=data.get("splat") or "",
            rows=tuple(Row.read(r) for r in data.get("rows") or ()),
            footer=data.get("footer") or "",
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the timeline. `changes`: path → (before, after); `labels`: path → words for people."""

    id: str
    type: str
    seq: int = 0
    version: int = 0
    at: str = ""
    door: str = ""
    actor: str = ""
    command: str = ""
    changes: Json = field(default_factory=dict)
    labels: Json = field(default_factory=dict)
    notices: tuple[StoredNotice, ...] = ()
    undoes: str | None = None
    undone_by: str | None = None

    @classmethod
    def read(cls, data: Json) -> "Event":
        return cls(
            id=str(data["id"]),
            type=data.get("type") or "character.updated",
            seq=data.get("seq") or 0,
            version=data.get("version") or 0,
            at=data.get("at") or "",
            door=data.get("door") or "",
            actor=_by(data),
            command=data.get("command") or "",
            changes=data.get("changes") or {},
            labels=data.get("labels") or {},
            notices=tuple(map(read, data.get("notices") or ())),
            undoes=data.get("undoes"),
            undone_by=data.get("undone_by"),
        )


def _by(data: Json) -> str:
    """`Mira`, or `Vesna for Mira`."""
    name = (data.get("actor") or {}).get("name") or ""
    absent = (data.get("acting_for") or {}).get("name") or ""
    return f"{name} for {absent}" if name and absent else name


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a change or a look: the card, and the event when something changed."""

    id: str
    name: str
    card: Card
    event: Event | None = None
    chosen: str = ""
    # What there is to say where nothing changed; an event has its own.
    notices: tuple[StoredNotice, ...] = ()
    text_mode: bool = False

    @classmethod
    def read(cls, data: Json) -> "Answer":
        character = data["character"]
        event = data.get("event")
        return cls(
            id=str(character["id"]),
            name=character.get("name") or data["card"]["title"],
            card=Card.read(data["card"]),
            event=Event.read(event) if event else None,
            chosen=data.get("chosen") or "",
            notices=tuple(map(read, data.get("notices") or ())),
            text_mode=bool(data.get("text_mode")),
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A character in a list of completions or in a menu."""

    id: str
    name: str
    label: str

    @classmethod
    def read(cls, data: Json) -> "Name":
        return cls(str(data["id"]), data["name"], data.get("label") or data["name"])


@dataclass(frozen=True, slots=True)
class Names:
    """One page of at most 25; `more` when others follow."""

    results: tuple[Name, ...]
    more: bool = False

    @classmethod
    def read(cls, data: Json, page: int = 0) -> "Names":
        results = tuple(Name.read(r) for r in data.get("results") or ())
        return cls(results, page * PAGE + len(results) < data.get("total", 0))


@dataclass(frozen=True, slots=True)
class TraitName:
    path: str
    label: str
    now: str

    @classmethod
    def read(cls, data: Json) -> "TraitName":
        now = data.get("now")
        return cls(data["path"], data.get("label") or data["path"], "" if now is None else str(now))


@dataclass(frozen=True, slots=True)
class History:
    id: str
    name: str
    events: tuple[Event, ...]
    text_mode: bool = False

    @classmethod
    def read(cls, data: Json) -> "History":
        character = data["character"]
        events = tuple(Event.read(e) for e in data.get("events") or ())
        return cls(str(character["id"]), character["name"], events, bool(data.get("text_mode")))


@dataclass(frozen=True, slots=True)
class Chronicle:
    name: str
    characters: int
    storytellers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What `/server info` shows; `storyteller_roles` are pairs of Discord role id and name."""

    name: str
    url: str | None
    edition: str
    members: int
    characters: int
    chronicles: tuple[Chronicle, ...]
    tracker_channel: str | None
    tracker: Json
    storyteller_channel: str | None
    storyteller_roles: tuple[tuple[str, str], ...]
    you: str
    # Slug, label and whether it is on.
    features: tuple[tuple[str, str, bool], ...] = ()

    @classmethod
    def read(cls, data: Json) -> "ServerInfo":
        server = data["server"]
        chronicles = server.get("chronicles") or ()
        return cls(
            name=server.get("name") or "",
            url=server.get("url"),
            edition=server.get("edition") or "",
            members=server.get("members") or 0,
            characters=server.get("characters") or 0,
            chronicles=tuple(
                Chronicle(c["name"], c.get("characters") or 0, tuple(c.get("storytellers") or ()))
                for c in chronicles
            ),
            tracker_channel=str(server["tracker_channel"]) if server.get("tracker_channel") else None,
            tracker=server.get("tracker") or {},
            storyteller_channel=(
                str(server["storyteller_channel"]) if server.get("storyteller_channel") else None
            ),
            storyteller_roles=tuple((str(r["id"]), r["name"]) for r in server.get("storyteller_roles") or ()),
            you=_standing(server.get("you") or {}),
            features=tuple((f["slug"], f["label"], bool(f["on"])) for f in server.get("features") or ()),
        )


def _standing(you: Json) -> str:
    if you.get("admin"):
        return "administrator"
    if you.get("storyteller"):
        return "storyteller"
    return "player"
