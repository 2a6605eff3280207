"""Every page and state in the pseudo-language: what stands outside of its brackets is not marked for translation.

pytest backend/rod/tests/test_pseudo_language.py -k dashboard    says what is missing there
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from contract.translation import PSEUDO
from discordauth.models import CustomUser
from scripts import showcase
from testing.pseudo_language import unmarked_on

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, object]]:
    """What the paths of the showcase name; its tables are played once for all of these tests."""
    from django.db import transaction

    before = settings.API_KEYS, settings.ALLOWED_HOSTS
    with django_db_blocker.unblock(), transaction.atomic():
        yield showcase.play()
        transaction.set_rollback(True)
    settings.API_KEYS, settings.ALLOWED_HOSTS = before


@pytest.mark.parametrize(
    "shot",
    [pytest.param(shot, id=shot.name) for shot in showcase.SHOTS if not shot.press],  # what a script opens
)
def test_every_sentence_of_a_page_is_marked(played: dict[str, object], shot: showcase.Shot) -> None:
    client = Client(headers={"Accept-Language": PSEUDO})
    if shot.person:
        user = CustomUser.objects.get(global_name=shot.person.title())
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get(shot.path.format_map(played)).content.decode()
    assert not "\n".join(dict.fromkeys(unmarked_on(html)))
