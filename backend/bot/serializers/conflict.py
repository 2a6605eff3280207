"""Bodies of conflicts; the answers are in `conflicts.shapes`."""

from rest_framework import serializers

from bot.serializers.server import ActingIn
from conflicts import shapes
from conflicts.verbs import VERBS


class NamedConflictIn(ActingIn):
    conflict = serializers.UUIDField(
        required=False, allow_null=True, help_text="Left out: the one that runs in the channel"
    )


class LookIn(NamedConflictIn):
    table = serializers.BooleanField(
        required=False, help_text="As everybody at the table sees it: what its message in Discord shows"
    )


class StartIn(shapes.StartFields, ActingIn):
    pass


class TimeIn(shapes.TimeFields, ActingIn):
    pass


VERBS_IN: dict[str, type[serializers.Serializer]] = {
    verb: type(f"Conflict{verb.title()}In", (one.fields, NamedConflictIn), {}) for verb, one in VERBS.items()
}
