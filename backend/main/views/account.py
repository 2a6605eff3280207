"""A user's account page with their preferences."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chronicle.door import parse
from contract.people import SetPreferences
from contract.translation import N_, _, language_choices
from contract.zones import zones
from discordauth.models import CustomUser
from discordauth.profile import set_preferences
from main.navigation import Place
from main.pages import PageRequest, page, show, signed_in
from main.parts import back, new_key, part, posts, submit_form
from patreon.selectors import supporter
from privacy import download, operations
from privacy.answers import download_answer

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
        # A page that was opened before there were time zones sends none.
        typed = {"language": request.POST.get("language", ""), "timezone": request.POST.get("timezone")}
        fields = {name: name in ticked for name in LABELS} | typed
        set_preferences(user, parse(SetPreferences, fields))
        return back(request, "/account/", "?saved=1")
    now = user.preferences
    rows = [
        {"name": name, "label": _(label), "says": _(says), "on": now[name]}
        for name, (label, says) in LABELS.items()
    ]
    context = {"place": Place(_("Account")), "rows": rows, "saved": "saved" in request.GET}
    found = download.of(user)
    context |= {"download": found, "is_making": download.is_making(found), "key": new_key()}
    context |= {"grace_days": settings.DELETION_GRACE_DAYS}
    context |= {"language": user.language, "languages": language_choices(), "supporter": supporter(user)}
    context |= {"timezone": user.timezone, "zones": zones()}
    return show(request, "main/account.html", context)


ask_download = posts(operations.ASK_DOWNLOAD, "/account/", "#download")
keep = posts(operations.KEEP_ACCOUNT, "/account/")


@page
@signed_in
@require_safe
def fetch_download(request: PageRequest) -> HttpResponse:
    """The ZIP itself: of who is signed in, so that the address alone is of no use."""
    # What wraps a page looks at nothing but its status.
    return cast(HttpResponse, download_answer(cast(CustomUser, request.user)))


@part
@require_POST
def delete(request: PageRequest) -> HttpResponse:
    """Everything is signed out by then, this browser too."""
    asked = submit_form(request, operations.DELETE_ACCOUNT)
    logout(request)
    day = date_format(asked.delete_at) if asked.delete_at else ""
    messages.success(
        request,
        _(
            "You are signed out. Your account will be deleted on {day}. Sign in before then to keep it.",
            day=day,
        ),
    )
    return redirect("dashboard")
