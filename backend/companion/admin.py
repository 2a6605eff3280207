"""Campaigns in the admin, read-only: what is public changes by operations alone, so that every viewer hears of it."""

from django.contrib import admin

from companion.models import Appearance, Campaign, LayoutOverrides, Overlay, Producer, Roster
from timeline.admin import ReadOnlyAdmin


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "chronicle",
        "is_public",
        "is_listed",
        "shows_rolls",
        "shows_players",
        "shows_conflicts",
        "delay",
    )
    list_filter = ("is_public",)
    list_select_related = ("chronicle",)
    search_fields = ("chronicle__name", "=chronicle__slug", "=id")
    exclude = ("admin_token_hash",)


@admin.register(Roster)
class RosterAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "character_ids", "updated_at")
    list_select_related = ("campaign__chronicle",)


@admin.register(LayoutOverrides)
class LayoutOverridesAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "tier", "updated_at")
    list_filter = ("tier",)
    list_select_related = ("campaign__chronicle",)


@admin.register(Appearance)
class AppearanceAdmin(ReadOnlyAdmin):
    list_display = ("character", "version", "changed_at")
    list_select_related = ("character",)
    search_fields = ("character__name", "=character_id")


@admin.register(Overlay)
class OverlayAdmin(ReadOnlyAdmin):
    """Without addresses: an admin sees what is public anyway, and no secret of a table."""

    list_display = ("name", "campaign", "kind", "tier", "theme", "delay", "generation")
    list_filter = ("kind", "theme")
    list_select_related = ("campaign__chronicle",)


@admin.register(Producer)
class ProducerAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "user", "since")
    list_select_related = ("campaign__chronicle", "user")
