"""Help by what somebody wants to do; the same topics as `/help` in Discord."""

from collections.abc import Iterator
from itertools import groupby

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from contract.help import TOPICS, Topic
from contract.translation import _
from main.navigation import Place
from main.pages import PageRequest, page, show


@page
@require_GET
def help_page(request: PageRequest) -> HttpResponse:
    """For everyone, signed in or not."""
    return show(request, "main/help.html", {"place": Place(_("Help")), "groups": list(_groups())})


def _groups() -> Iterator[tuple[str, list[Topic]]]:
    for readers, topics in groupby(TOPICS, key=lambda topic: topic.readers):
        yield readers, list(topics)
