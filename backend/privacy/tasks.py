"""Tasks of this app."""

from django_tasks import task

from background.limits import at_most
from privacy import retention


@task
@at_most(hours=1)
def retire() -> None:
    """Delete what `EVENTS_KEPT_DAYS` and its like let go."""
    retention.retire()
