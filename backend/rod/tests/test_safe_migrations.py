"""A migration runs while the code of before still serves: it takes nothing from that code and demands nothing of it.

New are the migrations that the newest kept database (`migrations_data`) has not seen.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import operations as changes
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, Field

BACKEND = Path(__file__).parents[2]
DATA = Path(__file__).parent / "migrations_data"
APPLIED = re.compile(r"INSERT INTO \"django_migrations\" VALUES\(\d+,'(\w+)','(\w+)'")

# By app and name of the migration: why the code of before gets along with what it does all the same.
ON_PURPOSE: dict[tuple[str, str], str] = {
    (
        "patreon",
        "0002_usual_tiers",
    ): "fills a table that the migration before it made, which the code of before does not know",
    (
        "chronicle",
        "0011_fill_channels",
    ): "fills columns that the migration before it made, and names a permission that the code of before passes over",
    (
        "chronicle",
        "0012_channel_slugs",
    ): "of a column that the code of before leaves null",
    (
        "chat",
        "0005_search",
    ): "adds an index of a table that no release has made yet",
    (
        "chat",
        "0007_once_by_nonce",
    ): "of a table that no release has made yet",
    (
        "progress",
        "0006_keys_of_things",
    ): "renames keys that the code of before has long written by the new names, and looks for by these",
    (
        "timeline",
        "0010_public_events",
    ): "of a column that the code of before leaves null, and nulls are never the same",
}

TAKES_AWAY = (
    changes.RemoveField,
    changes.DeleteModel,
    changes.RenameField,
    changes.RenameModel,
    changes.AlterModelTable,
)
DEMANDS = (changes.AddConstraint, changes.AlterUniqueTogether, changes.AlterOrderWithRespectTo)
BY_HAND = (changes.RunSQL, changes.RunPython)


def unsafe(operation: Operation, before: ProjectState, app: str) -> Iterator[str]:
    """Why the code of before could not go on reading and writing, if it could not."""
    name = operation.describe()
    if isinstance(operation, changes.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from unsafe(inner, before, app)
    elif isinstance(operation, TAKES_AWAY):
        yield f"{name}: the code of before still uses it. Take it away one release later."
    elif isinstance(operation, DEMANDS):
        yield f"{name}: the code of before does not know this rule. Add it one release later."
    elif isinstance(operation, BY_HAND):
        yield f"{name}: written by hand. Say why the code of before gets along with it."
    elif isinstance(operation, changes.AddField) and demands_a_value(operation.field):
        yield f"{name}: the code of before gives no value. Let it be null, or give it db_default."
    elif isinstance(operation, changes.AlterField):
        old = before.models[app, operation.model_name_lower].fields[operation.name]
        if is_narrower(operation.field, old):
            yield f"{name}: it takes less than before. Narrow it one release later."


def demands_a_value(column: "Field[object, object]") -> bool:
    if isinstance(column, models.ManyToManyField) or column.null:
        return False
    return column.db_default is NOT_PROVIDED


def is_narrower(new: "Field[object, object]", old: "Field[object, object]") -> bool:
    if new.get_internal_type() != old.get_internal_type() or new.unique > old.unique:
        return True
    loses_null = bool(old.null) and not new.null
    loses_default = old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED
    is_shorter = new.max_length is not None and (old.max_length is None or new.max_length < old.max_length)
    return loses_null or loses_default or is_shorter


def new_migrations() -> list[tuple[str, str]]:
    newest = max(path for path in DATA.iterdir() if (path / "sqlite.sql.gz").exists())
    dump = gzip.decompress((newest / "sqlite.sql.gz").read_bytes()).decode()
    served = set(APPLIED.findall(dump))
    assert served, "the dump says which migrations it has seen"
    own = {config.label for config in apps.get_app_configs() if Path(config.path).is_relative_to(BACKEND)}
    on_disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(key for key in on_disk if key[0] in own and key not in served)


def new_models(app: str) -> set[str]:
    """The models of an app whose tables no release has made yet."""
    on_disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    made = (operation for key in new_migrations() if key[0] == app for operation in on_disk[key].operations)
    return {operation.name_lower for operation in made if isinstance(operation, changes.CreateModel)}


@pytest.mark.parametrize("key", new_migrations(), ids=".".join)
def test_a_new_migration_is_safe_while_the_code_of_before_serves(key: tuple[str, str]) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    migration, before = loader.disk_migrations[key], loader.project_state(key, at_end=False)
    problems: list[str] = []
    made = new_models(key[0])
    for operation in migration.operations:
        # The code of before does not write into a table that it does not know.
        if getattr(operation, "model_name_lower", "") not in made:
            problems += unsafe(operation, before, key[0])
        operation.state_forwards(key[0], before)
    if key not in ON_PURPOSE:
        assert problems == []
    else:
        assert problems, "it is safe by itself: take it off the list"


def test_what_is_on_purpose_names_migrations_that_there_are() -> None:
    assert set(ON_PURPOSE) <= set(new_migrations())


def owls() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50, null=True)),
    ]
    state.add_model(ModelState("haven", "Owl", fields))
    return state


@pytest.mark.parametrize(
    "operation",
    [
        changes.RemoveField("owl", "name"),
        changes.RenameField("owl", "name", "title"),
        changes.RenameModel("Owl", "Bird"),
        changes.AlterModelTable("owl", "birds"),
        changes.DeleteModel("Owl"),
        changes.AddField("owl", "age", models.IntegerField(default=3)),
        changes.AddField("owl", "mate", models.ForeignKey("haven.Owl", models.CASCADE, default=1)),
        changes.AlterField("owl", "name", models.CharField(max_length=50, default="")),
        changes.AlterField("owl", "name", models.CharField(max_length=20, null=True)),
        changes.AlterField("owl", "name", models.CharField(max_length=50, null=True, unique=True)),
        changes.AlterField("owl", "name", models.IntegerField(null=True)),
        changes.AddConstraint("owl", models.UniqueConstraint(fields=["name"], name="one_name")),
        changes.AlterUniqueTogether("owl", {("id", "name")}),
        changes.RunSQL("UPDATE owls SET name = 'Hoot'"),
        changes.RunPython(changes.RunPython.noop),
        changes.SeparateDatabaseAndState([changes.RemoveField("owl", "name")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_the_code_of_before_could_not_bear_is_found(operation: Operation) -> None:
    assert len(list(unsafe(operation, owls(), "haven"))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        changes.CreateModel("Crow", [("id", models.BigAutoField(primary_key=True))]),
        changes.AddField("owl", "age", models.IntegerField(null=True)),
        changes.AddField("owl", "age", models.IntegerField(default=3, db_default=3)),
        changes.AddField("owl", "friends", models.ManyToManyField("haven.Owl")),
        changes.AlterField("owl", "name", models.CharField(max_length=80, null=True)),
        changes.AddIndex("owl", models.Index(fields=["name"], name="by_name")),
        changes.RemoveIndex("owl", "by_name"),
        changes.AlterModelOptions("owl", {"ordering": ["name"]}),
        changes.SeparateDatabaseAndState(state_operations=[changes.RemoveField("owl", "name")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_only_adds_is_let_through(operation: Operation) -> None:
    assert list(unsafe(operation, owls(), "haven")) == []
