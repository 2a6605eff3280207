"""The part of the stand-in for the bot API that is about dice: every answer has the shape of the contract."""

import base64
import io
import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from PIL import Image

from tests.rodbot.contract import Json

LABELS = {"v5": "Vampire", "w5": "Werewolf", "h5": "Hunter", "wod20": "20th", "cod": "Chronicles"}
BESTIAL = {"slug": "bestial", "label": "Bestial failure", "tone": "bestial", "colour": "#cd0e0e"}
CHANCES = {
    "outcomes": [
        {
            "slug": "critical",
            "label": "Critical win",
            "tone": "critical",
            "colour": "#66ffcc",
            "passed": True,
            "chance": 0.08,
        },
        {
            "slug": "success",
            "label": "Success",
            "tone": "success",
            "colour": "#66ff33",
            "passed": True,
            "chance": 0.55,
        },
        {
            "slug": "bestial",
            "label": "Bestial failure",
            "tone": "bestial",
            "colour": "#cd0e0e",
            "passed": False,
            "chance": 0.04,
        },
    ],
    "win": 0.63,
    "mean": 3.9,
    "least": 0,
    "successes": [0.01, 0.06],
    "beyond": 0.0,
}


def die(value: int, kind: str = "regular") -> Json:
    return {"value": value, "kind": kind, "sides": 10}


def outcome(**more: Any) -> Json:
    base = {"slug": "success", "label": "Success", "tone": "success", "colour": "#66ff33", "passed": True}
    return {**base, "successes": 4, "margin": 1, "choices": [], "notices": [], **more}


def png() -> str:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "#8a0303").save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def refused(status: int, code: str, detail: str) -> web.Response:
    return web.json_response({"code": code, "detail": detail}, status=status)


