"""What can be done with dice, by name, with its input, answer and right: rolls, macros, luck."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from uuid import UUID

from chronicle.call import Call
from contract import endpoints
from contract import luck as luck_shapes
from contract import macros as macro_shapes
from contract import rolls as shapes
from contract.endpoints import Endpoint, Shape
from contract.macros import OneMacro
from contract.rolls import RollAnswer
from contract.translation import _
from discordauth.models import CustomUser
from haven import selectors as characters
from haven.models import Character
from haven.services import Change, Reference
from haven.services.reference import find, meant_by
from haven.utility import derived
from rolls import selectors, services
from rolls.answers import roll_answer
from rolls.models import Macro
from rolls.period import period
from rolls.serializers import macro
from rolls.services import Done, RollInput, luck, macros
from rules.errors import GameError, NotFound
from timeline.keys import Kept
from timeline.models import Event
from timeline.operations import Addresses, InputT, Operation


def roll_input(call: Call, given: shapes.Roller) -> RollInput:
    """What is to be rolled, for whom and where."""
    rolls = given if isinstance(given, shapes.PoolInput) else shapes.PoolInput()
    return RollInput(
        system=rolls.system or None,
        pool=rolls.pool,
        options=given.options or {},
        reference=_whose(call, given),
        chronicle=call.chronicle_if_any(given.chronicle),
        name=given.name or "",
        visibility=given.visibility or "",
        hide_difficulty=bool(rolls.hide_difficulty),
        note=given.note or "",
    )


def _whose(call: Call, given: shapes.Roller) -> Reference | None:
    """Whose sheet: where none is named, in Discord the default's, on the web nobody's."""
    if given.character is False or (given.character is None and not call.in_discord):
        return None
    return Reference(given.character, call.server, call.player_id, channel_id=call.bound_channel)


def _character(call: Call, name: str | None) -> Character:
    """The character of this name or id, if this person may see it."""
    meant = Reference(name, call.server, call.player_id, channel_id=call.bound_channel)
    return characters.get(call.principal, find(call.principal, meant).id)


# Rolls


def _roll(call: Call, given: shapes.MakeRoll) -> Done:
    """Roll a pool, store it, and apply what follows for the character."""
    return services.roll(call.principal, roll_input(call, given), call.cause)


def _check(call: Call, given: shapes.MakeCheck) -> Done:
    """Make a check: its dice, what it changes, and what may follow."""
    return services.check(call.principal, given.check, roll_input(call, given), call.cause, given.roll)


def _reroll(call: Call, given: shapes.Reroll) -> Done:
    """Roll dice again, once, by a strategy or as picked."""
    return services.reroll(call.principal, given.roll, call.cause, strategy=given.strategy, dice=given.dice)


def _choose(call: Call, given: shapes.Choose) -> Done:
    """Decide an open outcome, once."""
    return services.choose(call.principal, given.roll, given.choice, call.cause)


def _reveal(call: Call, given: shapes.NamedRoll) -> Done:
    """Make a roll public."""
    return services.reveal(call.principal, given.roll, call.cause)


def _strike(call: Call, given: shapes.Strike) -> Done:
    """Leave a roll out of the statistics, with a reason; or count it again."""
    return services.strike(call.principal, given.roll, call.cause, given.reason or "", bool(given.undo))


def _get(call: Call, given: shapes.GetRoll) -> RollAnswer:
    """A roll as it is now, with what may still be done with it; of picked `dice`, what they would do."""
    return roll_answer(call, Done(selectors.get(call.principal, given.roll)), given.dice, private=True)


def _list(call: Call, given: shapes.ListRolls) -> shapes.Rolls:
    """Newest first, of a chronicle or a character; one's own without either."""
    return shapes.Rolls(
        results=selectors.recent(
            call.principal,
            chronicle=call.chronicle_if_any(given.chronicle),
            character=characters.get(call.principal, given.character) if given.character else None,
            before=given.before,
            limit=given.limit,
        )
    )


