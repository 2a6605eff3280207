"""A cache of autocomplete suggestions: typing ten letters costs one or two calls, not ten."""

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cachetools import TTLCache

from contract.lookup import fitting

SECONDS = 5.0
ENTRIES = 8192
# As many as Discord shows.
MAX_SHOWN = 25


class Suggestion(NamedTuple):
    """`value` is sent when it is chosen, `label` is shown, `name` is what a query is compared with."""

    value: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`complete` when nothing else matches the query, so that a longer query needs no call."""

    results: tuple[Suggestion, ...]
    complete: bool = False


Load = Callable[[str], Awaitable[Suggestions]]
# Whose it is comes first, then what distinguishes the place and the option.
Key = tuple[str, ...]


class SuggestionCache:
    """Suggestions by key and query, for a few seconds. A complete answer serves longer queries too."""

    def __init__(
        self, seconds: float = SECONDS, entries: int = ENTRIES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._cache: TTLCache[tuple[Key, str], Suggestions] = TTLCache(entries, seconds, clock)

    async def get(self, key: Key, query: str, load: Load) -> tuple[Suggestion, ...]:
        for prefix in _prefixes(query):
            known = self._cache.get((key, prefix))
            if known and prefix == query:
                return known.results
            if known and known.complete:
                return _matching(known.results, query)
        answer = await load(query)
        self._cache[key, query] = answer
        return answer.results

    def forget(self, person: str) -> None:
        """Drop what was suggested to this person, whose names may be others now."""
        for key, query in list(self._cache):
            if key[0] == person:
                self._cache.pop((key, query), None)


def _prefixes(query: str) -> Iterator[str]:
    """The query itself first, then ever shorter ones."""
    return (query[:length] for length in range(len(query), -1, -1))


def _matching(suggestions: tuple[Suggestion, ...], query: str) -> tuple[Suggestion, ...]:
    """Those whose name fits the query, the best first."""
    return tuple(fitting(query, suggestions, lambda suggestion: suggestion.name))
