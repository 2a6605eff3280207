"""Read-only admin of rolls, requests and macros."""

from django.contrib import admin

from rolls.models import Asked, Macro, Roll, RollRequest
from timeline.admin import ReadOnlyAdmin, TabularInline


@admin.register(Roll)
class RollAdmin(ReadOnlyAdmin):
    list_display = ("kind", "system", "slug", "roller", "character", "chronicle", "visibility", "created_at")
    list_filter = ("system", "kind", "visibility")
    search_fields = ("=id", "name", "character__name", "roller__username", "=roller__discord_id")
    list_select_related = ("roller", "character", "chronicle")
    date_hierarchy = "created_at"


class AskedInline(TabularInline):
    model = Asked
    extra = 0
    can_delete = False
    raw_id_fields = ("roll",)

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(RollRequest)
class RollRequestAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "chronicle", "storyteller", "deadline", "closed_at")
    list_filter = ("system", ("closed_at", admin.EmptyFieldListFilter), "deadline")
    search_fields = ("text", "chronicle__name", "storyteller__username")
    list_select_related = ("chronicle", "storyteller")
    inlines = (AskedInline,)


@admin.register(Macro)
class MacroAdmin(ReadOnlyAdmin):
    list_display = ("name", "character", "pool", "shared", "updated_at")
    list_filter = ("system", "shared")
    search_fields = ("name", "character__name")
    list_select_related = ("character",)
