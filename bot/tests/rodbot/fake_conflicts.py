"""Conflicts as the contract describes them, and a stand-in for their calls that remembers one of them."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from contract import conflicts, endpoints
from contract.acting import Acting
from contract.base import Answer, Input, Named, Person
from contract.conflicts import (
    Category,
    Conflict,
    ConflictChanged,
    ConflictRights,
    Effect,
    InitiativeRoll,
    Move,
    OneConflict,
    Participant,
    Turn,
)
from sandbox.defaults import VESNA
from tests.rodbot.contract import Json, Refused, on

ID = "01930000-0000-7000-8000-0123456789ab"
CHRONICLE = Named(id=uuid.UUID("01930000-0000-7000-8000-00000000000c"), name="Night Court")
CATEGORIES = [Category(slug="engaged", label="Close combat"), Category(slug="ranged", label="Ranged")]
REVEAL = Move(move="reveal", label="Reveal", style="primary", mark="1")
END = Move(move="end", label="End", style="danger", mark="7.1")
PLAYING = ConflictRights(run=False, enter=True)


def participant(name: str, **values: Any) -> Participant:
    defaults: Json = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "user": None,
        "character": None,
        "joined": True,
        "rolled": False,
        "hidden": False,
        "gone": False,
        "yours": False,
        "extra_actions": 0,
        "rating": None,
        "roll": None,
    }
    return Participant(name=name, **defaults | values)


def rolled(name: str, value: int = 13, **values: Any) -> Participant:
    text = values.pop("text", f"7 + {value - 7} = {value}")
    roll = InitiativeRoll(dice=[7], rating=value - 7, modifier=0, value=value, text=text)
    return participant(name, rolled=True, roll=roll, **values)


def turn(of: Participant, together: int, state: str = "waiting", **values: Any) -> Turn:
    defaults: Json = {
        "extra": False,
        "number": 0,
        "ready": state == "current",
        "action": "",
        "category": "",
    }
    return Turn(participant=of.id, name=of.name, together=together, state=state, **defaults | values)


def effect(text: str, name: str = "", label: str = "2 more turns", pk: str = "e1") -> Effect:
    return Effect(id=pk, text=text, participant=None, name=name, until="turns", left=2, label=label)


def conflict(**values: Any) -> Conflict:
    defaults: Json = {
        "id": ID,
        "chronicle": CHRONICLE,
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
        "starter": Person(id=None, name="Vesna", discord_id=VESNA),
        "started_at": datetime(2026, 11, 20, 20, tzinfo=UTC),
        "ended_at": None,
        "participants": [],
        "turns": [],
        "current": None,
        "mention": None,
        "effects": [],
        "categories": [],
        "moves": [REVEAL, END],
        "rights": ConflictRights(run=True, enter=True),
        "notices": [],
        "hint": "Everybody who takes part rolls.",
    }
    return Conflict(**defaults | values)


@dataclass
class FakeConflicts:
    """`now` is what everybody is told, `secret` what is told beside it to who asks for more than the table's view."""

    now: Conflict = field(default_factory=conflict)
    secret: Json = field(default_factory=dict)
    running: bool = False
    kept: list[Json] = field(default_factory=list)
    replaced: Json | None = None
    shows: Conflict | None = None
    gone: list[Json] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        entering = (
            endpoints.ROLL_INITIATIVE,
            endpoints.JOIN_CONFLICT,
            endpoints.DECLARE,
            endpoints.CHANGE_PARTICIPANT,
        )
        moving = (
            endpoints.MOVE_CONFLICT,
            endpoints.LEAVE_CONFLICT,
            endpoints.ADD_EFFECT,
            endpoints.LIFT_EFFECT,
        )
        return [
            on(endpoints.START_CONFLICT, self.begin),
            on(endpoints.GET_CONFLICT, self.get),
            on(endpoints.PASS_TIME, self.time),
            *(on(endpoint, self.entered) for endpoint in entering),
            *(on(endpoint, self.moved) for endpoint in moving),
            web.put("/bot/messages", self.keep),
            web.delete("/bot/messages", self.lose),
        ]

    @property
    def seen(self) -> Conflict:
        return self.now.model_copy(update=self.secret)

    async def begin(self, acting: Acting, given: conflicts.StartConflict) -> Answer:
        if self.running and not given.replace:
            raise Refused(409, "conflict_running", "One runs.", conflict=ID, title="Old *one*")
        self.running = True
        shown = self.now.model_copy(update={"title": given.title or ""})
        return ConflictChanged(conflict=shown, id=shown.id)

    async def get(self, acting: Acting, given: conflicts.GetConflict) -> Answer:
        return OneConflict(conflict=self.now if given.table else self.seen)

    async def moved(self, acting: Acting, given: Input) -> Answer:
        return ConflictChanged(conflict=self.seen, id=self.now.id)

    async def entered(self, acting: Acting, given: Input) -> Answer:
        owl = rolled("Night Owl")
        shown = self.seen.model_copy(update={"participants": [*self.seen.participants, owl]})
        return ConflictChanged(conflict=shown, id=shown.id, participant=owl.id)

    async def time(self, acting: Acting, given: conflicts.PassTime) -> Answer:
        blinded = conflicts.EndedEffect(**dict(effect("Blinded")), conflict=self.now.id)
        return conflicts.TimePassed(ended=[blinded] if given.passed == "scene" else [])

    async def keep(self, request: web.Request, body: Json) -> Json:
        self.kept.append(body)
        shows = self.shows.model_dump(mode="json") if self.shows else None
        return {"kept": True, "replaced": self.replaced, "shows": shows}

    async def lose(self, request: web.Request, body: Json) -> Json:
        self.gone.append(body)
        return {"kept": False}
