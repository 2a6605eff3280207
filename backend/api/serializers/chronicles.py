"""Shapes of chronicles and servers, for the documentation."""

from rest_framework import serializers

from chronicle.shapes import (
    CHRONICLE_ROLES,
    ChronicleBrief,
    ChronicleDetail,
    ChroniclesOut,
    Grace,
    MemberName,
    Role,
    RolesOut,
    TrackerShows,
    WhyOut,
)

__all__ = ["ChronicleBrief", "ChronicleDetail", "ChroniclesOut", "MemberName", "Role", "RolesOut", "WhyOut"]


class Page(serializers.Serializer):
    after = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100)


class NewChronicleIn(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class ChronicleIn(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    rules = serializers.DictField(child=serializers.CharField(), required=False)
    tenets = serializers.ListField(child=serializers.CharField(max_length=200), max_length=10, required=False)
    archived = serializers.BooleanField(required=False)
    default = serializers.BooleanField(required=False)


class UserIn(serializers.Serializer):
    user = serializers.UUIDField()


class NarratorIn(UserIn):
    role = serializers.ChoiceField(CHRONICLE_ROLES, allow_null=True)


class Kept(serializers.Serializer):
    kept = serializers.BooleanField()


class RoleIn(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False)
    color = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", required=False)
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    permissions = serializers.DictField(child=serializers.ChoiceField(["allow", "deny"]), required=False)


class HoldIn(UserIn):
    held = serializers.BooleanField(required=False)


class BindIn(serializers.Serializer):
    chronicle = serializers.UUIDField(allow_null=True)


class WhyIn(serializers.Serializer):
    user = serializers.UUIDField(required=False)
    action = serializers.CharField()
    chronicle = serializers.UUIDField(required=False)
    character = serializers.UUIDField(required=False)
    channel = serializers.CharField(required=False, help_text="Discord's id")
    role = serializers.CharField(required=False, help_text="Our id or Discord's")
    roll = serializers.UUIDField(required=False)


class ChronicleMember(serializers.Serializer):
    id = serializers.UUIDField(help_text="Of the membership; the next page begins after it")
    user = MemberName()
    nickname = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    joined_at = serializers.DateTimeField()


class MembersOut(serializers.Serializer):
    results = ChronicleMember(many=True)
    next = serializers.UUIDField(allow_null=True)


class NewServerIn(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    edition = serializers.ChoiceField(["5th", "20th", "cod"], required=False)
    is_private = serializers.BooleanField(required=False)


class ServerIn(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False, help_text="Not of a mirror of Discord's")
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    icon = serializers.CharField(max_length=300, required=False, allow_blank=True)
    banner_url = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_private = serializers.BooleanField(required=False)
    edition = serializers.ChoiceField(["5th", "20th", "cod"], required=False)
    tracker_channel = serializers.CharField(allow_null=True, required=False)
    tracker = TrackerShows(required=False)
    storyteller_channel = serializers.CharField(allow_null=True, required=False)
    storyteller_roles = serializers.ListField(child=serializers.CharField(), required=False)
    features = serializers.DictField(child=serializers.BooleanField(), required=False)


class ServerChronicle(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    default = serializers.BooleanField()
    characters = serializers.IntegerField()
    storytellers = serializers.ListField(child=serializers.CharField())


class ServerRole(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()


class ServerYou(serializers.Serializer):
    roles = serializers.ListField(child=serializers.CharField())
    storyteller = serializers.BooleanField()
    admin = serializers.BooleanField()


class ServerOut(serializers.Serializer):
    id = serializers.UUIDField()
    discord_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField()
    icon = serializers.CharField()
    banner_url = serializers.CharField()
    is_private = serializers.BooleanField()
    is_verified = serializers.BooleanField()
    url = serializers.CharField()
    edition = serializers.CharField()
    members = serializers.IntegerField()
    characters = serializers.IntegerField()
    chronicles = ServerChronicle(many=True)
    tracker_channel = serializers.CharField(allow_null=True)
    grace = Grace()
    tracker = TrackerShows()
    storyteller_channel = serializers.CharField(allow_null=True)
    storyteller_roles = ServerRole(many=True)
    you = ServerYou()


class InviteRole(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class InviteIn(serializers.Serializer):
    role = serializers.UUIDField(required=False, allow_null=True)
    max_uses = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    hours = serializers.IntegerField(min_value=1, max_value=8760, required=False, allow_null=True)


class Invite(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    url = serializers.CharField()
    role = InviteRole(allow_null=True)
    uses = serializers.IntegerField()
    max_uses = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)
    made_by = MemberName()


class InvitesOut(serializers.Serializer):
    results = Invite(many=True)


class Revoked(serializers.Serializer):
    revoked = serializers.BooleanField()


class JoinedServer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class Joined(serializers.Serializer):
    server = JoinedServer()


class ChannelIn(serializers.Serializer):
    is_private = serializers.BooleanField(required=False)
    permissions = serializers.DictField(
        child=serializers.DictField(child=serializers.ChoiceField(["allow", "deny"])),
        required=False,
        help_text="Role id → what it may do here: `view_channel`, `send_messages`, `manage_channel`",
    )


class ChannelRights(serializers.Serializer):
    view = serializers.BooleanField()
    send = serializers.BooleanField()
    manage = serializers.BooleanField()


class Channel(serializers.Serializer):
    discord_id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.IntegerField()
    position = serializers.IntegerField()
    category = serializers.CharField(help_text="What it stands under in Discord; empty: nothing")
    chronicle = serializers.UUIDField(allow_null=True)
    is_private = serializers.BooleanField()
    permissions = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))
    rights = ChannelRights()


class ChannelsOut(serializers.Serializer):
    results = Channel(many=True)
