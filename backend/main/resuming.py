"""A form that was sent without its session comes back on a page of ours, with what was typed, and goes on from there.

The browser keeps it while somebody signs in (`static/main/js/resume.js`); nothing is kept here. Only a form of this
site is offered again: else another site could have its own form sent by one press.
"""

from django.http import HttpRequest

from contract.translation import N_, _

# What a form carries besides what somebody typed.
OURS = ("csrfmiddlewaretoken", "key", "form", "stood", "next", "account", "acting_for")
SIGNED_OUT = N_("You were signed out before this was sent. We kept it here: sign in to send it.")
STALE = N_("This page was older than your session. Nothing was changed, and what you typed is still here.")
OTHER = N_("Another account is signed in here now. What you typed won’t be sent in its name.")


def is_own_form(request: HttpRequest) -> bool:
    """Whether a page of this site sent it, by the browser's word."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.method == "POST" and (
        request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == own
    )


def is_of_another(request: HttpRequest) -> bool:
    """Whether the form was drawn for an account that is not signed in now."""
    account = request.POST.get("account", "")
    return bool(account and request.user.is_authenticated and account != str(request.user.pk))


def held(request: HttpRequest) -> dict[str, object]:
    """What was typed, and the way to go on: to sign in, or to send it again."""
    other = is_of_another(request)
    signed_out = not request.user.is_authenticated
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    return {
        "action": request.path,
        "fields": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"],
        "typed": [
            (_(name.removeprefix("o-").replace("_", " ").capitalize()), value)
            for name, value in sent
            if name not in OURS and value
        ],
        "detail": _(SIGNED_OUT if signed_out else OTHER if other else STALE),
        "signed_out": signed_out,
        "may_send": not signed_out and not other,
    }
