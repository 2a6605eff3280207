"""Servers and chronicles for platform admins. Every change goes through the services, so it is an event too."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import HttpRequest

from chronicle.door import parse
from chronicle.models import (
    Attendance,
    Chronicle,
    Episode,
    EpisodeReminder,
    EpisodeSettings,
    Invite,
    Schedule,
    Server,
    ServerChannel,
    ServerMember,
    ServerRole,
    TextChannel,
    VoiceChannel,
    VoiceSeat,
)
from chronicle.principal import Principal
from chronicle.services import (
    add_member,
    create_chronicle,
    found_server,
    remove_from_server,
    remove_member,
    update_chronicle,
    update_role,
    update_server,
)
from chronicle.services.roles import check_permissions
from contract.chronicles import ChronicleChanges
from contract.members import RoleValues
from rules.errors import GameError, Invalid
from timeline.admin import ModelAdmin, ModelForm, ReadOnlyAdmin
from timeline.services import Cause

DOOR = "web"


def who(request: HttpRequest) -> dict[str, Any]:
    """Return the `principal` and `cause` that every service asks for."""
    cause = Cause(actor=request.user, door=DOOR, command="admin")
    return {"principal": Principal.for_user(request.user), "cause": cause}


class ServerForm(ModelForm):
    def clean_features(self) -> dict[str, Any]:
        # What is no feature yet may stand here; what is one is on or off.
        features = self.cleaned_data["features"]
        if not isinstance(features, dict):
            raise forms.ValidationError("A JSON object of switches is expected.")
        return features


GONE = tuple((name, admin.EmptyFieldListFilter) for name in ("left_at", "deleted_at"))


@admin.register(Server)
class ServerAdmin(ModelAdmin):
    form = ServerForm
    list_display = (
        "name",
        "discord_id",
        "edition",
        "owner",
        "is_verified",
        "is_private",
        "left_at",
        "deleted_at",
    )
    list_filter = ("edition", "is_verified", "is_private", *GONE)
    search_fields = ("name", "slug", "discord_id", "owner__username")
    list_select_related = ("owner",)
    list_per_page = 50
    autocomplete_fields = ("owner",)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    readonly_fields = (
        *("slug", "discord_id", "owner_discord_id", "tracker_channel"),
        *("left_at", "deleted_at", "removed_at", "version"),
    )
    fields = (
        ("name", "slug"),
        "description",
        ("owner", "edition"),
        ("icon", "banner_url"),
        ("is_private", "is_verified"),
        ("max_members", "max_channels"),
        "features",
        ("discord_id", "owner_discord_id", "tracker_channel"),
        ("left_at", "deleted_at", "removed_at", "version"),
    )

    def save_model(self, request: HttpRequest, obj: Server, form: Any, change: bool) -> None:
        actor = who(request)
        if change:
            columns = {name: form.cleaned_data[name] for name in form.changed_data}
            update_server(obj, columns, **actor)
        else:
            found_server(obj, actor["cause"])

    def has_delete_permission(self, request: HttpRequest, obj: Server | None = None) -> bool:
        # Characters hang on it. A server that is over rests; it is not deleted.
        return False


class RoleForm(ModelForm):
    class Meta:
        model = ServerRole
        fields = ("permissions",)

    def clean_permissions(self) -> dict[str, str]:
        try:
            given = parse(RoleValues, {"permissions": self.cleaned_data["permissions"]})
            return check_permissions(given.permissions or {})
        except Invalid as error:
            raise forms.ValidationError(error.detail) from error


@admin.register(ServerRole)
class ServerRoleAdmin(ModelAdmin):
    form = RoleForm
    list_display = ("name", "server", "system", "position", "discord_id")
    list_filter = ("system",)
    search_fields = ("name", "server__name", "discord_id")
    list_select_related = ("server",)
    list_per_page = 50
    fields = ("server", "name", "system", "position", "color", "discord_id", "permissions")
    readonly_fields = ("server", "name", "system", "position", "color", "discord_id")

    def save_model(self, request: HttpRequest, obj: ServerRole, form: Any, change: bool) -> None:
        update_role(obj, RoleValues(permissions=form.cleaned_data["permissions"]), **who(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ServerRole | None = None) -> bool:
        return False


@admin.register(ServerMember)
class ServerMemberAdmin(ModelAdmin):
    list_display = ("user", "server", "nickname", "is_online", "joined_at")
    list_filter = ("is_online", "joined_at")
    search_fields = ("user__username", "user__global_name", "nickname", "server__name")
    list_select_related = ("user", "server")
    list_per_page = 50
    autocomplete_fields = ("server", "user")
    fields = ("server", "user", "nickname", "roles", "is_online", "joined_at")
    readonly_fields = ("nickname", "roles", "is_online", "joined_at")
    actions = ("make_storyteller", "make_admin")

    def save_model(self, request: HttpRequest, obj: ServerMember, form: Any, change: bool) -> None:
        obj.pk = add_member(obj.server, obj.user, cause=who(request)["cause"]).pk

    def has_change_permission(self, request: HttpRequest, obj: ServerMember | None = None) -> bool:
        # The list and its actions, but no form: a membership has nothing of its own to edit.
        return obj is None and super().has_change_permission(request)

    def delete_model(self, request: HttpRequest, obj: ServerMember) -> None:
        actor = who(request)
        if obj.server.is_mirrored:
            remove_member(obj.server, obj.user_id, cause=actor["cause"])
            return
        try:
            remove_from_server(obj.server, obj.user_id, **actor)
        except GameError as error:
            self.message_user(request, error.detail, level=messages.ERROR)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ServerMember]) -> None:
        for member in queryset.select_related("server"):
            self.delete_model(request, member)

    @admin.action(description="Make storytellers of the server", permissions=["change"])
    def make_storyteller(self, request: HttpRequest, queryset: QuerySet[ServerMember]) -> None:
        self._grant(request, queryset, ServerRole.System.STORYTELLER)

    @admin.action(description="Make administrators of the server", permissions=["change"])
    def make_admin(self, request: HttpRequest, queryset: QuerySet[ServerMember]) -> None:
        self._grant(request, queryset, ServerRole.System.ADMIN)

    def _grant(self, request: HttpRequest, queryset: QuerySet[ServerMember], system: str) -> None:
        for member in queryset.select_related("server", "user"):
            add_member(member.server, member.user, cause=who(request)["cause"], system_roles=[system])


@admin.register(ServerChannel)
class ServerChannelAdmin(ReadOnlyAdmin):
    list_display = ("name", "server", "kind", "category", "position", "discord_id", "archived_at")
    list_filter: ClassVar[tuple[Any, ...]] = (
        "kind",
        "is_private",
        ("archived_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "slug", "server__name", "discord_id")
    list_select_related = ("server", "category")


@admin.register(TextChannel)
class TextChannelAdmin(ServerChannelAdmin):
    list_display = ("name", "server", "category", "position", "slow_mode", "is_private", "created_at")
    list_filter: ClassVar[tuple[Any, ...]] = ("is_private", ("archived_at", admin.EmptyFieldListFilter))


@admin.register(VoiceChannel)
class VoiceChannelAdmin(ServerChannelAdmin):
    list_display = ("name", "server", "category", "position", "user_limit", "is_private", "created_at")
    list_filter: ClassVar[tuple[Any, ...]] = ("is_private", ("archived_at", admin.EmptyFieldListFilter))


@admin.register(VoiceSeat)
class VoiceSeatAdmin(ReadOnlyAdmin):
    list_display = ("user", "channel", "joined_at", "renewed_at")
    list_filter = ("renewed_at",)
    search_fields = ("user__username", "=user__discord_id", "channel__name")
    list_select_related = ("user", "channel")


@admin.register(Chronicle)
class ChronicleAdmin(ModelAdmin):
    list_display = ("name", "server", "is_default", "archived_at", "created_at")
    list_filter = ("is_default", ("archived_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("name", "slug", "server__name")
    list_select_related = ("server",)
    list_per_page = 50
    autocomplete_fields = ("server",)
    fields = ("server", "name", "slug", "description", "is_default", "archived_at", "version")
    readonly_fields = ("slug", "is_default", "archived_at", "version")

    def get_readonly_fields(self, request: HttpRequest, obj: Chronicle | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "server") if obj else fields

    def save_model(self, request: HttpRequest, obj: Chronicle, form: Any, change: bool) -> None:
        actor = who(request)
        texts = ChronicleChanges(name=form.cleaned_data["name"], description=form.cleaned_data["description"])
        if change:
            update_chronicle(obj, texts, **actor)
            return
        description = form.cleaned_data["description"]
        obj.pk = create_chronicle(obj.server, form.cleaned_data["name"], description=description, **actor).pk

    def has_delete_permission(self, request: HttpRequest, obj: Chronicle | None = None) -> bool:
        return False


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    list_display = ("code", "server", "chronicle", "role", "uses", "max_uses", "expires_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "expires_at")
    search_fields = ("code", "server__name")
    list_select_related = ("server", "chronicle", "role")


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    list_display = ("chronicle", "weekday", "time", "timezone", "weeks", "minutes")
    list_filter = ("weekday", "weeks")
    search_fields = ("chronicle__name", "timezone")
    list_select_related = ("chronicle",)


@admin.register(Episode)
class EpisodeAdmin(ReadOnlyAdmin):
    list_display = ("chronicle", "number", "title", "status", "planned_for", "started_at", "ended_at")
    list_filter = ("status", "planned_for")
    search_fields = ("title", "chronicle__name")
    list_select_related = ("chronicle",)


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    list_display = ("episode", "user", "coming", "maybe", "state", "experience", "marked_by", "at")
    list_filter = ("state", "coming")
    search_fields = ("user__username", "=user__discord_id", "episode__title")
    list_select_related = ("episode", "user", "marked_by")


@admin.register(EpisodeSettings)
class EpisodeSettingsAdmin(ReadOnlyAdmin):
    list_display = ("user", "chronicle", "remind_day", "remind_hour", "has_calendar", "generation")
    list_filter = ("has_calendar",)
    search_fields = ("user__username", "=user__discord_id", "chronicle__name")
    list_select_related = ("user", "chronicle")


@admin.register(EpisodeReminder)
class EpisodeReminderAdmin(ReadOnlyAdmin):
    list_display = ("episode", "user", "before", "planned_for", "at")
    list_filter = ("before",)
    search_fields = ("user__username", "=user__discord_id", "episode__title")
    list_select_related = ("episode", "user")
