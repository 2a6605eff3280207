"""What is answered after something was done with a roll."""

from collections.abc import Sequence

from chronicle import rights
from chronicle.call import Call
from contract.notices import read
from contract.rolls import RollAnswer
from haven.answers import character_changed, sheet_changed
from rolls import reroll_options, selectors, serializers
from rolls.services.common import Done
from timeline import frames


def roll_answer(call: Call, done: Done, picked: Sequence[int] | None = None) -> RollAnswer:
    """The roll as it is by now. `picked`: dice of which somebody wants to know what rolling them again would do."""
    principal, roll = call.principal, selectors.whole(done.roll.pk)
    shown = serializers.full(roll, principal)
    with_odds = serializers.knows_difficulty(principal, roll)
    change = done.change if done.change and done.change.event else None
    changed = character_changed if call.in_discord else sheet_changed
    notices = done.change.notices if done.change else ()
    return RollAnswer(
        roll=shown,
        event=frames.event_for(done.event, rights.roll_level(principal, roll)) if done.event else None,
        change=changed(change, principal) if change else None,
        change_id=change.event.id if change and change.event else None,
        strategies=reroll_options.ways(roll, picked, with_odds) if shown.rights.reroll else [],
        follow_ups=serializers.follow_ups(roll) if rights.can(principal, "roll.reroll", roll) else [],
        chosen=done.chosen,
        notices=[read(notice.as_json()) for notice in notices],
    )
