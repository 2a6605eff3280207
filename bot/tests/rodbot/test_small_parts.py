"""The suggestion cache, the rate limiter, the text of a command, choices: without a Discord."""

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import discord
import pytest
from discord.app_commands import AppCommandChannel

from rodbot.characters.trait_options import value_completion
from rodbot.core.caller import command_text
from rodbot.core.rate_limit import RateLimiter
from rodbot.core.suggestions import Suggestion, SuggestionCache, Suggestions

KEY = ("mira", "guild")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """Answers with the names that contain the query, and counts."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.queries: list[str] = []

    async def __call__(self, query: str) -> Suggestions:
        self.queries.append(query)
        found = [Suggestion(name, name, name) for name in self.names if query in name.casefold()]
        return Suggestions(tuple(found[:25]), complete=len(found) < 25)


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def names(cache: SuggestionCache, query: str, ask: Asked, key: tuple[str, ...] = KEY) -> list[str]:
    return [n.name for n in await cache.get(key, query, ask)]


async def test_a_whole_answer_serves_longer_queries(clock: Clock) -> None:
    cache, ask = SuggestionCache(5, clock=clock), Asked("Night Owl", "Owl of Night", "Fox")
    assert await names(cache, "", ask) == ["Night Owl", "Owl of Night", "Fox"]
    assert await names(cache, "owl", ask) == ["Owl of Night", "Night Owl"]
    assert await names(cache, "owl o", ask) == ["Owl of Night"]
    assert ask.queries == [""]


async def test_a_cut_answer_serves_only_its_own_query(clock: Clock) -> None:
    cache, ask = SuggestionCache(5, clock=clock), Asked(*(f"Owl {n:02}" for n in range(40)))
    await names(cache, "owl", ask)
    assert await names(cache, "owl 3", ask) == [f"Owl {n}" for n in range(30, 40)]
    assert ask.queries == ["owl", "owl 3"]


async def test_what_is_old_is_asked_again(clock: Clock) -> None:
    cache, ask = SuggestionCache(5, clock=clock), Asked("Owl")
    await names(cache, "", ask)
    clock.now += 5.1
    await names(cache, "", ask)
    assert len(ask.queries) == 2


async def test_people_and_places_do_not_share(clock: Clock) -> None:
    cache = SuggestionCache(5, clock=clock)
    await names(cache, "", Asked("Owl"))
    assert await names(cache, "", Asked("Fox"), ("jonas", "guild")) == ["Fox"]
    assert await names(cache, "", Asked("Cat"), ("mira", "other")) == ["Cat"]


async def test_a_change_is_seen_at_once(clock: Clock) -> None:
    cache = SuggestionCache(5, clock=clock)
    await names(cache, "", Asked("Owl"))
    cache.forget("mira")
    assert await names(cache, "", Asked("Fox")) == ["Fox"]


async def test_the_cache_has_an_end(clock: Clock) -> None:
    cache = SuggestionCache(5, 3, clock)
    for person in range(10):
        await names(cache, "", Asked("Owl"), (str(person),))
    assert len(cache._cache) <= 3


async def test_the_rate_limiter_lets_people_type_and_stops_floods(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "time", clock)
    limiter = RateLimiter(3, 1.0)
    assert [await limiter.allows(1) for _ in range(4)] == [True, True, True, False]
    assert await limiter.allows(2)
    clock.now += 1
    assert await limiter.allows(1)
    assert not await limiter.allows(1)


def interaction(**options: object) -> Any:
    """An interaction as far as its command can be told: discord.py reads the options."""
    return SimpleNamespace(
        command=SimpleNamespace(qualified_name="vampire update"), namespace=options.items()
    )


def named(kind: type, **names: str) -> Any:
    found = Mock(spec=kind)
    found.configure_mock(**names)
    return found


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ({"hunger": 2}, "hunger:2"),
        ({"despair": False}, "despair:no"),
        ({"name": "Night Owl"}, 'name:"Night Owl"'),
        ({"player": named(discord.Member, name="mira")}, "player:@mira"),
        ({"channel": named(AppCommandChannel, name="table")}, "channel:#table"),
        ({"image": named(discord.Attachment, filename="owl.png")}, "image:owl.png"),
    ],
)
def test_a_command_is_noted_as_it_was_typed(option: dict[str, object], text: str) -> None:
    assert command_text(interaction(**option)) == f"/vampire update {text}"


def test_ids_from_completion_are_left_out_and_long_commands_cut() -> None:
    assert command_text(interaction(name="01930000-0000-7000-8000-0123456789ab")) == "/vampire update"
    assert len(command_text(interaction(notes="x" * 900))) <= 400


async def test_long_lists_of_choices_complete() -> None:
    complete = value_completion([f"Tribe {n}" for n in range(60)] + ["x" * 101])
    assert len(await complete(SimpleNamespace(), "")) == 25
    assert [c.value for c in await complete(SimpleNamespace(), "tribe 59")] == ["Tribe 59"]
    assert await complete(SimpleNamespace(), "xxx") == []
