"""Tasks of this app."""

from django_tasks import task

from background.limits import at_most
from uploads import sweep


@task
@at_most(hours=1)
def remove_unclaimed() -> None:
    """Remove stored files that nobody claimed."""
    sweep.remove_unclaimed()


@task
@at_most(hours=6)
def sweep_uploads() -> None:
    """Remove every stored file that nothing points to."""
    sweep.sweep()
