"""What people can do about what is kept of them, by name, with its input and answer."""

from django.conf import settings

from contract import endpoints
from contract import people as shapes
from contract.endpoints import Shape
from discordauth.models import CustomUser
from discordauth.operations import OwnCall
from privacy import deletion, download
from privacy.models import Download
from privacy.tasks import make_download
from timeline.operations import Addresses, Operation


def _url() -> str:
    return f"{settings.SITE_URL}/account/"


def _state(found: Download | None) -> shapes.Download:
    if found is None:
        return shapes.Download(state="none", url=_url())
    state = "ready" if found.ready_at else "making"
    return shapes.Download.from_object(
        found, state=state, url=f"{_url()}download/" if found.ready_at else _url()
    )


def _account(user: CustomUser) -> shapes.Account:
    return shapes.Account(delete_at=user.delete_at, url=_url())


def _get_download(call: OwnCall, given: shapes.GetDownload) -> shapes.Download:
    """Whether there is a download of one's own data, and until when."""
    return _state(download.of(call.user))


def _ask_download(call: OwnCall, given: shapes.AskDownload) -> shapes.Download:
    """Ask for everything that is one's own as a ZIP, which takes a moment to make. The last one goes."""
    asked = download.ask(call.user)
    make_download.enqueue(str(asked.pk))
    return _state(asked)


def _delete_account(call: OwnCall, given: shapes.DeleteAccount) -> shapes.Account:
    """Have one's own account deleted after a while. Signs out everything at once; until then it can be kept."""
    return _account(deletion.ask(call.user, given.name))


def _keep_account(call: OwnCall, given: shapes.KeepAccount) -> shapes.Account:
    """Keep an account that was to be deleted."""
    return _account(deletion.keep(call.user))


GET_DOWNLOAD = Operation(
    "account.get_download", Shape(shapes.GetDownload, shapes.Download), _get_download, reads=True
)
ASK_DOWNLOAD = Operation("account.ask_download", endpoints.ASK_DOWNLOAD, _ask_download, status=202)
DELETE_ACCOUNT = Operation("account.delete", endpoints.DELETE_ACCOUNT, _delete_account, status=202)
KEEP_ACCOUNT = Operation("account.keep", endpoints.KEEP_ACCOUNT, _keep_account)
REST: Addresses = {
    "users/me/download/": {"GET": GET_DOWNLOAD, "POST": ASK_DOWNLOAD},
    "users/me/deletion/": {"POST": DELETE_ACCOUNT, "DELETE": KEEP_ACCOUNT},
}
