"""Tasks of this app: what finished tasks and ended processes left behind."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from background.limits import at_most
from background.models import Heartbeat

SUCCESSFUL_DAYS, FAILED_DAYS = 2, 30
REMEMBERED = timedelta(days=1)


@task
@at_most(hours=1)
def forget_finished() -> None:
    """Delete the results of old tasks, and the rows of processes that died a day ago."""
    days = {"min_age_days": SUCCESSFUL_DAYS, "failed_min_age_days": FAILED_DAYS}
    call_command("prune_db_task_results", queue_name="*", verbosity=0, **days)
    Heartbeat.objects.filter(seen_at__lt=timezone.now() - REMEMBERED).delete()
