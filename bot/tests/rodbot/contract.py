"""What the fake backend talks about: a small schema, a card, a server, in the shapes of the contract."""

import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Literal, TypeVar, get_args, get_origin
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import BaseModel, JsonValue

from contract import endpoints
from contract.acting import Acting, Facts, Reading
from contract.base import Answer, Person
from contract.characters import Card, CardOwner, CardRow
from contract.endpoints import Endpoint
from contract.events import Actor, Event, EventType
from contract.refusals import Refusal
from contract.roll_requests import RollRequest
from contract.schema import FieldSchema, Schema, SplatSchema, TraitSchema
from contract.servers import Server, ServerChronicle, TrackerShows
from contract.text import typed_fields
from rolls.schema import schema as declared_schema

Json = dict[str, Any]
M = TypeVar("M", bound=BaseModel)
NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
CHRONICLE = UUID("01930000-0000-7000-8000-00000000000c")
SERVER = UUID("01930000-0000-7000-8000-00000000000e")
STREAM = f"chronicle:{CHRONICLE}"
Handler = Callable[[Any, Any], Awaitable[Answer]]


class Refused(Exception):
    """An error of the bot API."""

    def __init__(self, status: int, code: str, detail: str, **values: Any) -> None:
        super().__init__(code)
        self.status = status
        self.refusal = Refusal(code=code, detail=detail, **values)


def sample(model: type[M], **values: Any) -> M:
    """A model with these values, and something plain for what else it needs."""
    needed = {name: plain(info.annotation) for name, info in model.model_fields.items() if info.is_required()}
    return model.model_validate(needed | values)


