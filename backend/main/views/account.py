"""A user's account page with their preferences."""

from typing import cast

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from contract.people import SetPreferences
from discordauth.models import CustomUser
from discordauth.profile import set_preferences
from main.pages import PageRequest, show
from main.parts import back, part

LABELS = {
    "direct_messages": (
        "Direct messages",
        "On Discord, when a storyteller decides about what you proposed, writes about it, or gives experience.",
    ),
    "text_mode": (
        "Plain text on Discord",
        "The bot answers in words instead of pictures, for screen readers.",
    ),
}


@part
@require_http_methods(["GET", "POST"])
def account(request: PageRequest) -> HttpResponse:
    """GET shows the form; a POST switches the ticked preferences on and the others off."""
    user = cast(CustomUser, request.user)
    if request.method == "POST":
        ticked = request.POST.getlist("preference")
        set_preferences(user, SetPreferences(**{name: name in ticked for name in LABELS}))
        return back(request, "/account/", "?saved=1")
    now = user.preferences
    rows = [
        {"name": name, "label": pair[0], "says": pair[1], "on": now[name]} for name, pair in LABELS.items()
    ]
    return show(request, "main/account.html", {"rows": rows, "saved": "saved" in request.GET})
