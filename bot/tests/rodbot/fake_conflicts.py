"""Conflicts as the bot API tells them, and a stand-in for its calls that remembers one of them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.defaults import VESNA
from tests.rodbot.contract import Json

ID = "01930000-0000-7000-8000-0123456789ab"
CATEGORIES = [{"slug": "engaged", "label": "Close combat"}, {"slug": "ranged", "label": "Ranged"}]
REVEAL = {"move": "reveal", "label": "Reveal", "style": "primary", "mark": "1"}
END = {"move": "end", "label": "End", "style": "danger", "mark": "7.1"}


def participant(name: str, **values: Any) -> Json:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "name": name,
        "user": None,
        "character": None,
        "joined": True,
        "rolled": False,
        "hidden": False,
        "gone": False,
        "yours": False,
        "extra_actions": 0,
        "roll": None,
        **values,
    }


def rolled(name: str, value: int = 13, **values: Any) -> Json:
    roll = {
        "dice": [7],
        "rating": value - 7,
        "modifier": 0,
        "value": value,
        "text": f"7 + {value - 7} = {value}",
    }
    return participant(name, rolled=True, roll=roll, **values)


def turn(of: Json, together: int, state: str = "waiting", **values: Any) -> Json:
    return {
        "participant": of["id"],
        "name": of["name"],
        "extra": False,
        "number": 0,
        "together": together,
        "state": state,
        "ready": state == "current",
        "action": "",
        "category": None,
        **values,
    }


def conflict(**values: Any) -> Json:
    return {
        "id": ID,
        "chronicle": {"id": "c", "name": "Night Court"},
        "channel_id": "720",
        "url": "http://localhost:8080/conflicts/1/",
        "kind": "20th",
        "label": "Initiative of the 20th edition",
        "title": "Ambush",
        "rolls": "die",
        "phase": "gather",
        "phase_label": "Roll",
        "round": 1,
        "version": 1,
        "mark": "1",
        "open": True,
        "starter": {"name": "Vesna", "discord_id": VESNA},
        "started_at": "2026-11-20T20:00:00+00:00",
        "ended_at": None,
        "participants": [],
        "turns": [],
        "current": None,
        "mention": None,
        "effects": [],
        "categories": [],
        "moves": [REVEAL, END],
        "rights": {"run": True, "enter": True},
        "notices": [],
        "hint": "Everybody who takes part rolls.",
        **values,
    }


@dataclass
class FakeConflicts:
    """`now` is what everybody is told, `secret` what is told beside it to who asks for more than the table's view."""

    now: Json = field(default_factory=conflict)
    secret: Json = field(default_factory=dict)
    running: bool = False
    text_mode: bool = False
    kept: list[Json] = field(default_factory=list)
    replaced: Json | None = None
    shows: Json | None = None
    gone: list[Json] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        entering = ("roll", "declare", "change", "join")
        moving = ("move", "leave", "effect", "lift")
        return [
            web.post("/bot/conflicts", self.begin),
            web.post("/bot/conflicts/get", self.get),
            web.post("/bot/conflicts/time", self.time),
            *(web.post(f"/bot/conflicts/{verb}", self.entered) for verb in entering),
            *(web.post(f"/bot/conflicts/{verb}", self.told) for verb in moving),
            web.put("/bot/messages", self.keep),
            web.delete("/bot/messages", self.lose),
        ]

    async def begin(self, request: web.Request, body: Json) -> Any:
        if self.running and not body.get("replace"):
            refusal = {
                "code": "conflict_running",
                "detail": "One runs.",
                "conflict": ID,
                "title": "Old *one*",
            }
            return web.json_response(refusal, status=409)
        self.running = True
        return {"conflict": self.now | {"title": body.get("title", "")}}

    async def get(self, request: web.Request, body: Json) -> Json:
        shown = self.now if body.get("table") else self.now | self.secret
        return {"conflict": shown, "text_mode": self.text_mode}

    async def told(self, request: web.Request, body: Json) -> Json:
        return {"conflict": self.now | self.secret}

    async def entered(self, request: web.Request, body: Json) -> Json:
        told = self.now | self.secret
        owl = rolled("Night Owl")
        return {"conflict": told | {"participants": [*told["participants"], owl]}, "participant": owl["id"]}

    async def time(self, request: web.Request, body: Json) -> Json:
        return {"ended": [{"id": "e", "text": "Blinded"}] if body["passed"] == "scene" else []}

    async def keep(self, request: web.Request, body: Json) -> Json:
        self.kept.append(body)
        return {"kept": True, "replaced": self.replaced, "shows": self.shows}

    async def lose(self, request: web.Request, body: Json) -> Json:
        self.gone.append(body)
        return {"kept": False}
