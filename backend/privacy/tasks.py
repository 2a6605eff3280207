"""Tasks of this app."""

from django_tasks import task

from privacy import retention


@task
def retire() -> None:
    """Delete what `EVENTS_KEPT_DAYS` and its like let go."""
    retention.retire()