def plain(kind: Any) -> Any:
    """None where that is allowed, else the first choice, or an empty value."""
    parts = get_args(kind)
    if kind in KINDS:
        return KINDS[kind]()
    if get_origin(kind) is Literal:
        return parts[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return sample(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if get_origin(kind) in (list, dict, tuple):
        return get_origin(kind)()
    return None if type(None) in parts else plain(parts[0]) if parts else kind()


KINDS: dict[Any, Callable[[], object]] = {UUID: uuid4, datetime: lambda: NOW, JsonValue: lambda: None}


def on(endpoint: Endpoint[Any, Any], handler: Handler) -> web.RouteDef:
    """A route whose handler gets and gives the models of the contract; input that it does not allow is a defect.

    The handler gets who acts (`Acting`, of a GET `Reading`, of a report None) and the input.
    """
    acting = Reading if endpoint.method == "GET" else Acting

    async def handle(request: web.Request, body: Json | None) -> Any:
        address = dict(request.match_info)
        if not issubclass(endpoint.input, Facts):
            address.pop("guild_id", None)
        sent = (dict(request.query) if endpoint.method == "GET" else body or {}) | address
        fields = {name: value for name, value in sent.items() if name not in acting.model_fields}
        if endpoint.method == "GET":
            fields = typed_fields(endpoint.input, fields)
        given = endpoint.input.model_validate(fields)
        try:
            answer = await handler(acting.model_validate(sent) if "actor" in sent else None, given)
        except Refused as error:
            return web.json_response(error.refusal.model_dump(mode="json"), status=error.status)
        assert isinstance(answer, endpoint.answer)
        return answer.model_dump(mode="json")

    return web.route(endpoint.method, "/bot/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.path), handle)


def routes(*fakes: object) -> list[web.RouteDef]:
    """A route for every endpoint: the handlers of the fakes are called like it; else something plain is answered."""
    known = {name.lower(): found for name, found in vars(endpoints).items() if isinstance(found, Endpoint)}
    return [on(endpoint, _handler(fakes, name, endpoint)) for name, endpoint in known.items()]


def _handler(fakes: Iterable[object], name: str, endpoint: Endpoint[Any, Any]) -> Handler:
    async def plainly(acting: object, given: object) -> Any:
        return sample(endpoint.answer)

    return next((getattr(fake, name) for fake in fakes if hasattr(fake, name)), plainly)


def integer(path: str, low: int, high: int, **more: Any) -> FieldSchema:
    name = path.replace(".total", "").replace(".value", "").replace(".", "_")
    defaults: Json = {
        "path": path,
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": "integer",
        "min": low,
        "max": high,
        "adjust": True,
        "adjust_min": -2 * high,
        "adjust_max": 2 * high,
        "description": f"About {name}",
    }
    return FieldSchema.model_validate(defaults | more)


def trait(slug: str, *fields: FieldSchema, tracker: bool = True) -> TraitSchema:
    return TraitSchema(slug=slug, label=slug.capitalize(), tracker=tracker, fields=fields)


def splat(slug: str, label: str, command: str, *traits: TraitSchema, edition: str = "5th") -> SplatSchema:
    return SplatSchema(slug=slug, label=label, edition=edition, command=command, traits=traits)


def schema(*splats: SplatSchema) -> Schema:
    """These character types, and the dice as the backend declares them."""
    return Schema.model_validate({**declared_schema(), "hash": "0123456789abcdef", "splats": splats})


VAMPIRE = splat(
    "vampire5th",
    "Vampire",
    "vampire",
    trait(
        "health",
        integer("health.total", 1, 20, required=True),
        integer("health.superficial", 0, 20),
        integer("health.aggravated", 0, 20),
    ),
    trait("humanity", integer("humanity.value", 0, 10, required=True), integer("humanity.stains", 0, 10)),
    trait("hunger", integer("hunger", 0, 5)),
    trait("strength", integer("strength", 0, 5), tracker=False),
)
SCHEMA = schema(VAMPIRE)


def label(character: Json) -> str:
    return f"{character['name']} — Vampire"


def card(pk: object, name: str, fields: Json, url: str = "") -> Card:
    health, hunger = fields["health"], fields["hunger"]
    of_five = {"value": {"value": hunger, "max": 5}, "text": f"{hunger} of 5"}
    rows = [
        CardRow(path="health", label="Health", draw="damage5th", value=health, text="7 boxes"),
        CardRow(path="hunger", label="Hunger", draw="dots", **of_five),
    ]
    about = {"url": url or f"http://localhost/characters/{pk}/", "colour": "#8a0303", "splat": "Vampire"}
    owner = CardOwner(name="Mira", avatar_url="")
    return sample(Card, title=name, owner=owner, rows=rows, footer="Experience 5 / 12", **about)


def event(changes: Json, **values: Any) -> Event:
    """An event of a character, by Mira on the web unless it is said otherwise."""
    labels = {path: path.replace(".", " ").capitalize() for path in changes}
    defaults: Json = {"stream": STREAM, "seq": 1, "type": EventType.CHARACTER_UPDATED, "entity": "character"}
    defaults |= {"version": 2, "door": "web", "actor": actor("Mira"), "labels": labels}
    return sample(Event, changes=changes, **defaults | values)


def actor(name: str) -> Actor:
    return Actor(id=None, name=name, avatar_url="")


def person(name: str) -> Person:
    return Person(id=None, name=name)


def roll_request(**values: Any) -> RollRequest:
    """Vesna's request, that nobody has answered; `values` differ."""
    return sample(RollRequest, **{"storyteller": person("Vesna"), "open": True} | values)


def server() -> Server:
    prague = sample(
        ServerChronicle,
        id=CHRONICLE,
        name="Prague",
        edition="5th",
        default=True,
        characters=1,
        storytellers=["Vesna"],
    )
    shown = {"name": "Night Court", "url": "http://localhost/servers/s/", "edition": "5th", "members": 3}
    tracker = TrackerShows(changes=True, rolls="web", digest=False)
    return sample(Server, id=SERVER, **shown, chronicles=[prague], characters=1, tracker=tracker)
