"""What holds for every kind, whatever is asked of it, in whatever order."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.errors import Invalid
from rules.tests.kit import Sheet, assert_lawful, of, with_values
from rules.tests.legal import LEGAL, assert_legal
from rules.traits import (
    Choice,
    Colour,
    Counter,
    DamageTrack5th,
    Dots,
    Entries,
    Experience,
    Flag,
    Humanity,
    Number,
    Operation,
    Outcome,
    Powers,
    Skill,
    Text,
    put_back,
    work_out,
)
from testing.notices import sentences

COMMANDS = settings(max_examples=150)


def sheet() -> Sheet:
    """One of each kind, small enough that every end is soon reached."""
    willpower = DamageTrack5th(3, 6, follows=("resolve",))
    return Sheet(
        name=Text(8, required=True, label="Name"),
        willpower=willpower,
        resolve=Dots(1, 5, 2),
        humanity=Humanity(7, excess_to=willpower),
        hunger=Counter(0, 5, 1, full="hunger_full", over="hunger_beyond"),
        generation=Number(1, 16),
        clan=Choice(("Brujah",), max_length=8),
        status=Choice(("draft", "active"), free_text=False, first="active"),
        locked=Flag(),
        theme=Colour(),
        brawl=Skill(),
        merits=Entries(
            {"name": Text(8, required=True), "rating": Dots(0, 5, 1), "age": Number(0, 9)},
            limit=3,
            rating="rating",
        ),
        disciplines=Powers(
            {
                "name": Text(8, required=True),
                "dots": Dots(0, 5, 1),
                "powers": Entries(
                    {"name": Text(8, required=True), "level": Dots(1, 5, 1)}, limit=2, rating="level"
                ),
            },
            limit=2,
        ),
        experience=Experience(50),
    )


def started() -> Sheet:
    character = sheet()
    character.document["name"] = "Owl"
    return character


# What is asked: mostly sense, some nonsense. `*` stands for the first entry that is there.
NUMBERS = {
    "willpower": 6,
    "willpower.superficial": 6,
    "willpower.aggravated": 6,
    "resolve": 5,
    "humanity": 10,
    "humanity.stains": 10,
    "hunger": 5,
    "brawl": 5,
    "experience": 50,
    "experience.current": 50,
}
LISTS = ["merits", "disciplines", "disciplines.*.powers", "brawl.specialties", "experience.spends"]
PARTS = ["merits.*.rating", "merits.*.age", "merits.*.name", "disciplines.*.dots", "experience.spends.*.cost"]
names = st.sampled_from(["Owl", "owl", "Bat", "", "a b", "far too long"])
entry = st.fixed_dictionaries(
    {},
    optional={"name": names, "description": names, "rating": st.integers(-1, 6), "cost": st.integers(-1, 20)},
)
nonsense = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=9),
    st.lists(st.integers(), max_size=2),
    st.integers(),
    entry,
)
typed = st.one_of(
    st.sampled_from(
        ["3", "+2", "-1", "- Owl", "Owl", "Owl 2", "remove bat", "+2 superficial", "1 stains", "yes", ""]
    ),
    st.text(max_size=9),
)
numeric = st.builds(
    Operation, st.sampled_from(sorted(NUMBERS)), st.sampled_from(["set", "adjust"]), st.integers(-12, 12)
)
listed = st.one_of(
    st.builds(Operation, st.sampled_from(LISTS), st.just("add"), entry),
    st.builds(Operation, st.sampled_from([f"{slug}.*" for slug in LISTS]), st.just("remove")),
    st.builds(Operation, st.sampled_from([f"{slug}.*" for slug in LISTS]), st.just("set"), entry),
    st.builds(Operation, st.sampled_from(PARTS), st.sampled_from(["set", "adjust"]), st.integers(-3, 8)),
)
paths = st.sampled_from(
    [*NUMBERS, *LISTS, *PARTS, "name", "clan", "status", "locked", "theme", "generation", "x", ""]
)
anything = st.one_of(
    st.builds(Operation, paths, st.sampled_from(["set", "adjust", "add", "remove", "x"]), nonsense),
    st.builds(Operation, paths, st.just("text"), typed),
)
operations = st.one_of(numeric, listed, anything)
commands = st.lists(st.lists(operations, min_size=1, max_size=3), max_size=12)


def aimed(character: Sheet, operation: Operation) -> Operation:
    """With the first entry's id in place of `*`."""
    node: Any = character.document
    names = operation.path.split(".")
    for number, name in enumerate(names):
        if name == "*":
            names[number] = min(node, default="none") if isinstance(node, dict) else "none"
        node = node.get(names[number], {}) if isinstance(node, dict) else {}
    return Operation(".".join(names), operation.op, operation.value)


