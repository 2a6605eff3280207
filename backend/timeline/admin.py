"""The timeline in the admin, read-only: nobody edits the record of what happened. And what other admins build on."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from timeline.models import Event, FeedPosition, IdempotencyKey, Notification, PostedMessage, Stream

# Django's own classes take no parameter at run time.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, TabularInline, ModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only services and Discord change."""

    list_per_page = 50
    show_full_result_count = False  # a count of all events takes longer than the page

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Stream)
class StreamAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "seq")
    list_filter = ("kind",)
    search_fields = ("=id",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "type", "actor_name", "door", "command", "seq", "version")
    list_filter = ("door", "type", "stream__kind")
    search_fields = ("=id", "=entity_id", "=stream__id", "actor_name", "command", "=interaction_id")
    list_select_related = ("stream", "actor")
    ordering = ("-created_at",)


@admin.register(FeedPosition)
class FeedPositionAdmin(ReadOnlyAdmin):
    list_display = ("stream_id", "seq")
    search_fields = ("=stream_id",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "scope", "key", "status")
    list_filter = ("status",)
    search_fields = ("scope", "key")
    ordering = ("-created_at",)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "taken_at")
    list_filter = (("taken_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "=user__discord_id")


@admin.register(PostedMessage)
class PostedMessageAdmin(ReadOnlyAdmin):
    list_display = ("entity", "entity_id", "channel_id", "message_id", "updated_at")
    list_filter = ("entity", "updated_at")
    search_fields = ("=entity_id", "channel_id", "message_id")
