"""Tasks of this app."""

from uuid import UUID

from django_tasks import task

from background.limits import at_most
from chronicle import services
from chronicle.models import Server
from discordauth.models import CustomUser
from privacy import deletion, download, ended_servers, retention


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
def remove_ended_servers() -> None:
    """Put the removal of each deleted server whose time is over into the queue."""
    for server in services.ended():
        remove_server.enqueue(str(server.pk))


@task
@at_most(hours=1)
def remove_server(server_id: str) -> None:
    """Remove a deleted server, but for its chronicles' history."""
    for server in Server.objects.filter(pk=server_id):
        ended_servers.remove(server)


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
