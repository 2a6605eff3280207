"""Awards that were named by the row of a reward or a sitting get the names of what they are for."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from discordauth.models import CustomUser
from progress.models import Paper, PaperAttempt, PointEntry, Reward
from progress.services import restore_points
from progress.services.once import award_once
from progress.services.undo import undo
from progress.tests import reset_kit
from progress.tests.kit import give
from rules.notices import notice
from testing.personas import SYSTEM, World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
rename = import_module("progress.migrations.0006_keys_of_things").rename


def badge(user: CustomUser, slug: str = "first_dice") -> Reward:
    return Reward.objects.create(user=user, badge=slug, given_at=timezone.now())


def keys(user: CustomUser) -> list[str]:
    entries = PointEntry.objects.filter(user=user).exclude(source="reset").order_by("pk")
    return list(entries.values_list("key", flat=True))


def test_awards_and_their_marks_are_named_by_what_they_are_for(world: World) -> None:
    row, other, gone = badge(world.mira), badge(world.jonas), uuid4()
    paper = Paper.objects.create(title="Basics", system="v5", minutes=5, pass_mark=70)
    later = Paper.objects.create(title="Basics", system="v5", minutes=5, pass_mark=70, first_version=paper)
    now = timezone.now()
    sitting = PaperAttempt.objects.create(paper=later, user=world.mira, started_at=now, deadline=now)
    for key in (f"badge:{row.pk}", f"exam:{sitting.pk}", f"exam:{paper.pk}", f"badge:{gone}", "badge:messy:"):
        give(world.mira, 5, key, source=key.partition(":")[0])
    for key in (f"badge:{other.pk}", f"badge:{other.pk}:undone", "badge:first_dice:"):
        give(world.jonas, 5, key, source="badge")
    for _ in range(2):
        rename(apps, connection.schema_editor(atomic=False))
        first = f"exam:{paper.pk}"
        assert keys(world.mira) == ["badge:first_dice:", f"{first}#2", first, f"badge:{gone}", "badge:messy:"]
        assert keys(world.jonas) == ["badge:first_dice:#2", "badge:first_dice:#2:undone", "badge:first_dice:"]


def test_what_a_reset_took_under_an_old_name_counts_once_after_its_undo(world: World) -> None:
    give(world.mira, 5, f"badge:{badge(world.mira).pk}", source="badge")
    reset_kit.run()
    assert not Reward.objects.exists()
    rename(apps, connection.schema_editor(atomic=False))
    assert keys(world.mira) == ["badge:first_dice:"]
    award_once(world.mira, 5, "badge", notice("points_reset"), "badge:first_dice:", SYSTEM)
    undo(restore_points.to_undo().pk, SYSTEM)
    assert CustomUser.objects.get(pk=world.mira.pk).total_points == 5
    reset_kit.consistent()
