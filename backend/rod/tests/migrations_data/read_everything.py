"""Read every row of a migrated database, then what it holds through the public API; print what the answers say.

Run by `test_migrations.py` with the migrated database in the environment. The output is JSON: address → answer.
"""

import json
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from conflicts.models import Conflict  # noqa: E402
from desk.models import Submission  # noqa: E402
from haven.models import Character  # noqa: E402
from rolls.models import Macro, Roll, RollRequest  # noqa: E402


def addresses() -> Iterator[tuple[Any, str]]:
    """Each with somebody who may read it."""
    for character in Character.objects.select_related("owner").filter(deleted_at=None):
        yield character.owner, f"characters/{character.pk}/"
        yield character.owner, f"characters/{character.pk}/history/"
    for roll in Roll.objects.select_related("roller"):
        yield roll.roller, f"rolls/{roll.pk}/"
    for macro in Macro.objects.select_related("character__owner"):
        yield macro.character.owner, f"macros/?character={macro.character_id}"
    for request in RollRequest.objects.select_related("storyteller"):
        yield request.storyteller, f"roll-requests/{request.pk}/"
        yield request.storyteller, f"chronicles/{request.chronicle_id}/notes/"
    for submission in Submission.objects.select_related("author"):
        yield submission.author, f"submissions/{submission.pk}/"
    for conflict in Conflict.objects.select_related("starter"):
        yield conflict.starter, f"conflicts/{conflict.pk}/"


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for model in apps.get_models():
        list(model._base_manager.all())
    answers = {}
    for user, address in addresses():
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/api/{address}")
        assert answer.status_code == 200, (address, answer.status_code, answer.content)
        answers[address] = answer.json()
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
