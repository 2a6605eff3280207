"""Tasks that wait in Redis, in the admin: rq's own pages, for who may run failed tasks again."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.urls import URLPattern
from django_rq.admin import QueueAdmin
from django_rq.models import Dashboard

PERMISSION = "django_tasks_database.change_dbtaskresult"


@admin.register(Dashboard)
class TasksInRedis(QueueAdmin):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Guard every page: rq shows them to all who may enter the admin, and lets them delete as well."""
        guard: Any = permission_required(PERMISSION, raise_exception=True)
        patterns: list[URLPattern] = super().get_urls()  # type: ignore[no-untyped-call]  # no types
        for pattern in patterns:
            pattern.callback = guard(pattern.callback)
        return patterns
