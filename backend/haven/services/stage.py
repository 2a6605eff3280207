"""Changes that the API for shows makes: the same as by any other door, in words that know no splat."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract.stage_changes import ConditionChange, PointsChange, StageChange
from contract.translation import _
from haven import stage_operations
from haven.house_rules import traits_in, traits_of
from haven.models import Character
from haven.serializers.character import visible
from haven.services.change import change
from haven.services.common import Change
from haven.services.lifecycle import create
from haven.services.reference import Reference
from haven.stage_operations import Wanted, calling
from haven.utility import model_of
from rules.errors import Invalid
from rules.traits import Operation
from rules.visibility import PUBLIC
from timeline.services import Cause


def create_for_stage(
    principal: Principal,
    splat: str,
    given: StageChange,
    chronicle: Chronicle | None,
    cause: Cause,
    public: Iterable[str] = (),
) -> Change:
    """Create a character from what a show knows of it; everyone sees its `public` traits.

    Raises Invalid that names what its splat has no place for.
    """
    if given.name is None:
        raise Invalid.field("name", _("A character needs a name."))
    model = model_of(splat)
    traits = traits_in(model, chronicle)
    start = {slug: value for slug, trait in traits.items() if (value := trait.start()) is not None}
    wanted = stage_operations.changes(model, traits, start, given, start, new=True)
    with calling(wanted.names):
        return create(principal, splat, given.name, wanted.operations, chronicle, cause, public)


def change_for_stage(principal: Principal, character_id: UUID, given: StageChange, cause: Cause) -> Change:
    """Change names and `stats`."""

    def wanted(character: Character) -> Wanted:
        shown = visible(character, PUBLIC)
        return stage_operations.changes(
            type(character), traits_of(character), character.document(), given, shown
        )

    return _change(principal, character_id, wanted, cause)


def change_points(principal: Principal, character_id: UUID, given: PointsChange, cause: Cause) -> Change:
    """Carry out `hp_change`: hit points, or the gauge that is named, stop at their ends."""

    def wanted(character: Character) -> Wanted:
        return stage_operations.points(type(character), traits_of(character), character.document(), given)

    return _change(principal, character_id, wanted, cause)


def set_condition(principal: Principal, character_id: UUID, given: ConditionChange, cause: Cause) -> Change:
    """Carry out `condition`: it begins or ends; no event where it stands so already."""

    def wanted(character: Character) -> Wanted:
        return stage_operations.condition(type(character), traits_of(character), character.document(), given)

    return _change(principal, character_id, wanted, cause)


def _change(
    principal: Principal, character_id: UUID, work: Callable[[Character], Wanted], cause: Cause
) -> Change:
    names: dict[str, str] = {}

    def operations(character: Character) -> Sequence[Operation]:
        rights.can(principal, "character.edit", character, trackers_only=True, field_level=PUBLIC).require()
        wanted = work(character)
        names.update(wanted.names)
        return wanted.operations

    with calling(names):
        return change(principal, Reference(str(character_id)), operations, cause)
