"""What the Discord process would send: people, guilds, and a change of a vampire's Hunger."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from scripts.bench.client import Answer, Http

_numbers = itertools.count(1)
# By character: whoever changes it next goes on from here, so that every call is a change.
_hunger: dict[str, Iterator[int]] = defaultdict(lambda: itertools.cycle((2, 3, 4, 5, 1)))


def user_id(number: int) -> str:
    return str(5 * 10**17 + number)


def user_name(number: int) -> str:
    return f"player{number}"


@dataclass(frozen=True)
class Target:
    """A character, its player (by number) and the guild that the commands come from."""

    key: str
    guild: str
    owner: str
    player: int
    character: str

    def body(self, number: int) -> bytes:
        return orjson.dumps(self._common(number) | {"character": self.character, "changes": self._changes()})

    def _changes(self) -> list[dict[str, Any]]:
        return [{"path": "hunger", "op": "set", "value": next(_hunger[self.character])}]

    def _common(self, number: int) -> dict[str, Any]:
        name = user_name(self.player)
        person = {"id": user_id(self.player), "username": name, "global_name": name.title(), "avatar": None}
        owns = self.owner == person["id"]
        member: dict[str, Any] = {
            "nick": None,
            "avatar": None,
            "roles": [],
            "permissions": "8" if owns else "1024",
        }
        return {
            "actor": person,
            "guild": {
                "id": self.guild,
                "name": f"Court {self.guild}",
                "owner_id": self.owner,
                "icon": None,
                "member": member,
            },
            "channel_id": self.guild,
            "interaction": {"id": str(number), "command": '/vampire update name:"Night Owl" hunger:+1'},
        }

    async def change(self, http: Http) -> Answer:
        """Raises when the platform refuses: a refused change must never count as a fast one."""
        number = next(_numbers)
        headers = {
            "Authorization": f"Api-Key {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{number}",
        }
        answer = await http.call("PATCH", "/bot/characters", self.body(number), headers)
        if answer.status != 200:
            raise RuntimeError(f"a change was answered with {answer.status}: {answer.body[:500]!r}")
        return answer


def targets(key: str, place: dict[str, Any], first_player: int = 0) -> list[Target]:
    """One for each character of a place of `scripts.bench.world`."""
    return [
        Target(key, place["guild"], place["owner"], first_player + number, character)
        for number, character in enumerate(place["characters"])
    ]
