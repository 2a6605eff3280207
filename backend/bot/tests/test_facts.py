"""Facts as the Discord process sends them: parsed whole, or refused with the path of what is wrong."""

import time
from typing import Any

import pytest

from bot.authentication import is_valid
from bot.facts import TooLarge, facts_of, members_of
from rules.errors import Invalid
from testing.personas import DISCORD_IDS, GUILD, PLAYER, bot_body


def changed(path: str, value: Any) -> dict[str, Any]:
    """A good body with one thing wrong."""
    body = bot_body("mira")
    node: Any = body
    *parents, last = path.split(".")
    for name in parents:
        node = node[name]
    node[last] = value
    return body


def test_a_good_body_says_who_where_and_by_what() -> None:
    facts = facts_of(bot_body("mira", command="/vampire update hunger:2", interaction="42"))
    assert (facts.member.profile.id, facts.member.profile.username) == (DISCORD_IDS["mira"], "mira")
    assert (facts.member.roles, facts.member.permissions) == (frozenset({PLAYER}), 1024)
    assert facts.guild is not None
    assert (facts.guild.id, facts.guild.name) == (GUILD, "Night Court")
    assert (facts.interaction.id, facts.interaction.command) == ("42", "/vampire update hunger:2")


def test_a_direct_message_has_no_guild() -> None:
    assert facts_of(bot_body("mira", guild=None)).guild is None


def test_permissions_are_read_from_text_of_any_size_that_discord_uses() -> None:
    facts = facts_of(changed("guild.member.permissions", str(2**63 + 8)))
    assert facts.member.permissions & 8


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actor", None),
        ("actor", []),
        ("actor.id", 730000000000000003),
        ("actor.id", ""),
        ("actor.id", "-1"),
        ("actor.id", "1" * 21),
        ("actor.id", str(2**63)),
        ("actor.id", "\u0661"),
        ("actor.username", {"a": 1}),
        ("actor.username", "x" * 5000),
        ("actor.avatar", 7),
        ("guild", "here"),
        ("guild.id", None),
        ("guild.owner_id", "x"),
        ("guild.member", []),
        ("guild.member.roles", "x"),
        ("guild.member.roles", [1]),
        ("guild.member.roles", ["1"] * 501),
        ("guild.member.permissions", "all"),
        ("guild.member.permissions", -1),
        ("guild.member.permissions", str(2**64)),
        ("guild.member.permissions", True),
        ("guild.member.nick", 5),
        ("channel_id", "x"),
        ("interaction", "x"),
        ("interaction.id", "x" * 41),
        ("interaction.command", 5),
    ],
)
def test_what_is_wrong_is_named_by_its_path(path: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        facts_of(changed(path, value))
    assert list(caught.value.data["fields"]) == [path]


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(Invalid):
        facts_of(body)


def test_batches_leave_bots_out_and_have_a_limit() -> None:
    people = [{"id": str(one), "username": "x", "bot": one % 2 == 0} for one in range(1, 1001)]
    assert len(members_of(people)) == 500
    with pytest.raises(TooLarge):
        members_of([*people, people[0]])
    with pytest.raises(Invalid):
        members_of({})


def test_parsing_is_cheap() -> None:
    body = bot_body("mira")
    started = time.perf_counter()
    for _ in range(1000):
        facts_of(body)
    assert time.perf_counter() - started < 1.0  # a thousandth of what a person waits for


@pytest.mark.req("S004-33")
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Api-Key b", True),
        ("api-key b", True),
        ("Api-Key  b ", True),
        ("Api-Key bb", False),
        ("Api-Key", False),
        ("Bearer b", False),
        ("b", False),
        ("", False),
    ],
)
def test_keys(header: str, expected: bool) -> None:
    assert is_valid(header, ["a", "b", "c"]) is expected


@pytest.mark.req("S004-33")
def test_every_key_is_compared_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr("bot.authentication.hmac.compare_digest", lambda a, b: compared.append(b) or a == b)
    is_valid("Api-Key a", ["a", "b", "c"])
    assert compared == [b"a", b"b", b"c"]
