"""Every page and state in the pseudo-language: what stands outside of its brackets is not marked for translation.

`--runxfail` shows what is missing on the pages of `UNMARKED`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from chronicle.models import Chronicle
from contract.translation import PSEUDO
from discordauth.models import CustomUser
from scripts import screenshots
from testing.pseudo_language import unmarked_on

pytestmark = pytest.mark.django_db

# Pages whose sentences are not all marked yet.
UNMARKED = frozenset(
    {
        "account",
        "channel",
        "channels",
        "chronicle-player",
        "chronicle-storyteller",
        "conflict-player",
        "conflict-storyteller",
        "conflicts-player",
        "conflicts-storyteller",
        "create-server",
        "dashboard-cards",
        "dashboard-chronicle",
        "dashboard-empty",
        "dashboard-many",
        "dashboard-new",
        "dashboard-player",
        "dashboard-storyteller",
        "desk",
        "desk-cards",
        "desk-many",
        "desk-ticked",
        "dice",
        "history",
        "join",
        "luck",
        "luck-empty",
        "members",
        "members-invites",
        "missing",
        "move",
        "odds",
        "odds-empty",
        "proposals",
        "roll",
        "rolls-empty",
        "rolls-player",
        "rolls-storyteller",
        "server-owner",
        "server-player",
        "sheet-dice",
        "sheet-guest",
        "sheet-history",
        "sheet-locked",
        "sheet-mage",
        "sheet-storyteller",
        "sheet-vampire",
        "welcome",
        "why",
        "why-answer",
    }
)


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, list[str]]]:
    """What is not marked, by the name of the page: of the small world, played once."""
    from django.db import transaction

    from scripts import small_world

    before = settings.API_KEYS, settings.ALLOWED_HOSTS
    with django_db_blocker.unblock(), transaction.atomic():
        small_world.main()
        crowd = Chronicle.objects.get(server__name="Ours alone").id
        yield {shot.name: unmarked_on(_rendered(shot)) for shot in screenshots.shots_in(crowd)}
        transaction.set_rollback(True)
    settings.API_KEYS, settings.ALLOWED_HOSTS = before


def _rendered(shot: screenshots.Shot) -> str:
    client = Client(headers={"Accept-Language": PSEUDO})
    if shot.person:
        user = CustomUser.objects.get(global_name=shot.person.title())
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(shot.path).content.decode()


def test_every_sentence_of_a_page_is_marked(found: dict[str, list[str]]) -> None:
    assert not _report({name: texts for name, texts in found.items() if name not in UNMARKED})


@pytest.mark.xfail(reason="not marked yet", strict=False)
def test_nothing_is_left_to_mark(found: dict[str, list[str]]) -> None:
    assert not _report(found)


def _report(found: dict[str, list[str]]) -> str:
    """What is not marked, each text once, with the first page that shows it."""
    pages: dict[str, str] = {}
    for name, texts in found.items():
        for text in texts:
            pages.setdefault(text, name)
    return "\n".join(f"{name} {text}" for text, name in pages.items())
