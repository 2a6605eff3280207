"""Facts as the Discord process sends them: parsed whole, or refused with the path of what is wrong."""

import time
from typing import Any

import pytest

from bot.authentication import is_valid
from chronicle.door import parse
from contract.acting import Acting
from contract.guilds import Members
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
    said = parse(Acting, bot_body("mira", command="/vampire update hunger:2", interaction="42"))
    member = said.member()
    assert (member.id, member.username) == (DISCORD_IDS["mira"], "mira")
    assert (member.roles, member.bits) == ([PLAYER], 1024)
    assert said.guild is not None
    assert (said.guild.id, said.guild.name) == (GUILD, "Night Court")
    assert said.interaction is not None
    assert (said.interaction.id, said.interaction.command) == ("42", "/vampire update hunger:2")


def test_a_direct_message_has_no_guild() -> None:
    assert parse(Acting, bot_body("mira", guild=None)).guild is None


def test_permissions_are_read_from_text_of_any_size_that_discord_uses() -> None:
    said = parse(Acting, changed("guild.member.permissions", str(2**63 + 8)))
    assert said.member().bits & 8


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
        parse(Acting, changed(path, value))
    assert [found.removesuffix(".0") for found in caught.value.data["fields"]] == [path]


def test_parsing_is_cheap() -> None:
    body = bot_body("mira")
    started = time.perf_counter()
    for _ in range(1000):
        parse(Acting, body).member()
    assert time.perf_counter() - started < 1.0  # a thousandth of what a person waits for


def test_a_batch_of_members_is_cheap_too() -> None:
    roles = [str(8 * 10**17 + number) for number in range(20)]
    people = [{"id": str(number), "username": "x", "roles": roles} for number in range(1, 1001)]
    started = time.perf_counter()
    parse(Members, {"guild_id": GUILD, "members": people})
    assert time.perf_counter() - started < 0.5


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
