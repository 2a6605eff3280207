"""The evaluator for any roles whatever: against a slow reading of the same words, and its laws."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from chronicle.principal import ADMINISTRATOR, ALL_PERMISSIONS, IN_A_CHRONICLE, Principal, resolve

SERVER, STORY, OTHER_STORY = uuid4(), uuid4(), uuid4()
documents = st.dictionaries(
    st.sampled_from([*sorted(ALL_PERMISSIONS), "fly"]), st.sampled_from(["allow", "deny", "perhaps"])
)
roles = st.lists(st.tuples(st.sampled_from([None, STORY, OTHER_STORY]), documents), max_size=6)


def said(found: Sequence[Mapping[str, str]], name: str) -> bool:
    """The first that says yes or no about it."""
    return next(
        (document[name] == "allow" for document in found if document.get(name) in ("allow", "deny")), False
    )


def expected(found: Sequence[Mapping[str, str]]) -> set[str]:
    if said(found, ADMINISTRATOR):
        return set(ALL_PERMISSIONS)
    return {name for name in ALL_PERMISSIONS if said(found, name)}


def somebody(held: Sequence[tuple[UUID | None, Mapping[str, str]]], *, owns: bool = False) -> Principal:
    person = Principal(SimpleNamespace(id=uuid4(), display_name="Somebody", is_superuser=False))  # type: ignore[arg-type]  # all that a principal asks of a user
    owner = person.id if owns else uuid4()
    person.remember(SERVER, frozenset())
    person.learn(
        (uuid4(), SERVER, owner, where, 0, document, None, None, None, True) for where, document in held
    )
    return person


@given(st.lists(documents, max_size=6))
def test_the_highest_role_that_says_something_decides(found: list[dict[str, str]]) -> None:
    assert resolve(found) == expected(found)


@given(roles)
def test_the_roles_of_a_chronicle_speak_first_and_there_alone(
    held: list[tuple[UUID | None, dict[str, str]]],
) -> None:
    person = somebody(held)
    everywhere = [document for where, document in held if where is None]
    assert person.permissions(SERVER) == expected(everywhere)
    for story in (STORY, OTHER_STORY):
        own = [
            {name: verdict for name, verdict in document.items() if name in IN_A_CHRONICLE}
            for where, document in held
            if where == story
        ]
        assert person.permissions(SERVER, story) == expected([*own, *everywhere])


@given(roles)
def test_a_chronicle_gives_nothing_of_the_server(held: list[tuple[UUID | None, dict[str, str]]]) -> None:
    person = somebody(held)
    beyond = ALL_PERMISSIONS - IN_A_CHRONICLE
    assert person.permissions(SERVER, STORY) & beyond == person.permissions(SERVER) & beyond


@given(roles, roles)
def test_owners_may_everything_everywhere(
    held: list[tuple[UUID | None, dict[str, str]]], more: list[tuple[UUID | None, dict[str, str]]]
) -> None:
    person = somebody([*held, (None, {}), *more], owns=True)
    assert person.permissions(SERVER) == person.permissions(SERVER, STORY) == ALL_PERMISSIONS


@given(roles, documents)
def test_what_is_remembered_counts_in_the_chronicles_too(
    held: list[tuple[UUID | None, dict[str, str]]], document: dict[str, str]
) -> None:
    person = somebody(held)
    gained = person.permissions(SERVER) | resolve([document])
    before = person.permissions(SERVER, STORY)
    new = gained - person.permissions(SERVER)
    person.remember(SERVER, gained)
    assert person.permissions(SERVER) == gained
    assert person.permissions(SERVER, STORY) == before | new


@given(roles)
def test_forgetting_leaves_nothing(held: list[tuple[UUID | None, dict[str, str]]]) -> None:
    person = somebody(held)
    person.forget(SERVER)
    person.remember(SERVER, frozenset())
    assert person.permissions(SERVER, STORY) == frozenset()
    assert person.inside(SERVER) == {}
