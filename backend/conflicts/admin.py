"""Conflicts for platform admins, to look at."""

from django.contrib import admin

from conflicts.models import Conflict
from timeline.admin import ReadOnlyAdmin


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "kind",
        "chronicle",
        "channel_id",
        "is_open",
        "starter",
        "created_at",
        "ended_at",
    )
    list_filter = ("kind", "is_open")
    search_fields = ("=id", "title", "chronicle__name", "starter__username")
    list_select_related = ("chronicle", "starter")
