"""Tasks of supporters."""

from django_tasks import task

from patreon import services


@task
def end_lapsed() -> None:
    """End the pledges whose next charge is long overdue (`patreon.services`)."""
    services.end_lapsed()