@dataclass
class FakeRolls:
    """`next` is laid over the next roll, `strategies` and `follow_ups` come with each that may have them."""

    text_mode: bool = False
    next: Json = field(default_factory=dict)
    follow_ups: list[Json] = field(default_factory=list)
    rolls: dict[str, Json] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    macros: dict[str, Json] = field(default_factory=dict)
    requests: dict[str, Json] = field(default_factory=dict)
    rights: Json = field(default_factory=lambda: {"reroll": True})
    names: Any = field(default_factory=lambda: itertools.count(1))

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/bot/rolls", self.roll),
            web.post("/bot/rolls/check", self.check),
            web.post("/bot/rolls/odds", self.odds),
            web.post("/bot/rolls/get", self.get),
            web.post("/bot/rolls/reroll", self.reroll),
            web.post("/bot/rolls/choose", self.choose),
            web.post("/bot/rolls/reveal", self.reveal),
            web.post("/bot/rolls/strike", self.strike),
            web.post("/bot/luck", self.luck),
            web.get("/bot/pool", self.pool),
            web.get("/bot/macros", self.list_macros),
            web.post("/bot/macros", self.save_macro),
            web.patch("/bot/macros", self.edit_macro),
            web.delete("/bot/macros", self.delete_macro),
            web.post("/bot/macros/run", self.run_macro),
            web.post("/bot/macros/copy", self.copy_macro),
            web.post("/bot/roll-requests", self.ask),
            web.post("/bot/roll-requests/get", self.asked),
            web.post("/bot/roll-requests/answer", self.answered),
            web.post("/bot/roll-requests/close", self.close),
        ]

    # Rolls

    def made(self, body: Json, kind: str = "roll") -> Json:
        options, system = body.get("options") or {}, body.get("system") or "v5"
        dice = [die(8), die(10), die(3), die(2)] + [die(1, "hunger")] * (options.get("hunger") or 0)
        actor = body["actor"]
        made = {
            "id": str(uuid.uuid4()),
            "system": system,
            "kind": kind,
            "label": LABELS.get(system, "Any dice"),
            "title": f"Pool {body.get('pool', 1)}" if kind == "roll" else kind.capitalize(),
            "roller": {
                "id": "u",
                "discord_id": actor["id"],
                "name": actor["global_name"] or actor["username"],
            },
            "character": None,
            "name": body.get("name") or "",
            "visibility": body.get("visibility") or "public",
            "revealed": False,
            "note": body.get("note") or "",
            "pool": {
                "text": str(body.get("pool", "")),
                "dice": 4,
                "told": "Strength 2 + Brawl 2",
                "lines": [],
            },
            "options": options,
            "difficulty": options.get("difficulty"),
            "difficulty_hidden": bool(body.get("hide_difficulty")),
            "dice": dice,
            "rerolled": [],
            "before": [],
            "choice": "",
            "rerollable": [0, 1, 2, 3],
            "pick_most": 3,
            "outcome": outcome(),
            "steps": [],
            "value": None,
            "groups": [],
            "chances": CHANCES,
            "attached": [],
            "consequences": [],
            "struck": None,
            "rights": self.rights,
            **self.next,
        }
        self.next = {}
        self.rolls[made["id"]] = made
        return made

    def strategies(self, roll: Json) -> list[Json]:
        if roll["id"] in self.replaced or roll["rerolled"] or roll["kind"] != "roll":
            return []
        return [self.strategy("failures", "Reroll failures", [2, 3])]

    def strategy(self, slug: str, label: str, dice: list[int]) -> Json:
        odds = {**CHANCES, "win": 0.71}
        about = {"description": "The first dice that failed", "cost": "1 Willpower"}
        return {"slug": slug, "label": label, "dice": dice, "odds": odds, "gain": 0.08, **about}

    def answer(self, roll: Json, **more: Any) -> Json:
        body = {"roll": roll, "event": {}, "change": None, "strategies": self.strategies(roll)}
        follow_ups = [f for f in self.follow_ups if roll["kind"] in ("roll", "rouse")]
        body |= {"follow_ups": follow_ups, "chosen": "", "text_mode": self.text_mode}
        return {**body, **more}

    async def roll(self, request: web.Request, body: Json) -> Any:
        if body.get("character") == "Nobody":
            return refused(404, "not_found", "There is no such character.")
        return self.answer(self.made(body))

    async def check(self, request: web.Request, body: Json) -> Any:
        if body.get("roll"):
            if body["roll"] in self.followed:
                return refused(409, "already_done", "This was done already.")
            self.followed.add(body["roll"])
        step = {
            "slug": "s",
            "label": "Rouse check",
            "dice": [die(3)],
            "passed": False,
            "text": "Hunger rises by 1.",
        }
        self.next = {"steps": [step], "dice": [], "rerollable": [], **self.next}
        return self.answer(self.made(body, body["check"]))

    async def odds(self, request: web.Request, body: Json) -> Json:
        pool = {"told": "Strength 2 + Brawl 2"}
        found = {"system": "v5", "pool": pool, "options": body["options"], "chances": CHANCES}
        chart = png() if body.get("chart") else None
        return {**found, "with_reroll": {**CHANCES, "win": 0.8}, "chart": chart, "text_mode": self.text_mode}

    async def get(self, request: web.Request, body: Json) -> Json:
        roll = self.rolls[body["roll"]]
        if body.get("dice"):
            return self.answer(roll, strategies=[self.strategy("picked", "Picked", body["dice"])])
        return self.answer(roll)

    async def reroll(self, request: web.Request, body: Json) -> Any:
        first = self.rolls[body["roll"]]
        if first["id"] in self.replaced:
            return refused(409, "already_rerolled", "These dice were rolled again already.")
        self.replaced.add(first["id"])
        picked = body.get("dice") or [2, 3]
        dice = [die(9) if index in picked else kept for index, kept in enumerate(first["dice"])]
        again = {
            **first,
            "id": str(uuid.uuid4()),
            "dice": dice,
            "rerolled": picked,
            "before": [first["dice"][i] for i in picked],
            "replaces": first["id"],
            "rerollable": [],
        }
        self.rolls[again["id"]] = again
        return self.answer(again)

    async def choose(self, request: web.Request, body: Json) -> Any:
        roll = self.rolls[body["roll"]]
        if roll["choice"]:
            return refused(409, "already_chosen", "This was decided already.")
        roll["choice"] = body["choice"]
        roll["outcome"] = outcome(label=body["choice"].capitalize(), tone=body["choice"])
        return self.answer(roll)

    async def reveal(self, request: web.Request, body: Json) -> Json:
        roll = self.rolls[body["roll"]]
        roll |= {"visibility": "public", "revealed": True, "rights": {}}
        return self.answer(roll)

    async def strike(self, request: web.Request, body: Json) -> Json:
        roll = self.rolls[body["roll"]]
        roll["struck"] = None if body.get("undo") else {"reason": body["reason"]}
        return self.answer(roll)

    async def luck(self, request: web.Request, body: Json) -> Json:
        return {
            "of": {"kind": "player", "id": "u", "name": "Mira"},
            "rolls": 120,
            "struck": 2,
            "cut": False,
            "systems": [
                {
                    "system": "v5",
                    "label": "Vampire",
                    "rolls": 80,
                    "mean": 3.0,
                    "expected": 2.9,
                    "outcomes": [{"label": "Bestial failure", "count": 7, "expected": 5.2}],
                }
            ],
            "checks": [
                {"kind": "rouse", "label": "Rouse check", "rolls": 40, "passed": 25, "expected": 20.5}
            ],
            "text": "Mira had 24.0 successes more than expected in 120 rolls.",
            "chart": png() if body.get("chart") else None,
            "text_mode": self.text_mode,
        }

    async def pool(self, request: web.Request, body: Any) -> Json:
        head, _, last = request.query["q"].rpartition("+")
        start = f"{head.strip()} + " if head else ""
        found = [t for t in ("strength", "stamina", "brawl") if t.startswith(last.strip().casefold())]
        return {"results": [{"text": start + t, "label": f"{start}{t.capitalize()} (2)"} for t in found]}

    # Macros

    def find(self, wanted: str) -> Json | None:
        return next((m for m in self.macros.values() if wanted in (m["id"], m["name"])), None)

    async def list_macros(self, request: web.Request, body: Any) -> Json:
        shared = request.query.get("shared") == "1"
        q = request.query.get("q", "").casefold()
        return {
            "results": [
                m for m in self.macros.values() if q in m["name"].casefold() and m["shared"] >= shared
            ]
        }

    async def save_macro(self, request: web.Request, body: Json) -> Any:
        if self.find(body["name"]):
            return refused(409, "name_taken", "You have a macro of this name.")
        made = {"id": str(uuid.uuid4()), "character": {"id": "c", "name": "Night Owl"}, "shared": False}
        made |= {key: body[key] for key in ("name", "pool", "options", "note", "shared") if key in body}
        made["label"] = f"{made['name']} — {made['pool']}"
        self.macros[made["id"]] = made
        return {"macro": made}

    async def edit_macro(self, request: web.Request, body: Json) -> Any:
        found = self.find(body["macro"])
        if found is None:
            return refused(404, "not_found", "There is no such macro.")
        found |= {key: body[key] for key in ("name", "pool", "options", "shared") if key in body}
        found["label"] = f"{found['name']} — {found['pool']}"
        return {"macro": found}

    async def delete_macro(self, request: web.Request, body: Json) -> Any:
        found = self.find(body["macro"])
        return (
            {"macro": self.macros.pop(found["id"])} if found else refused(404, "not_found", "There is none.")
        )

    async def run_macro(self, request: web.Request, body: Json) -> Any:
        found = self.find(body["macro"])
        if found is None:
            return refused(404, "not_found", "There is no such macro.")
        return self.answer(self.made({**body, "pool": found["pool"]}))

    async def copy_macro(self, request: web.Request, body: Json) -> Any:
        found = self.find(body["macro"])
        return {"macro": {**found, "shared": False}} if found else refused(404, "not_found", "There is none.")

    # Requests

    async def ask(self, request: web.Request, body: Json) -> Any:
        if body["guild"]["owner_id"] != body["actor"]["id"]:
            return refused(403, "not_allowed", "Only storytellers ask for rolls.")
        made = {
            "id": str(uuid.uuid4()),
            "text": body.get("text") or "",
            "storyteller": {"name": body["actor"]["username"], "discord_id": body["actor"]["id"]},
            "pool": body.get("pool"),
            "difficulty": body["options"].get("difficulty"),
            "difficulty_hidden": bool(body.get("hide_difficulty")),
            "deadline": "2026-11-21T22:00:00+00:00",
            "open": True,
            "players": [
                {"user": {"name": f"Player {p}", "discord_id": p}, "answered_at": None, "summary": ""}
                for p in body["players"]
            ],
        }
        self.requests[made["id"]] = made
        return {"request": made}

    async def asked(self, request: web.Request, body: Json) -> Json:
        return {"request": self.requests[body["request"]]}

    async def answered(self, request: web.Request, body: Json) -> Any:
        asked = self.requests[body["request"]]
        player = next((p for p in asked["players"] if p["user"]["discord_id"] == body["actor"]["id"]), None)
        if player is None:
            return refused(403, "not_allowed", "You were not asked.")
        if player["answered_at"]:
            return refused(409, "already_answered", "You have answered already.")
        player |= {"answered_at": "2026-11-21T21:00:00+00:00", "summary": "4 successes: Success"}
        pool = body.get("pool") or asked["pool"]
        return self.answer(self.made({**body, "pool": pool}), request=asked)

    async def close(self, request: web.Request, body: Json) -> Json:
        self.requests[body["request"]]["open"] = False
        return {"request": self.requests[body["request"]]}
