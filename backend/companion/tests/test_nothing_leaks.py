"""Whatever happens to characters of whatever type: what is not public never leaves, and the past is what was.

A word stands in every text of a sheet, and each number is known by its path. After every step all that the public can
read is looked at: the scene, the log, the frames that were sent, the past.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from companion import publicity
from companion.models import Campaign
from companion.selectors import live, past
from companion.selectors.scene import public_events, scene
from companion.tests.kit import publish, reread, roster
from haven import services
from haven.models import Character
from haven.registry import SPLATS
from haven.schema import schema
from haven.services import Reference
from haven.tests.kit import cause, change, make, principal
from haven.tests.strategies import fitting
from haven.utility import derived
from rolls.services import RollInput
from rolls.services import roll as make_roll
from rules.dice.source import listed
from rules.errors import GameError
from rules.traits import Operation
from rules.visibility import LABELS, PUBLIC
from testing.personas import World
from timeline.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.req("S002-52")]
# Begins each word; no id and no label has it.
SECRET_WORD = "zqx"
RULES: dict[str, Any] = {
    "deadline": None,
    # What is drawn depends on what happened: there is nothing to shrink.
    "phases": [Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def texts(character: Character) -> dict[str, str]:
    """Trait → the word that stands in it."""
    return {
        slug: f"{SECRET_WORD}{number:03}"
        for number, (slug, trait) in enumerate(character.traits.items())
        if trait.kind == "text" and trait.writer == "owner" and slug not in ("name", "player_name")
    }


def hidden_words(character: Character) -> list[str]:
    return [word for slug, word in texts(character).items() if character.level_of(slug) > PUBLIC]


class Table:
    """One character that things happen to, and everything that was sent of it."""

    def __init__(self, world: World, splat: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.campaign = publish(world)
        self.frames: list[str] = []
        monkeypatch.setattr(publicity, "publish", self._sent)
        self.character = make(world, splat=splat)
        words = [Operation(slug, "set", word) for slug, word in texts(self.character).items()]
        change(world, self.character, *words, who="vesna")
        roster(world, self.character)
        self.moments: list[tuple[Any, dict[str, Any], dict[str, int], bool]] = []
        self.remember()

    def _sent(self, group: str, message: Any) -> None:
        text = message["frames"]["0"]
        self.frames += [text] if text else []
        # At the time of sending nothing that is hidden is in it.
        assert not [word for word in hidden_words(self.row()) if text and word in text]

    def row(self) -> Character:
        return derived(
            Character.objects.select_related("chronicle__server", "owner").get(pk=self.character.pk)
        )

    def remember(self) -> None:
        row = self.row()
        there = row.deleted_at is None
        self.moments.append((timezone.now(), copy.deepcopy(row.document()), dict(row.visibility), there))

    def do(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(["show", "show", "change", "change", "roll", "delete", "status"]))
        try:
            with transaction.atomic():
                getattr(self, step)(data)
        except GameError:
            return
        self.remember()

    def show(self, data: st.DataObject) -> None:
        row = self.row()
        slug = data.draw(st.sampled_from(["name", *sorted(row.traits)]))
        level = data.draw(st.sampled_from(["public", "public", *LABELS]))
        reference = Reference(str(row.pk))
        services.show(principal(self.world, "vesna"), reference, slug, level, cause(self.world, "vesna"))

    def change(self, data: st.DataObject) -> None:
        traits = [
            trait for trait in fields_of(self.character.splat) if trait["type"] in ("integer", "boolean")
        ]
        chosen = data.draw(st.sampled_from(traits))
        change(
            self.world, self.row(), Operation(chosen["path"], "set", data.draw(fitting(chosen))), who="vesna"
        )

    def roll(self, data: st.DataObject) -> None:
        given: dict[str, Any] = {"system": "v5", "pool": 3, "options": {"hunger": 2}}
        asked = RollInput(
            reference=Reference(str(self.character.pk)), chronicle=self.world.chronicle, **given
        )
        dice = [data.draw(st.integers(1, 10)) for _ in range(3)]
        make_roll(principal(self.world, "mira"), asked, cause(self.world, "mira"), listed(dice))

    def delete(self, data: st.DataObject) -> None:
        by = principal(self.world, "mira"), Reference(str(self.character.pk)), cause(self.world, "mira")
        gone = self.row().deleted_at is not None
        (services.restore if gone else services.delete)(*by)

    def status(self, data: st.DataObject) -> None:
        status = data.draw(st.sampled_from(["draft", "active", "dead"]))
        change(self.world, self.row(), Operation("status", "set", status))

    def bring_on_stage(self) -> None:
        """Only of whom the public may know now there is a past."""
        row, reference = self.row(), Reference(str(self.character.pk))
        if row.deleted_at is not None:
            services.restore(principal(self.world, "mira"), reference, cause(self.world, "mira"))
        change(self.world, self.row(), Operation("status", "set", "active"))
        services.show(principal(self.world, "vesna"), reference, "name", "public", cause(self.world, "vesna"))

    # What the public may read

    def read(self) -> str:
        campaign = reread(self.campaign)
        lines = past.lines(campaign, public_events(campaign))
        texts = [scene(campaign).model_dump_json(by_alias=True)]
        texts += [line.event.model_dump_json() for line in lines if line.event]
        shot = live.snapshot(str(campaign.pk))
        texts += [shot.text if shot else ""]
        return "\n".join(texts)


def fields_of(splat: str) -> list[dict[str, Any]]:
    found = next(entry for entry in schema()["splats"] if entry["slug"] == splat)
    return [field for trait in found["traits"] if trait["writer"] == "owner" for field in trait["fields"]]


@pytest.fixture
def table_of(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Table]:
    return lambda splat: Table(world, splat, monkeypatch)


@pytest.mark.parametrize("splat", sorted(SPLATS))
def test_nothing_that_is_hidden_leaves(
    splat: str,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    @settings(max_examples=3, **RULES)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        with transaction.atomic():
            with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                table = Table(world, splat, monkeypatch)
            for _ in range(data.draw(st.integers(4, 10))):
                with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                    table.do(data)
                look_at(table)
            with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                table.bring_on_stage()
            look_back(table)
            transaction.set_rollback(True)

    run()


def look_at(table: Table) -> None:
    row, text = table.row(), table.read()
    on_stage = row.deleted_at is None and row.status != "draft" and row.level_of("name") == PUBLIC
    assert (f'"name":"{row.name}"' in text) <= on_stage
    if not on_stage:
        assert SECRET_WORD not in text
        assert row.name not in text
    for word in hidden_words(row):
        assert word not in text, word
    for seen in scene(reread(table.campaign)).characters:
        shown = {gauge.path for gauge in seen.stats.gauges}
        assert all(row.level_of(slug) == PUBLIC for slug in shown)
        assert not seen.class_ or row.level_of(type(row).stage_parts["class"]) == PUBLIC
        assert not seen.theme or row.level_of("theme") == PUBLIC
    lines = past.lines(reread(table.campaign), public_events(table.campaign))
    for event in (line.event for line in lines if line.event):
        fields = event.data.get("fields", {})
        assert isinstance(fields, dict)
        assert all(row.level_of(path) == PUBLIC for path in fields)
        if event.data["kind"] == "roll" and "hunger" in row.traits and row.level_of("hunger") != PUBLIC:
            assert "hunger" not in json.dumps(event.data)
            assert "messy" not in json.dumps(event.data)
    numbers = sorted(line.seq for line in lines)
    assert numbers == list(range(1, len(numbers) + 1))


def look_back(table: Table) -> None:
    """The state at each moment, folded back from now, is what it was then."""
    campaign: Campaign = reread(table.campaign)
    row = table.row()
    for moment, document, visibility, there in table.moments:
        _seq, state = past.state_at(campaign, moment)
        seen = state.character(row.pk)
        assert seen is not None
        assert seen.there == there
        assert seen.document == document
        levels = {
            slug: level for slug, level in seen.visibility.items() if level != row.traits[slug].visibility
        }
        assert levels == {
            slug: level for slug, level in visibility.items() if level != row.traits[slug].visibility
        }
    assert Event.objects.filter(public_seq__isnull=False).exists()