def _odds(call: Call, given: shapes.MakeRoll) -> shapes.Odds:
    """Exactly what such a roll would do; nothing is rolled."""
    return services.odds(call.principal, roll_input(call, given))


def _complete(call: Call, given: shapes.CompletePool) -> shapes.Completions:
    """A half-written pool with its last part completed; of a sheet that one may not roll for, numbers alone."""
    return shapes.Completions(
        results=selectors.completions(call.principal, _completing(call, given), given.q)
    )


def _completing(call: Call, given: shapes.CompletePool) -> Character | None:
    """In Discord somebody is still typing: a character that is not found yet is no mistake."""
    if given.character is None and not call.in_discord:
        return None
    try:
        return _character(call, given.character)
    except GameError:
        if call.in_discord:
            return None
        raise


# Macros


def _list_macros(call: Call, given: macro_shapes.ListMacros) -> macro_shapes.Macros:
    """A character's macros, or those that others at its table share."""
    meant = meant_by(call, given)
    try:
        if given.shared and meant.server is None:
            place = _character(call, given.character).chronicle
            meant = replace(meant, server=place.server if place else None)
        found = macros.listed(call.principal, meant, given.q, given.shared)
    except GameError as error:
        if not call.in_discord or (isinstance(error, NotFound) and _is_id(given.character)):
            raise
        found = []  # somebody is still typing
    return macro_shapes.Macros(results=[macro(row) for row in found])


def _is_id(text: str | None) -> bool:
    """Tell whether a character was picked, not typed."""
    try:
        return bool(text and UUID(text))
    except ValueError:
        return False


def _save_macro(call: Call, given: macro_shapes.SaveMacro) -> Macro:
    """Keep a roll under a name."""
    return macros.create(call.principal, meant_by(call, given), given)


def _change_macro(call: Call, given: macro_shapes.ChangeMacro) -> Macro:
    """Change the named fields of a macro, no others."""
    return macros.edit(call.principal, given.macro, given, meant_by(call, given))


def _delete_macro(call: Call, given: macro_shapes.NamedMacro) -> Macro:
    """Delete a macro."""
    return macros.remove(call.principal, given.macro, meant_by(call, given))


def _copy_macro(call: Call, given: macro_shapes.NamedMacro) -> Macro:
    """Copy a shared macro to a character of one's own."""
    return macros.copy(call.principal, given.macro, meant_by(call, given))


def _run_macro(call: Call, given: macro_shapes.RunMacro) -> Done:
    """Roll a macro; what the input names differs this once."""
    asked = roll_input(call, given)
    return macros.run(call.principal, given.macro, asked, call.cause, asked.reference)


# Luck


def _luck(call: Call, given: luck_shapes.LuckOfWhom) -> luck_shapes.Luck:
    """Actual against expected results, over the rolls that the reader may see."""
    since, until = period(given.days, given.since, given.until)
    place = call.chronicle_if_any(given.chronicle)
    character = _character(call, given.character) if given.character else None
    player = None if character or (given.everyone and place) else _player(call)
    return luck.luck(call.principal, luck.Of(character, player, place, since, until))


def _player(call: Call) -> CustomUser | None:
    if call.player_id is None:
        return call.principal.user
    if (player := CustomUser.objects.filter(pk=call.player_id).first()) is None:
        raise NotFound(_(luck.NOBODY))
    return player


# The tables


def replay(call: Call, kept: Kept) -> RollAnswer:
    """The answer for a retry: the roll as it is by now, with the event and the notices of what was done."""
    event, changed = kept.event(), str(kept.body["change_id"] or "")
    row = selectors.get(call.principal, event.entity_id)
    change = None
    if changed and row.character:
        change = Change(
            derived(row.character), Event.objects.select_related("stream", "actor").get(pk=changed)
        )
    done = Done(row, event, change)
    return RollAnswer.model_validate({**dict(roll_answer(call, done)), **kept.body})


