"""Tasks of the timeline."""

from django_tasks import task

from background.limits import at_most
from timeline import retention


@task
@at_most(hours=1)
def forget_old() -> None:
    """Delete every idempotency key, notification and session that has served (`timeline.retention`)."""
    retention.forget_old(batches=1000)
