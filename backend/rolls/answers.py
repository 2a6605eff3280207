"""What is answered after something was done with a roll."""

from collections.abc import Sequence

from chronicle import rights
from chronicle.call import Call
from contract.notices import read
from contract.rolls import RollAnswer
from haven.answers import character_changed, sheet_changed
from rolls import reroll_options, selectors, serializers
from rolls.models import Visibility
from rolls.services.common import Done
from rules.visibility import SECRET, TABLE
from timeline import frames


def roll_answer(
    call: Call, done: Done, picked: Sequence[int] | None = None, *, private: bool = False
) -> RollAnswer:
    """The roll as it is by now. `picked`: dice of which somebody wants to know what rolling them again would do.

    In Discord the whole channel reads the card of a public roll; `private` is for who asks alone.
    """
    principal, roll = call.principal, selectors.whole(done.roll.pk)
    table = call.in_discord and not private and roll.visibility == Visibility.PUBLIC
    shown = serializers.full(roll, principal, table=table)
    hidden = serializers.hidden_from(principal, roll, table=table)
    level = min(rights.roll_level(principal, roll), TABLE if table and hidden else SECRET)
    change = done.change if done.change and done.change.event else None
    changed = character_changed if call.in_discord else sheet_changed
    notices = done.change.notices if done.change else ()
    return RollAnswer(
        roll=shown,
        event=frames.event_for(done.event, level) if done.event else None,
        change=changed(change, principal) if change else None,
        change_id=change.event.id if change and change.event else None,
        strategies=reroll_options.ways(roll, picked, not hidden) if shown.rights.reroll else [],
        follow_ups=serializers.follow_ups(roll) if rights.can(principal, "roll.reroll", roll) else [],
        chosen=done.chosen,
        notices=[read(notice.as_json()) for notice in notices],
    )
