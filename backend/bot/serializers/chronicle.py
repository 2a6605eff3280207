"""Shapes of what `/chronicle` and `/server` ask; what is told of chronicles and roles is as in the public API."""

from rest_framework import serializers

from bot.serializers.server import ActingIn
from chronicle.shapes import CHRONICLE_ROLES, ChronicleBrief, ChronicleDetail, RolesOut, WhyOut

__all__ = ["RolesOut", "WhyOut"]


class NamedChronicleIn(ActingIn):
    chronicle = serializers.CharField(
        required=False, help_text="Id or name; what is played in the channel if left out"
    )


class NewChronicleIn(ActingIn):
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class ChronicleChangeIn(NamedChronicleIn):
    changes = serializers.DictField(
        help_text="`name`, `description`, `rules`, `tenets`, `archived`, `default`: those that are to be otherwise"
    )


class ListIn(ActingIn):
    archived = serializers.BooleanField(required=False)


class ListedChronicle(ChronicleBrief):
    archived = serializers.BooleanField()


class ChroniclesOut(serializers.Serializer):
    results = ListedChronicle(many=True)
    here = serializers.UUIDField(allow_null=True, help_text="What is played in the channel")


class ChronicleAnswer(serializers.Serializer):
    chronicle = ChronicleDetail()


class HandOverIn(NamedChronicleIn):
    user = serializers.CharField(help_text="Discord's id")


class NarratorIn(HandOverIn):
    role = serializers.ChoiceField(CHRONICLE_ROLES, allow_null=True)


class BindIn(NamedChronicleIn):
    channel = serializers.CharField(help_text="Discord's id")
    bound = serializers.BooleanField(required=False)


class NamedRoleIn(ActingIn):
    role = serializers.CharField(help_text="Our id or Discord's")


class OwnRoleIn(ActingIn):
    role = serializers.CharField(required=False, help_text="Our id or Discord's")
    values = serializers.DictField(help_text="`name`, `color`, `position`, `permissions`")


class HoldIn(NamedRoleIn):
    user = serializers.CharField(help_text="Discord's id")
    held = serializers.BooleanField(required=False)


class MoveIn(NamedChronicleIn):
    character = serializers.CharField(allow_null=True, help_text="Id or name; null for the default")
    player = serializers.CharField(required=False, help_text="Discord's id, for storytellers")


class WhyIn(ActingIn):
    user = serializers.CharField(help_text="Discord's id")
    action = serializers.CharField()
    chronicle = serializers.CharField(required=False)
    character = serializers.CharField(required=False, help_text="Id or name")
    channel = serializers.CharField(required=False, help_text="Discord's id")
    role = serializers.CharField(required=False, help_text="Our id or Discord's")
    roll = serializers.CharField(required=False)
