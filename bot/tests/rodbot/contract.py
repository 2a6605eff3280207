"""What the fake backend talks about: a small schema, a card, a server, in the shapes of the contract."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from contract.acting import Acting
from contract.base import Answer
from contract.endpoints import Endpoint
from rolls.schema import schema as dice_schema

Json = dict[str, Any]
Handler = Callable[[Acting, Any], Awaitable[Answer]]


class Refusal(Exception):
    """An error of the bot API."""

    def __init__(self, status: int, code: str, detail: str, **data: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"code": code, "detail": detail, **data}


def on(endpoint: Endpoint[Any, Any], handler: Handler) -> web.RouteDef:
    """A route whose handler gets and gives the models of the contract; input that it does not allow is a defect."""

    async def handle(request: web.Request, body: Json) -> Any:
        fields = {name: value for name, value in body.items() if name not in Acting.model_fields}
        given = endpoint.input.model_validate(fields | dict(request.match_info))
        try:
            answer = await handler(Acting.model_validate(body), given)
        except Refusal as refusal:
            return web.json_response(refusal.body, status=refusal.status)
        assert isinstance(answer, endpoint.answer)
        return answer.model_dump(mode="json")

    return web.route(endpoint.method, f"/bot/{endpoint.path}", handle)


def integer(path: str, low: int, high: int, **more: Any) -> Json:
    name = path.replace(".total", "").replace(".value", "").replace(".", "_")
    return {
        "path": path,
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": "integer",
        "min": low,
        "max": high,
        "adjust": True,
        "adjust_min": -2 * high,
        "adjust_max": 2 * high,
        "required": False,
        "description": f"About {name}",
        **more,
    }


def trait(slug: str, *fields: Json, **more: Any) -> Json:
    return {"slug": slug, "label": slug.capitalize(), "tracker": True, "fields": list(fields), **more}


VAMPIRE = {
    "slug": "vampire5th",
    "label": "Vampire",
    "edition": "5th",
    "command": "vampire",
    "groups": [],
    "traits": [
        trait(
            "health",
            integer("health.total", 1, 20, required=True),
            integer("health.superficial", 0, 20),
            integer("health.aggravated", 0, 20),
        ),
        trait("humanity", integer("humanity.value", 0, 10, required=True), integer("humanity.stains", 0, 10)),
        trait("hunger", integer("hunger", 0, 5)),
        trait("strength", integer("strength", 0, 5), tracker=False),
    ],
}
# As the backend declares them.
DICE = {name: dice_schema()[name] for name in ("rolls", "any_roll", "checks")}
SCHEMA = {"hash": "0123456789abcdef", "splats": [VAMPIRE], **DICE}


def label(character: Json) -> str:
    return f"{character['name']} — Vampire"


def card(character: Json) -> Json:
    health = character["fields"]["health"]
    return {
        "title": character["name"],
        "url": f"http://localhost/characters/{character['id']}/",
        "colour": "#8a0303",
        "owner": {"name": "Mira", "avatar_url": None},
        "thumbnail": None,
        "splat": "Vampire",
        "rows": [
            {"path": "health", "label": "Health", "draw": "damage5th", "value": health, "text": "7 boxes"},
            {
                "path": "hunger",
                "label": "Hunger",
                "draw": "dots",
                "value": {"value": character["fields"]["hunger"], "max": 5},
                "text": f"{character['fields']['hunger']} of 5",
            },
        ],
        "footer": "Experience 5 / 12",
    }


def server() -> Json:
    prague = {"id": "c", "name": "Prague", "default": True, "characters": 1, "storytellers": ["Vesna"]}
    return {
        "id": "s",
        "name": "Night Court",
        "url": "http://localhost/servers/s/",
        "edition": "5th",
        "members": 3,
        "characters": 1,
        "chronicles": [prague],
        "tracker_channel": None,
        "tracker": {"changes": True, "rolls": "web", "digest": False},
        "storyteller_channel": None,
        "storyteller_roles": [],
        "you": {"roles": [], "storyteller": False, "admin": False},
    }
