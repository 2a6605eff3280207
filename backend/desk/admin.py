"""The desk for platform admins, to look at."""

from django.contrib import admin

from desk.models import Comment, Note, Submission
from timeline.admin import ReadOnlyAdmin


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("character", "kind", "state", "author", "chronicle", "decided_by", "created_at")
    list_filter = ("state", "kind")
    search_fields = ("=id", "character__name", "author__username", "text")
    list_select_related = ("character", "author", "chronicle", "decided_by")


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ("text", "author", "submission", "created_at")
    list_filter = ("created_at",)
    search_fields = ("text", "author__username", "=submission__id")
    list_select_related = ("author", "submission__character")


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    list_display = ("title", "chronicle", "character", "author", "updated_at", "removed_at")
    list_filter = ("chronicle",)
    search_fields = ("title", "text", "character__name")
    list_select_related = ("chronicle", "character", "author")
