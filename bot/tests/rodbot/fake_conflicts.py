"""Conflicts as the contract describes them, and a stand-in for their calls that remembers one of them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from contract import conflicts
from contract.acting import Acting
from contract.base import Answer, Input, Named, Person
from contract.messages import LinkMessage, MessageLinked, MessageUnlinked, OldMessage, UnlinkMessage
from sandbox.defaults import VESNA
from tests.rodbot.contract import Json, Refused, sample

ID = "01930000-0000-7000-8000-0123456789ab"
CHRONICLE = Named(id=uuid.UUID("01930000-0000-7000-8000-00000000000c"), name="Night Court")
CATEGORIES = [
    conflicts.Category(slug="engaged", label="Close combat"),
    conflicts.Category(slug="ranged", label="Ranged"),
]
REVEAL = conflicts.Move(move="reveal", label="Reveal", style="primary", mark="1")
END = conflicts.Move(move="end", label="End", style="danger", mark="7.1")
PLAYING = conflicts.ConflictRights(run=False, enter=True)


def participant(name: str, **values: Any) -> conflicts.Participant:
    pk = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    return sample(conflicts.Participant, **{"id": pk, "name": name, "joined": True} | values)


def rolled(name: str, value: int = 13, **values: Any) -> conflicts.Participant:
    text = values.pop("text", f"7 + {value - 7} = {value}")
    roll = conflicts.InitiativeRoll(dice=[7], rating=value - 7, modifier=0, value=value, text=text)
    return participant(name, rolled=True, roll=roll, **values)


def turn(of: conflicts.Participant, together: int, state: str = "waiting", **values: Any) -> conflicts.Turn:
    place = {"participant": of.id, "name": of.name, "together": together, "state": state}
    return sample(conflicts.Turn, **place | {"ready": state == "current"} | values)


def effect(text: str, name: str = "", label: str = "2 more turns", pk: str = "e1") -> conflicts.Effect:
    return conflicts.Effect(id=pk, text=text, participant=None, name=name, until="turns", left=2, label=label)


def conflict(**values: Any) -> conflicts.Conflict:
    """An ambush whose players roll for initiative; `values` differ."""
    defaults: Json = {
        "id": ID,
        "chronicle": CHRONICLE,
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
        "moves": [REVEAL, END],
        "rights": conflicts.ConflictRights(run=True, enter=True),
        "hint": "Everyone taking part rolls.",
    }
    return sample(conflicts.Conflict, **defaults | values)


@dataclass
class FakeConflicts:
    """`now` is what everybody sees, `secret` what those see beside it who ask for more than the table's view."""

    now: conflicts.Conflict = field(default_factory=conflict)
    secret: Json = field(default_factory=dict)
    running: bool = False
    kept: list[LinkMessage] = field(default_factory=list)
    replaced: OldMessage | None = None
    shows: conflicts.Conflict | None = None
    gone: list[UnlinkMessage] = field(default_factory=list)

    @property
    def seen(self) -> conflicts.Conflict:
        return self.now.model_copy(update=self.secret)

    async def start_conflict(self, acting: Acting, given: conflicts.StartConflict) -> Answer:
        if self.running and not given.replace:
            raise Refused(409, "conflict_running", "One runs.", conflict=ID, title="Old *one*")
        self.running = True
        shown = self.now.model_copy(update={"title": given.title or ""})
        return conflicts.ConflictChanged(conflict=shown, id=shown.id)

    async def get_conflict(self, acting: Acting, given: conflicts.GetConflict) -> Answer:
        return conflicts.OneConflict(conflict=self.now if given.table else self.seen)

    async def moved(self, acting: Acting, given: Input) -> Answer:
        return conflicts.ConflictChanged(conflict=self.seen, id=self.now.id)

    async def entered(self, acting: Acting, given: Input) -> Answer:
        owl = rolled("Night Owl")
        shown = self.seen.model_copy(update={"participants": [*self.seen.participants, owl]})
        return conflicts.ConflictChanged(conflict=shown, id=shown.id, participant=owl.id)

    move_conflict = leave_conflict = add_effect = lift_effect = moved
    roll_initiative = join_conflict = declare = change_participant = entered

    async def pass_time(self, acting: Acting, given: conflicts.PassTime) -> Answer:
        blinded = conflicts.EndedEffect(**dict(effect("Blinded")), conflict=self.now.id)
        return conflicts.TimePassed(ended=[blinded] if given.passed == "scene" else [])

    async def link_message(self, acting: Acting, given: LinkMessage) -> MessageLinked:
        self.kept.append(given)
        shows = self.shows.model_dump(mode="json") if self.shows else {}
        return MessageLinked(kind=given.kind, id=given.id, replaced=self.replaced, shows=shows)

    async def unlink_message(self, acting: None, given: UnlinkMessage) -> MessageUnlinked:
        self.gone.append(given)
        return MessageUnlinked()
