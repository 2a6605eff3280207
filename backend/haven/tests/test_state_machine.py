"""Any people, any operations, in any order: what must always hold, holds."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from chronicle import rights
from chronicle.models import ServerMember
from chronicle.principal import STORYTELLER
from haven import selectors, services
from haven.answers import sheet_changed
from haven.models import Character
from haven.registry import SPLATS
from haven.services import Change, Reference
from haven.tests.community import Community, secrets_in
from haven.tests.guild_rules import GuildRules, members, people, picks
from haven.tests.kit import cause, principal
from haven.tests.strategies import NAMES, NO_NAMES, aimed, operations
from haven.utility import derived
from rules.errors import GameError, NotFound
from rules.traits import Operation
from rules.visibility import NAMES as LEVELS
from rules.visibility import Level
from testing.fuzzing import FUZZ, tries
from testing.personas import World
from timeline.models import Event
from timeline.tests.kit import once

SLUGS = [
    "hunger",
    "health",
    "strength",
    "storyteller_notes",
    "notes",
    "name",
    "experience",
    "merits",
    "avatar",
    "x",
]
# Nobody in particular is the character's own player.
# The one that most is built on is tried most; the others share the rules and the services with it.
TRIES = {"vampire5th": 12 if FUZZ == 1 else 40}
# One of each edition; the long run plays them all.
SAMPLE = {"vampire5th", "mage20th"}
PLAYED = [pytest.param(splat, marks=[] if splat in SAMPLE else pytest.mark.long) for splat in SPLATS]
actors = st.sampled_from(["", "", "", "vesna", "root", "jonas", "mira", "olga"])


class Life(GuildRules):
    """`world` and `splat` are set by the test; every example begins with the world as it was."""

    splat: str

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        connection.run_on_commit = []
        self.community = Community()
        machine.publish = self.community.publish

    def teardown(self) -> None:
        connection.run_on_commit = []
        transaction.savepoint_rollback(self.savepoint)

    # Who is who

    def ids(self) -> list[UUID]:
        return list(Character.objects.order_by("id").values_list("id", flat=True))

    def picked(self, pick: int) -> Character | None:
        found = self.ids()
        if not found:
            return None
        return derived(
            Character.objects.select_related("owner", "chronicle__server").get(pk=found[pick % len(found)])
        )

    def is_stranger(self, who: str, character: Character) -> bool:
        """Said once more, apart from `chronicle.rights`: nobody who has anything to do with it."""
        user = getattr(self.world, who, None)
        if user is None:
            return True
        if user.is_superuser or user.id == character.owner_id:
            return False
        server = character.chronicle.server if character.chronicle else None
        if server is None:
            return True
        return (
            server.owner_id != user.id and not ServerMember.objects.filter(server=server, user=user).exists()
        )

    def may_change(self, who: str, character: Character) -> bool:
        user = getattr(self.world, who, None)
        if user is None:
            return False
        server_id = character.chronicle.server_id if character.chronicle else None
        is_storyteller = STORYTELLER in principal(self.world, who).permissions(server_id)
        return user.is_superuser or user.id == character.owner_id or is_storyteller

    def on(self, who: str, pick: int, work: Any) -> tuple[Character, Any] | None:
        """`work(principal, reference)` on a picked character, by its id; strangers learn nothing, whatever they ask."""
        character = self.picked(pick)
        if character is None:
            return None
        is_stranger, may_change = self.is_stranger(who, character), self.may_change(who, character)
        level = rights.character_level(principal(self.world, who), character)
        done = self.community.attempt(lambda: work(principal(self.world, who), character))
        if is_stranger:
            assert type(done) is NotFound, done
            assert done.detail == "There’s no such character."
        if isinstance(done, Change):
            assert may_change
            self._check_answer(who, done, level)
        return character, done

    def _check_answer(self, who: str, done: Change, level: Level) -> None:
        answer = sheet_changed(done, principal(self.world, who))
        shown = answer.event.changes if answer.event else {}
        for fields in (shown, answer.character.fields):
            assert not secrets_in(fields, done.character, level)
        if done.event and done.event.type == "character.updated":
            assert not secrets_in(
                done.event.changes, done.character, level
            ), "changed what is not theirs to see"

    # Characters

    @initialize()
    def two_to_begin_with(self) -> None:
        for who in ("mira", "jonas"):
            self.community.attempt(
                lambda who=who: services.create(
                    principal(self.world, who),
                    self.splat,
                    "Owl",
                    [],
                    self.world.chronicle,
                    cause(self.world, who),
                )
            )

    @rule(
        who=people,
        name=st.sampled_from(NAMES) | st.sampled_from(NO_NAMES) | st.text(max_size=60),
        wanted=st.data(),
        place=st.sampled_from(["chronicle", "other_chronicle", None]),
        splat=st.sampled_from([..., ..., ..., ..., ..., ..., "", "x\x00"]),
    )
    def create(self, who: str, name: Any, wanted: Any, place: str | None, splat: Any) -> None:
        """`...` stands for the splat that is played."""
        where = getattr(self.world, place) if place else None
        splat, wanted = self.splat if splat is ... else splat, self._drawn(wanted)
        asked, why = principal(self.world, who), cause(self.world, who)
        self.community.attempt(lambda: services.create(asked, splat, name, wanted, where, why))

    def _drawn(self, data: Any, most: int = 3) -> list[Operation]:
        found: list[Operation] = data.draw(operations(self.splat, most))
        return found

    @rule(who=people, pick=picks, wanted=st.data(), base=st.none() | st.integers(-1, 3) | st.just(10**30))
    def try_to_change(self, who: str, pick: int, wanted: Any, base: int | None) -> None:
        self.change(who, pick, self._drawn(wanted), base)

    def change(self, who: str, pick: int, wanted: list[Operation], base: int | None = None) -> None:
        def work(asked: Any, character: Character) -> Change:
            seen = None if base is None else (character.version - base if base < 10 else base)
            aim = [aimed(character.document(), operation) for operation in wanted]
            return services.change(
                asked, Reference(str(character.id)), aim, cause(self.world, who, "/test"), seen
            )

        self.on(who, pick, work)

    @rule(
        pick=picks,
        commands=st.lists(actors, min_size=2, max_size=6),
        wanted=st.data(),
        back=st.lists(st.none() | st.integers(0, 4), max_size=3),
    )
    def play(self, pick: int, commands: list[str], wanted: Any, back: list[int | None]) -> None:
        """Most of what happens: a player and the storyteller with one character, a few mistakes taken back."""
        for who in commands:
            self.change(who or self._player(pick), pick, self._drawn(wanted, most=2))
        for which in back:
            self.undo(self._player(pick), pick, which)

    @rule(
        pick=picks,
        path=st.sampled_from(["willpower", "strength"]),
        values=st.lists(st.integers(1, 5), min_size=2, max_size=4, unique=True),
        which=st.integers(0, 4),
    )
    def change_one_thing_again_and_again(self, pick: int, path: str, values: list[int], which: int) -> None:
        """What came first is not taken back over what came later."""
        for value in values:
            self.change(self._player(pick), pick, [Operation(path, "set", value)])
        self.undo(self._player(pick), pick, which)

    @rule(who=people, pick=picks, value=st.integers(0, 5))
    def meddle(self, who: str, pick: int, value: int) -> None:
        """Nothing is wrong with it, but perhaps with who asks."""
        self.change(who, pick, [Operation("willpower", "set", value)])

    @rule(pick=picks)
    def delete_and_regret(self, pick: int) -> None:
        player = self._player(pick)
        self.delete(player, pick)
        self.community.check()
        self.restore(player, pick)

    def _player(self, pick: int) -> str:
        character = self.picked(pick)
        return str(character.owner.username) if character else "mira"

    @rule(
        who=st.sampled_from(["mira", "vesna", "root"]),
        pick=picks,
        wanted=st.data(),
        key=st.sampled_from("abc"),
    )
    def change_and_retry(self, who: str, pick: int, wanted: Any, key: str) -> None:
        """The second time it is the first answer, and nothing else."""
        wanted = self._drawn(wanted)

        def work(asked: Any, character: Character) -> Any:
            aim, meant = [aimed(character.document(), operation) for operation in wanted], Reference(
                str(character.id)
            )
            why, request = cause(self.world, who), [str(character.id), repr(wanted)]

            def do() -> Any:
                return 200, sheet_changed(services.change(asked, meant, aim, why), asked).model_dump(
                    mode="json"
                )

            return [once(f"test:{who}", key, request, do) for _ in range(2)]

        done = self.on(who, pick, work)
        if done and isinstance(done[1], list):
            (_, first), (_, second) = done[1]
            assert second == first or (second["event"] or {}).get("id") == (first["event"] or {}).get("id")

    @rule(who=people, pick=picks, back=st.none() | st.integers(0, 8) | st.uuids())
    def undo(self, who: str, pick: int, back: int | UUID | None) -> None:
        target: Event | None = None

        def work(asked: Any, character: Character) -> Change:
            nonlocal target
            events = list(Event.objects.filter(entity_id=character.id).order_by("-version"))
            if isinstance(back, int):
                target = events[back % len(events)]
            named = target.id if target else back
            return services.undo(asked, Reference(str(character.id)), cause(self.world, who), named)

        done = self.on(who, pick, work)
        if done and isinstance(done[1], Change) and done[1].event:
            self._check_undone(done[1].event)

    def _check_undone(self, event: Event) -> None:
        assert event.undoes is not None
        if event.notices:  # something no longer fits, and that was told
            return
        was = event.undoes.changes
        assert event.changes == {path: [after, before] for path, (before, after) in was.items()}

    @rule(who=people, pick=picks)
    def delete(self, who: str, pick: int) -> None:
        done = self.on(
            who,
            pick,
            lambda asked, character: services.delete(
                asked, Reference(str(character.id)), cause(self.world, who)
            ),
        )
        self._only_by_owner(who, done)

    @rule(who=people, pick=picks)
    def restore(self, who: str, pick: int) -> None:
        done = self.on(
            who,
            pick,
            lambda asked, character: services.restore(
                asked, Reference(str(character.id), deleted=True), cause(self.world, who)
            ),
        )
        self._only_by_owner(who, done)

    def _only_by_owner(self, who: str, done: tuple[Character, Any] | None) -> None:
        if done and isinstance(done[1], Change):
            assert who == "root" or done[0].owner_id == getattr(self.world, who).id

    @rule(
        who=people,
        pick=picks,
        slug=st.sampled_from(SLUGS),
        level=st.sampled_from(sorted(LEVELS)),
    )
    def show(self, who: str, pick: int, slug: str, level: Any) -> None:
        self.on(
            who,
            pick,
            lambda asked, character: services.show(
                asked, Reference(str(character.id)), slug, level, cause(self.world, who)
            ),
        )

    @rule(who=people, pick=picks)
    def look(self, who: str, pick: int) -> None:
        """Sheet and history hold what this person's level sees, and nothing above it."""

        def work(asked: Any, character: Character) -> Any:
            return selectors.character_for(asked, character.id), selectors.history(asked, character.id)

        done = self.on(who, pick, work)
        if done and not isinstance(done[1], GameError):
            character, (sheet, history) = done
            level = rights.character_level(principal(self.world, who), character)
            assert not secrets_in(sheet.fields, character, level)
            assert len(history) == len({event.version for event in history})

    @rule(
        who=people,
        name=st.sampled_from(NAMES) | st.text(max_size=60),
        deleted=st.booleans(),
        mine=st.booleans(),
    )
    def look_by_name(self, who: str, name: str, deleted: bool, mine: bool) -> None:
        asked = principal(self.world, who)
        owner = None if mine else self.world.jonas.id
        meant = Reference(name, self.world.server, owner, deleted=deleted)
        found = self.community.attempt(lambda: services.reference.find(asked, meant))
        if isinstance(found, services.reference.Found):
            assert not self.is_stranger(
                who, Character.objects.select_related("chronicle__server").get(pk=found.id)
            )

    @rule(who=members, pick=picks)
    def choose_default(self, who: str, pick: int) -> None:
        user = getattr(self.world, who)
        member = ServerMember.objects.filter(server=self.world.server, user=user).first()
        if member:  # for anyone else it is refused whatever they name
            self.on(
                who,
                pick,
                lambda asked, character: services.set_default(asked, member, Reference(str(character.id))),
            )

    @rule(who=members)
    def clear_default(self, who: str) -> None:
        member = ServerMember.objects.filter(server=self.world.server, user=getattr(self.world, who)).first()
        self.community.attempt(lambda: services.clear_default(member))

    @invariant()
    def holds(self) -> None:
        self.community.check()


class machine:
    """Where `timeline` publishes to, while an example runs."""

    publish: Any = staticmethod(lambda group, message: None)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("splat", PLAYED)
def test_any_sequence_of_operations_keeps_every_promise(
    world: World, monkeypatch: pytest.MonkeyPatch, splat: str
) -> None:
    Life.world, Life.splat = world, splat
    monkeypatch.setattr("timeline.services.publish", lambda group, message: machine.publish(group, message))
    run_state_machine_as_test(Life, settings=tries(TRIES.get(splat, 5), stateful_step_count=22))
