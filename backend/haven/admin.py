"""Read-only admin of characters: only the services change them, so that each change is an event."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from haven.models import Character, DefaultCharacter
from haven.registry import SPLATS
from haven.utility import derived
from timeline.admin import ModelAdmin, ReadOnlyAdmin


class Living(admin.SimpleListFilter):
    title = "deleted"
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Living"), ("yes", "Deleted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Character]) -> QuerySet[Character]:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(deleted_at__isnull=self.value() == "no")


@admin.register(Character, *SPLATS.values())
class CharacterAdmin(ReadOnlyAdmin):
    list_display = ("name", "splat", "owner", "chronicle", "status", "locked", "version", "updated_at")
    list_filter = ("splat", "status", "locked", Living)
    search_fields = ("name", "=id", "owner__username", "owner__global_name", "=owner__discord_id")
    list_select_related = ("owner", "chronicle")
    date_hierarchy = "created_at"
    fields = (
        ("name", "splat", "status"),
        ("owner", "chronicle"),
        ("locked", "theme", "avatar"),
        ("experience_total", "experience_current"),
        ("version", "created_at", "updated_at", "deleted_at"),
        "traits",
        "visibility",
    )

    @admin.display(description="Traits")
    def traits(self, character: Character) -> SafeString:
        document = json.dumps(derived(character).document(), indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", document)


@admin.register(DefaultCharacter)
class DefaultCharacterAdmin(ReadOnlyAdmin):
    list_display = ("member", "character")
    list_filter = ("character__splat",)
    search_fields = ("character__name", "member__user__username", "member__server__name")
    list_select_related = ("member__user", "member__server", "character")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Nothing is lost: the member names a character again.
        return ModelAdmin.has_delete_permission(self, request, obj)
