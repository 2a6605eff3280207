"""Background tasks in the admin: what waits, runs and failed. Failed ones can be run again."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from background import sweep
from background.models import Heartbeat, PeriodicRun
from background.sweep import Row

# Django's own class takes no parameter at run time.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    list_display = (  # type: ignore[assignment]  # the package has a tuple of eight
        "task_name",
        "status",
        "attempts",
        "enqueued_at",
        "started_at",
        "finished_at",
        "error",
    )
    list_filter = ("status", "task_path")  # type: ignore[assignment]  # and one of three
    actions = ("retry",)

    @admin.display(description="attempts")
    def attempts(self, task: Row) -> int:
        return len(task.worker_ids)

    @admin.display(description="error")
    def error(self, task: Row) -> str:
        return str(task.exception_class_path).rpartition(".")[2]

    @admin.action(description="Run the failed ones again", permissions=["retry"])
    def retry(self, request: HttpRequest, tasks: QuerySet[Row]) -> None:
        failed = DBTaskResult.objects.failed().filter(pk__in=tasks.values("pk"))
        again = sum(map(sweep.retry, failed))
        self.message_user(request, f"{again} put back into the queue.", messages.SUCCESS)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("django_tasks_database.change_dbtaskresult")


class Shown(ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: object = None) -> bool:
        return False


@admin.register(Heartbeat)
class HeartbeatAdmin(Shown):
    list_display = ("id", "kind", "seen_at")
    list_filter = ("kind",)


@admin.register(PeriodicRun)
class PeriodicRunAdmin(Shown):
    list_display = ("name", "ran_at")


if settings.TASKS_BACKEND == "redis":
    from background import redis_admin  # noqa: F401  # which no other settings have tables for
