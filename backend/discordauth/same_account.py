"""What somebody did on a page is done as them or not at all: by now another account may be signed in in this browser.

Pages name the account that they were made for with each request; other clients name none.
"""

from django.http import HttpRequest

from contract.translation import N_, _
from rules.errors import NotAllowed

HEADER = "X-Account"
OTHER = N_(
    "Another account is signed in in this browser now. What you did here waits until you sign in again."
)


def refuse_other_account(request: HttpRequest) -> None:
    """Raises NotAllowed (`other_account`) where the page was made for somebody else than who is signed in."""
    account = request.headers.get(HEADER)
    if account and request.user.is_authenticated and account != str(request.user.pk):
        raise NotAllowed(_(OTHER), code="other_account")