def attempt(character: Sheet, command: list[Operation]) -> Outcome | None:
    """Does it, or is refused and has changed nothing. The kit looks at the laws of what was done."""
    before = copy.deepcopy(character.document)
    try:
        return character.do(*(aimed(character, operation) for operation in command))
    except Invalid as error:
        refusal = error
    assert character.document == before
    assert refusal.data["fields"]
    refusal.detail.encode("utf-8")
    return None


@COMMANDS
@given(commands)
def test_no_sequence_of_commands_leaves_the_legal_states(given_commands: list[list[Operation]]) -> None:
    state = started()
    for command in given_commands:
        attempt(state, command)
        assert_legal(state.traits, state.document)


@COMMANDS
@given(commands)
def test_taking_everything_back_one_by_one_ends_at_the_start(given_commands: list[list[Operation]]) -> None:
    state = started()
    start = copy.deepcopy(state.document)
    done = [outcome for command in given_commands if (outcome := attempt(state, command))]
    for outcome in reversed(done):
        state.undo(outcome)
        assert_legal(state.traits, state.document)
    assert state.document == start


@COMMANDS
@given(commands, st.integers(0, 11))
def test_taking_back_something_in_the_middle_is_legal_or_refused(
    given_commands: list[list[Operation]], which: int
) -> None:
    """Without the timeline's look at later events: still no illegal sheet, and an event that folds."""
    state = started()
    done = [outcome for command in given_commands if (outcome := attempt(state, command))]
    if not done:
        return
    chosen = done[which % len(done)]
    before = copy.deepcopy(state.document)
    if any(_is_gone(before, path) for path in chosen.changes):
        return
    try:
        back = put_back(state.traits, state.document, chosen.changes)
    except Invalid:
        assert state.document == before
        return
    after = with_values(before, back.values)
    assert_legal(state.traits, after)
    assert_lawful(state.traits, before, after, back)


def _is_gone(document: dict[str, Any], path: str) -> bool:
    """Was the entry that this path is in removed since? The timeline calls such an undo blocked."""
    node: Any = document
    for name in path.split(".")[:-1]:
        if not isinstance(node, dict) or name not in node:
            return True
        node = node[name]
    return False


@settings(max_examples=300)
@given(st.lists(numeric, max_size=4), numeric)
def test_nothing_that_was_asked_is_left_undone_in_silence(before: list[Operation], asked: Operation) -> None:
    state = started()
    for operation in before:
        attempt(state, [operation])
    was = number_at(state, target(asked))
    outcome = attempt(state, [asked])
    if outcome is None:
        return
    wanted = asked.value if asked.op == "set" else was + asked.value
    assert number_at(state, target(asked)) == wanted or outcome.notices


def target(operation: Operation) -> str:
    if operation.path == "experience" and operation.op == "adjust" and operation.value < 0:
        return "experience.current"  # a deduction; what was earned stays earned
    return operation.path


def number_at(character: Sheet, path: str) -> int:
    slug, *rest = path.split(".")
    value = character.document[slug]
    part = rest[0] if rest else character.traits[slug].primary
    return int(value[part] if part else value)


@settings(max_examples=200)
@given(
    st.integers(1, 6),
    st.integers(0, 6),
    st.integers(0, 6),
    st.sampled_from(["superficial", "aggravated"]),
    st.integers(1, 12),
)
def test_damage_is_taken_converted_or_told(
    total: int, superficial: int, aggravated: int, kind: str, amount: int
) -> None:
    """The rule once more in other words: damage points are counted one at a time."""
    state = started()
    aggravated = min(aggravated, total)
    superficial = min(superficial, total - aggravated)
    state.document["willpower"] = {"total": total, "superficial": superficial, "aggravated": aggravated}
    outcome = state.adjust(f"willpower.{kind}", amount)
    lost = 0
    for _ in range(amount):
        if superficial + aggravated < total:
            superficial, aggravated = superficial + (kind == "superficial"), aggravated + (
                kind == "aggravated"
            )
        elif superficial:
            superficial, aggravated = superficial - 1, aggravated + 1
        else:
            lost += 1
    assert state.document["willpower"] == {
        "total": total,
        "superficial": superficial,
        "aggravated": aggravated,
    }
    assert any(f"; {lost} ignored." in notice for notice in sentences(outcome.notices)) == bool(lost)


@given(paths, st.one_of(typed, st.text(max_size=40)))
def test_whatever_is_typed_is_understood_or_refused(path: str, text: str) -> None:
    state = started()
    attempt(state, [of(path, "text", text)])
    assert_legal(state.traits, state.document)


def test_the_legal_states_are_known_for_every_kind_there_is() -> None:
    character = sheet()
    assert {type(trait) for trait in character.traits.values()} <= LEGAL.keys()
    assert_legal(character.traits, started().document)


def test_a_refused_operation_leaves_the_outcome_of_the_others_undone() -> None:
    state = started()
    before = copy.deepcopy(state.document)
    assert attempt(state, [of("hunger", "set", 2), of("hunger", "set", 9)]) is None
    assert state.document == before
    assert work_out(state.traits, state.document, [], str).changes == {}
