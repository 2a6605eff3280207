"""Tasks of this app: what finished tasks and ended processes left behind."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from background.limits import at_most
from background.models import Heartbeat
from background.sweep import FAILED_DAYS, SUCCESSFUL_DAYS

REMEMBERED = timedelta(days=1)


@task
@at_most(hours=1)
def forget_finished() -> None:
    """Delete the results of old tasks, and the rows of processes that died a day ago."""
    now, rows = timezone.now(), DBTaskResult.objects
    rows.successful().filter(finished_at__lt=now - timedelta(days=SUCCESSFUL_DAYS)).delete()
    rows.failed().filter(finished_at__lt=now - timedelta(days=FAILED_DAYS)).delete()
    Heartbeat.objects.filter(seen_at__lt=now - REMEMBERED).delete()
