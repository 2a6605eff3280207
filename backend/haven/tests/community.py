"""A community as the state machine knows it: the database as it must be, and viewers who fold what they are sent."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from haven.models import Character, DefaultCharacter
from haven.serializers.character import visible
from haven.utility import derived, name_key
from rules.errors import GameError
from rules.tests.legal import assert_legal
from rules.traits import fold
from rules.visibility import SECRET, TABLE, Level
from testing.fuzzing import assert_telling
from timeline.models import Event, Stream

BACKEND = Path(__file__).parents[2]


def models() -> Iterable[type[Model]]:
    """Of all our own apps."""
    ours = (config for config in apps.get_app_configs() if Path(config.path).parent == BACKEND)
    return (model for config in ours for model in config.get_models(include_auto_created=True))


def tables() -> dict[str, int]:
    """Every row of every table, as a number that changes with any of them."""
    found = {}
    with connection.cursor() as cursor:
        for name in {model._meta.db_table for model in models()}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)} ORDER BY 1")
            found[name] = hash(repr(cursor.fetchall()))
    return found


class Community:
    """Does what the machine asks, in a transaction, and looks at what came of it."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.heads: dict[str, int] = {
            f"{stream.kind}:{stream.id}": stream.seq for stream in Stream.objects.all()
        }
        # Level → character → its fields, as a viewer of that level has folded them.
        self.viewers: dict[Level, dict[str, Any]] = {level: {} for level in Level}
        self.rows = tables()
        self.changed = False

    def publish(self, group: str, message: dict[str, Any]) -> None:
        """In the place of the channel layer."""
        if message["type"] == "stream.event":
            self.published.append(json.loads(json.dumps(message)))

    def attempt(self, work: Callable[[], Any]) -> Any:
        """The result, or the GameError: told in a sentence, and nothing at all was changed."""
        try:
            with transaction.atomic():
                result = work()
        except GameError as error:
            assert_telling(error.as_json())
            assert tables() == self.rows, "refused, and yet something changed"
            return error
        self._commit()
        return result

    def _commit(self) -> None:
        """A test's transaction never ends: what waits for its end is done here."""
        waiting, connection.run_on_commit = connection.run_on_commit, []
        for _, work, _ in waiting:
            work()
        for message in self.published:
            self._deliver(message)
        rows = tables()
        self.changed = self.changed or rows != self.rows
        self.rows, self.published = rows, []

    def _deliver(self, message: dict[str, Any]) -> None:
        stream, seq = message["stream"], message["seq"]
        assert seq == self.heads.get(stream, 0) + 1, "published out of order"
        self.heads[stream] = seq
        for level in Level:
            text = message["frames"][str(int(level))]
            if text is not None:
                self._receive(level, json.loads(text))
        if message["event_type"] == "character.shown":
            self._look_again(message["entity_id"])

    def _receive(self, level: Level, frame: dict[str, Any]) -> None:
        known = self.viewers[level]
        if frame["type"] in ("created", "restored"):
            known[frame["id"]] = frame["character"]["fields"]
        elif frame["type"] == "deleted":
            known.pop(frame["id"], None)
        elif frame["type"] == "update":
            fold(known.setdefault(frame["id"], {}), frame["fields"])

    def _look_again(self, character_id: str) -> None:
        """What came into sight is in no event: viewers are sent the character anew."""
        row = derived(Character.objects.get(pk=character_id))
        for level in Level:
            self.viewers[level][character_id] = json.loads(json.dumps(visible(row, level)))

    def check(self) -> None:
        """Every invariant of the database; only after it changed."""
        if not self.changed:
            return
        self.changed = False
        events = list(Event.objects.order_by("seq"))
        self._check_numbers(events)
        characters = [derived(character) for character in Character.objects.all()]
        own = defaultdict(list)
        for event in sorted(events, key=lambda event: event.version):
            own[event.entity_id].append(event)
        for character in characters:
            assert_legal(character.traits, character.document())
            assert replayed(own[character.id]) == character.document()
            self._check_viewers(character)
        check_names(characters)
        check_defaults()

    def _check_numbers(self, events: list[Event]) -> None:
        seqs, versions = defaultdict(list), defaultdict(list)
        for event in events:
            seqs[event.stream_id].append(event.seq)
            # A server's rights are told once more in each of its chronicles, under the same version.
            if event.type != "server.rights":
                versions[event.entity_id].append(event.version)
        for stream in Stream.objects.all():
            assert seqs[stream.id] == list(range(1, stream.seq + 1)), f"{stream} has gaps"
        for entity, found in versions.items():
            assert sorted(found) == list(range(found[0], found[0] + len(found))), f"{entity} has gaps"
        for pk, version in Character.objects.values_list("pk", "version"):
            assert versions[pk] == list(range(1, version + 1))

    def _check_viewers(self, character: Character) -> None:
        for level in Level:
            seen = self.viewers[level].get(str(character.id))
            if character.deleted_at is None:
                assert (seen or {}) == visible(character, level), level
            elif level >= TABLE:  # below, nobody is told that it went
                assert seen is None


def replayed(events: list[Event]) -> dict[str, Any]:
    """The history from the start, one after another."""
    document: dict[str, Any] = {}
    for event in events:
        if event.type == "character.shown":
            continue
        if event.type in ("character.created", "character.restored"):
            document = {}
        fold(document, {path: after for path, (_, after) in event.changes.items()})
    return document


def check_names(characters: list[Character]) -> None:
    living = [character for character in characters if character.deleted_at is None]
    assert all(character.name_key is None for character in characters if character.deleted_at is not None)
    keys = [(character.owner_id, name_key(character.name)) for character in living]
    assert len(keys) == len(set(keys)), "two of one player's have a name"
    assert keys == [(character.owner_id, character.name_key) for character in living]


def check_defaults() -> None:
    for default in DefaultCharacter.objects.select_related("member", "character"):
        assert default.character.owner_id == default.member.user_id


def secrets_in(fields: dict[str, Any], character: Character, level: Level) -> list[str]:
    named = {path.removeprefix("visibility.") for path in fields}
    return [path for path in named if level < SECRET and character.level_of(path) > level]
