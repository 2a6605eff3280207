"""Supporters for platform admins. Tiers are edited here; what Patreon says of people is only shown."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from patreon.models import Pledge, PledgeChange, SupporterTier
from timeline.admin import ModelAdmin, ReadOnlyAdmin


@admin.register(SupporterTier)
class SupporterTierAdmin(ModelAdmin):
    list_display = ("name", "level", "characters", "macros", "patreon_id")
    list_editable = ("level", "characters", "macros")
    search_fields = ("name", "=patreon_id")


@admin.register(Pledge)
class PledgeAdmin(ReadOnlyAdmin):
    list_display = ("patron_id", "user", "level", "status", "moment", "next_charge_at")
    list_filter = ("tiers", "status", ("user", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("=patron_id", "user__username", "=user__discord_id")
    ordering = ("-moment",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        return super().get_queryset(request).prefetch_related("tiers")


@admin.register(PledgeChange)
class PledgeChangeAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "pledge",
        "event",
        "before",
        "after",
        "level_before",
        "level_after",
        "moment",
    )
    list_filter = ("event", "created_at")
    list_select_related = ("pledge",)
    search_fields = ("=pledge__patron_id", "pledge__user__username", "=pledge__user__discord_id")
