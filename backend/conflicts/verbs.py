"""What can be done in a conflict, by name: both APIs have these verbs with the same bodies and answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from chronicle.models import Chronicle
from chronicle.principal import Principal
from conflicts import shapes
from conflicts.serializers import conflict_json, effect_json
from conflicts.services import acting, effects, entering, running
from conflicts.services.common import Call, Done, find
from rules.errors import Invalid

Body = Mapping[str, Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """`fields` is the shape of its body, for the documentation; `run` gets what was named, and the body."""

    label: str
    fields: type[serializers.Serializer]
    run: Callable[[Call, Any, Body], Done]


VERBS = {
    "roll": Verb(
        "Enter and roll; before the reveal, again with other numbers.",
        shapes.RollFields,
        lambda call, meant, body: entering.roll(call, meant, body.get("name"), body),
    ),
    "join": Verb(
        "Take part without rolling anew.",
        shapes.JoinFields,
        lambda call, meant, body: entering.join(call, meant, body.get("name"), body),
    ),
    "declare": Verb(
        "Say what somebody does.",
        shapes.DeclareFields,
        lambda call, meant, body: acting.declare(
            call, meant, body.get("action"), body.get("category"), body.get("participant")
        ),
    ),
    "move": Verb(
        "Go on: reveal, skip, done, the next round, a step back, the end.",
        shapes.MoveFields,
        lambda call, meant, body: running.advance(
            call, meant, body.get("move"), body.get("participant"), body.get("mark")
        ),
    ),
    "change": Verb(
        "Another name, other extra actions; hidden from the table or not.",
        shapes.ChangeFields,
        lambda call, meant, body: entering.change(
            call, meant, body.get("participant"), _changes(body.get("changes"))
        ),
    ),
    "leave": Verb(
        "Take no part any more.",
        shapes.LeaveFields,
        lambda call, meant, body: entering.leave(call, meant, body.get("participant")),
    ),
    "effect": Verb(
        "Something that lasts: for some turns, until the end of the scene, the night or the session.",
        shapes.EffectFields,
        lambda call, meant, body: effects.affect(
            call, meant, body.get("text"), body.get("until"), body.get("participant"), body.get("turns")
        ),
    ),
    "lift": Verb(
        "End an effect before its time.",
        shapes.LiftFields,
        lambda call, meant, body: effects.lift(call, meant, body.get("effect")),
    ),
}


def _changes(value: Any) -> Body:
    if not isinstance(value, Mapping):
        raise Invalid.field("changes", "A JSON object is expected.")
    return value


def do(verb: str, call: Call, conflict_id: Any, body: Body) -> Json:
    """`{"conflict", "participant"?, "effect"?}`"""
    done = VERBS[verb].run(call, conflict_id, body)
    more = {"participant": done.participant, "effect": done.effect}
    shown = conflict_json(done.conflict, call.principal, done.notices)
    return {"conflict": shown} | {name: one for name, one in more.items() if one}


def start(call: Call, body: Body) -> Json:
    row = running.start(call, body.get("kind"), body.get("title"), body.get("replace"))
    return {"conflict": conflict_json(row, call.principal)}


def time(call: Call, body: Body) -> Json:
    ended = effects.pass_time(call, body.get("passed"))
    return {"ended": [effect_json(pk, one) | {"conflict": str(row.id)} for row, pk, one in ended]}


def in_chronicle_of(principal: Principal, conflict_id: Any) -> Chronicle:
    """Where a named conflict is played: what names characters by name needs to know."""
    return find(principal, conflict_id).chronicle
