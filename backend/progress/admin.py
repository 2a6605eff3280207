"""What players earned, for platform admins: shown, and changed by nobody by hand, so that sums stay right."""

from django.contrib import admin

from progress.models import (
    Certificate,
    PlayerProfile,
    PointEntry,
    ProfileChange,
    RestorePoint,
    Reward,
    Standing,
)
from timeline.admin import ReadOnlyAdmin


@admin.register(PointEntry)
class PointEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "amount", "source", "server", "chronicle", "key")
    list_filter = ("source", "day")
    list_select_related = ("user", "server", "chronicle")
    search_fields = ("user__username", "=user__discord_id", "key")


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ("board", "board_id", "user", "total_points", "weekly_points", "week", "hidden")
    list_filter = ("board",)
    list_select_related = ("user",)
    search_fields = ("user__username", "=user__discord_id", "=board_id")


@admin.register(Reward)
class RewardAdmin(ReadOnlyAdmin):
    list_display = ("given_at", "user", "badge", "state", "approved_by")
    list_filter = ("badge", "state")
    list_select_related = ("user", "approved_by")
    search_fields = ("user__username", "=user__discord_id")


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("issued_at", "code", "name", "title", "score")
    search_fields = ("=code", "name")


@admin.register(PlayerProfile)
class PlayerProfileAdmin(ReadOnlyAdmin):
    list_display = ("user", "public_id", "level", "home_server", "on_boards", "is_public")
    list_select_related = ("user", "home_server")
    search_fields = ("user__username", "=user__discord_id", "=public_id")


@admin.register(ProfileChange)
class ProfileChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "changed_by", "changes")
    list_select_related = ("user", "changed_by")
    search_fields = ("user__username", "=user__discord_id")


@admin.register(RestorePoint)
class RestorePointAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "scope", "scope_id", "made_by", "expires_at", "undone_at")
    list_select_related = ("made_by",)
