"""Tasks of this app."""

from django_tasks import task

from background.limits import at_most
from chat.services import files


@task
@at_most(hours=1)
def forget_waiting_files() -> None:
    """Remove files that went with no message within an hour."""
    files.forget_waiting()
