"""What operators may look at. Messages of private conversations are nobody's but their participants'."""

from django.contrib import admin

from chat.models import ModerationEntry
from timeline.admin import ReadOnlyAdmin


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnlyAdmin):
    """The log of moderators, which nobody changes."""

    list_display = ("created_at", "action", "channel_name", "moderator_name", "author_name")
    list_filter = ("action", "created_at")
    search_fields = ("channel_name", "moderator_name", "author_name")
    ordering = ("-created_at",)
