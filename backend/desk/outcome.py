"""What a submission makes of the sheet as it is now."""

from collections.abc import Sequence

from contract.translation import _
from desk.models import Submission
from haven.house_rules import traits_of
from rules.errors import Invalid
from rules.ids import entry_id
from rules.text import clean
from rules.traits import Operation, Outcome, work_out


def outcome_now(row: Submission, asked: Sequence[Operation]) -> Outcome:
    """Apply the operations to a copy of the sheet. Raises Invalid, also for a trait that is no longer there."""
    character = row.character
    traits = traits_of(character)
    for operation in asked:
        if operation.slug not in traits:
            shown = clean(operation.slug.replace("_", " ").title(), 60)
            raise Invalid.field(
                operation.path,
                _(
                    "“{name}” is no longer a trait of its own. "
                    "Return this, so it can be requested as a secondary ability.",
                    name=shown,
                ),
            )
    return work_out(traits, character.document(), asked, entry_id)
