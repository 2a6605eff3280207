"""Who asked for their data; what is in a download is for nobody else."""

from django.contrib import admin

from privacy.models import Download
from timeline.admin import ReadOnlyAdmin


@admin.register(Download)
class DownloadAdmin(ReadOnlyAdmin):
    list_display = ("user", "asked_at", "ready_at", "expires_at", "size")
    list_select_related = ("user",)
    search_fields = ("user__username", "=user__discord_id")
    ordering = ("-asked_at",)