def _made(
    name: str,
    endpoint: Endpoint[InputT, RollAnswer],
    run: Callable[[Call, InputT], Done],
    right: str,
    status: int = 200,
) -> Operation[Call, InputT, RollAnswer]:
    """An operation that answers with the roll after it."""

    @wraps(run)
    def rolled(call: Call, given: InputT) -> RollAnswer:
        return roll_answer(call, run(call, given))

    return Operation(f"rolls.{name}", endpoint, rolled, right, status=status, replay=replay)


def _macro(
    name: str, endpoint: Endpoint[InputT, OneMacro], run: Callable[[Call, InputT], Macro], status: int = 200
) -> Operation[Call, InputT, OneMacro]:
    """An operation that answers with the macro after it; a retry gets it as it was then."""

    @wraps(run)
    def kept(call: Call, given: InputT) -> OneMacro:
        return OneMacro(macro=macro(run(call, given)))

    return Operation(f"macros.{name}", endpoint, kept, "roll.make", status=status)


LIST = Operation("rolls.list", Shape(shapes.ListRolls, shapes.Rolls), _list, "roll.view", reads=True)
GET = Operation("rolls.get", endpoints.GET_ROLL, _get, "roll.view", reads=True)
ODDS = Operation("rolls.odds", Shape(shapes.MakeRoll, shapes.Odds), _odds, "roll.make", reads=True)
COMPLETE_POOL = Operation("rolls.pool", endpoints.COMPLETE_POOL, _complete, "character.view", reads=True)
ROLL = _made("roll", endpoints.ROLL, _roll, "roll.make", 201)
CHECK = _made("check", endpoints.CHECK, _check, "roll.make", 201)
REROLL = _made("reroll", endpoints.REROLL, _reroll, "roll.reroll", 201)
CHOOSE = _made("choose", endpoints.CHOOSE, _choose, "roll.reroll")
REVEAL = _made("reveal", endpoints.REVEAL, _reveal, "roll.reveal")
STRIKE = _made("strike", endpoints.STRIKE, _strike, "roll.strike")
LUCK = Operation(
    "luck.get", Shape(luck_shapes.LuckOfWhom, luck_shapes.Luck), _luck, "chronicle.view", reads=True
)

LIST_MACROS = Operation("macros.list", endpoints.LIST_MACROS, _list_macros, "roll.make", reads=True)
SAVE_MACRO = _macro("save", endpoints.SAVE_MACRO, _save_macro, 201)
CHANGE_MACRO = _macro("change", endpoints.CHANGE_MACRO, _change_macro)
DELETE_MACRO = _macro("delete", endpoints.DELETE_MACRO, _delete_macro)
COPY_MACRO = _macro("copy", endpoints.COPY_MACRO, _copy_macro, 201)
RUN_MACRO = _made("run_macro", endpoints.RUN_MACRO, _run_macro, "roll.make", 201)
REST: Addresses = {
    "rolls/": {"GET": LIST, "POST": ROLL},
    "rolls/check/": {"POST": CHECK},
    "rolls/<uuid:roll>/": {"GET": GET},
    "rolls/<uuid:roll>/reroll/": {"POST": REROLL},
    "rolls/<uuid:roll>/choose/": {"POST": CHOOSE},
    "rolls/<uuid:roll>/reveal/": {"POST": REVEAL},
    "rolls/<uuid:roll>/strike/": {"POST": STRIKE},
    "odds/": {"POST": ODDS},
    "pool/": {"GET": COMPLETE_POOL},
    "luck/": {"GET": LUCK},
    "macros/": {"GET": LIST_MACROS, "POST": SAVE_MACRO},
    "macros/<uuid:macro>/": {"PATCH": CHANGE_MACRO, "DELETE": DELETE_MACRO},
    "macros/<uuid:macro>/run/": {"POST": RUN_MACRO},
    "macros/<uuid:macro>/copy/": {"POST": COPY_MACRO},
}
