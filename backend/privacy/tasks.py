"""Tasks of this app."""

from uuid import UUID

from django_tasks import task

from background.limits import at_most
from discordauth.models import CustomUser
from privacy import deletion, download, retention


@task
@at_most(hours=1)
def retire() -> None:
    """Delete what `EVENTS_KEPT_DAYS` and its like let go."""
    retention.retire()


@task
@at_most(hours=1)
def make_download(download_id: str) -> None:
    """Make the ZIP of what somebody owns."""
    download.make(UUID(download_id))


@task
def forget_downloads() -> None:
    """Delete downloads that have expired."""
    download.forget_expired()


@task
def erase_due() -> None:
    """Put the deletion of each account whose time has come into the queue."""
    for person in deletion.due():
        erase.enqueue(str(person.pk))


@task
@at_most(hours=6)
def erase(user_id: str) -> None:
    """Delete an account."""
    for person in CustomUser.objects.filter(pk=user_id):
        deletion.erase(person)
