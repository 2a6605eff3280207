"""Chronicles of a server."""

from typing import Any

from django.db import IntegrityError, transaction

from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.slugs import free_slug
from rules.errors import Conflict, Invalid
from rules.text import clean, clean_lines
from rules.visibility import TABLE
from timeline.services import Cause, record

LABELS = {"name": "Name", "description": "Description"}
TRIES = 5


def create_chronicle(server: Server, name: str, *, principal: Principal, cause: Cause) -> Chronicle:
    """One more story in this server."""
    can(principal, "server.manage", server).require()
    title = _name(name)
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                chronicle = Chronicle.objects.create(
                    server=server, name=title, slug=free_slug(Chronicle, title)
                )
                _record(chronicle, {"name": [None, title]}, cause, "chronicle.created")
            return chronicle
        except IntegrityError:
            continue
    raise Conflict("Somebody else is using this name right now. Please try again.")


def update_chronicle(
    chronicle: Chronicle, changes: dict[str, Any], *, principal: Principal, cause: Cause
) -> Chronicle:
    """`changes` may hold `name` and `description`. The slug stays: kept addresses go on working."""
    with transaction.atomic():
        locked = Chronicle.objects.select_for_update().get(pk=chronicle.pk)
        can(principal, "chronicle.manage", locked).require()
        unknown = {path: ["There is no such field."] for path in changes if path not in LABELS}
        if unknown:
            raise Invalid("Some fields cannot be changed.", fields=unknown)
        moved: dict[str, list[Any]] = {}
        for path, value in changes.items():
            before, after = getattr(locked, path), _value(path, value)
            if before != after:
                moved[path] = [before, after]
                setattr(locked, path, after)
        if moved:
            locked.version += 1
            locked.save(update_fields=[*moved, "version", "updated_at"])
            _record(locked, moved, cause, "chronicle.updated")
    return locked


def _value(path: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid.field(path, "This must be text.")
    if path == "name":
        return _name(value)
    if len(value) > 4000:
        raise Invalid.field(path, "At most 4000 characters.")
    return clean_lines(value, 4000)


def _name(value: str) -> str:
    name = clean(value, 101)
    if not name or len(name) > 100:
        raise Invalid.field("name", "A chronicle's name has 1 to 100 characters.")
    return name


def _record(chronicle: Chronicle, changes: dict[str, list[Any]], cause: Cause, type: str) -> None:
    record(
        stream=("chronicle", chronicle.id),
        type=type,
        entity="chronicle",
        entity_id=chronicle.id,
        version=chronicle.version,
        cause=cause,
        changes=changes,
        visibility=dict.fromkeys(changes, int(TABLE)),
        labels=LABELS,
        subject={"name": chronicle.name},
    )
