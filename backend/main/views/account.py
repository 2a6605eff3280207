"""A user's account page with their preferences."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from chronicle.door import parse
from contract.people import SetPreferences
from contract.translation import N_, _, language_choices
from discordauth.models import CustomUser
from discordauth.profile import set_preferences
from main.navigation import Place
from main.pages import PageRequest, page, show
from main.parts import back, part
from patreon.selectors import supporter

LABELS = {
    "direct_messages": (
        N_("Direct messages"),
        N_("From the bot, when a storyteller decides on your request, comments on it or awards experience."),
    ),
    "text_mode": (
        N_("Text mode"),
        N_("In Discord, the bot answers in plain words instead of pictures. For screen readers."),
    ),
}


@page
@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Where somebody comes back to after signing in for a form (`resuming`)."""
    return show(request, "main/resume.html", {"place": Place(_("Not sent yet"))})


@part
@require_http_methods(["GET", "POST"])
def account(request: PageRequest) -> HttpResponse:
    """GET shows the form; a POST switches the ticked preferences on and the others off."""
    user = cast(CustomUser, request.user)
    if request.method == "POST":
        ticked = request.POST.getlist("preference")
        fields = {name: name in ticked for name in LABELS} | {"language": request.POST.get("language", "")}
        set_preferences(user, parse(SetPreferences, fields))
        return back(request, "/account/", "?saved=1")
    now = user.preferences
    rows = [
        {"name": name, "label": _(label), "says": _(says), "on": now[name]}
        for name, (label, says) in LABELS.items()
    ]
    context = {"place": Place(_("Account")), "rows": rows, "saved": "saved" in request.GET}
    context |= {"language": user.language, "languages": language_choices(), "supporter": supporter(user)}
    return show(request, "main/account.html", context)
