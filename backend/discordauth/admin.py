"""Users for platform admins. What Discord tells of a user is only shown: the next command would bring it back."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import URLField
from django.http import HttpRequest

from discordauth.models import CustomUser, TokenFamily
from discordauth.profile import logged, note_changes
from timeline.admin import ReadOnlyAdmin


@admin.register(CustomUser)
class CustomUserAdmin(UserAdmin):  # type: ignore[type-arg]  # takes none at run time
    list_display = (
        "username",
        "display_name",
        "discord_id",
        "email",
        "role",
        "is_staff",
        "is_active",
        "last_login",
    )
    list_filter = ("role", "is_staff", "is_superuser", "is_active", "date_joined", "delete_at")
    search_fields = ("username", "global_name", "discord_username", "discord_id", "email")
    list_per_page = 50
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    autocomplete_fields = ("groups",)
    filter_horizontal = ("user_permissions",)
    readonly_fields = (
        "discord_id",
        "discord_username",
        "global_name",
        "discord_avatar",
        "last_login_ip",
        "last_login",
        "date_joined",
        "is_online",
        "delete_at",
        "erased_at",
        "signed_out_at",
    )
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Discord", {"fields": ("discord_id", "discord_username", "global_name", "discord_avatar")}),
        ("Profile", {"fields": ("avatar_url", "bio", "status_message", "is_online", "last_login_ip")}),
        ("Platform", {"fields": ("role", "timezone")}),
        ("Deletion", {"fields": ("delete_at", "erased_at", "signed_out_at")}),
        ("Data", {"classes": ("collapse",), "fields": ("user_settings", "metadata", "per_game_stats")}),
    )

    def save_model(self, request: HttpRequest, obj: CustomUser, form: Any, change: bool) -> None:
        before = logged(CustomUser.objects.get(pk=obj.pk)) if change else logged(CustomUser())
        super().save_model(request, obj, form, change)
        # Nobody anonymous gets here.
        note_changes(before, obj, request.user if isinstance(request.user, CustomUser) else None)

    def get_readonly_fields(self, request: HttpRequest, obj: CustomUser | None = None) -> tuple[str, ...]:
        """Only superusers make admins."""
        shown = tuple(super().get_readonly_fields(request, obj))
        return shown if request.user.is_superuser else (*shown, "role")


@admin.register(TokenFamily)
class TokenFamilyAdmin(ReadOnlyAdmin):
    """Who holds web tokens; what would let somebody use them is not shown."""

    list_display = ("id", "user", "expires_at")
    list_filter = ("expires_at",)
    list_select_related = ("user",)
    search_fields = ("user__username", "=user__discord_id")
    exclude = ("current", "session_key")
    ordering = ("-expires_at",)
