"""Request bodies as the Discord process sends them: people, guilds, and a change of a vampire's Hunger."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from scripts.bench.client import Answer, Http
from scripts.bench.options import Community

_numbers = itertools.count(1)
# By character: the next value, so that every call is a change, by any client.
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
        name, player = user_name(self.player), user_id(self.player)
        permissions = "8" if self.owner == player else "1024"
        member: dict[str, object] = {"nick": None, "avatar": None, "roles": [], "permissions": permissions}
        guild = {"id": self.guild, "name": f"Court {self.guild}", "owner_id": self.owner, "icon": None}
        change = {"path": "hunger", "op": "set", "value": next(_hunger[self.character])}
        return orjson.dumps(
            {
                "actor": {"id": player, "username": name, "global_name": name.title(), "avatar": None},
                "guild": guild | {"member": member},
                "channel_id": self.guild,
                "interaction": {"id": str(number), "command": '/vampire update name:"Night Owl" hunger:+1'},
                "character": self.character,
                "changes": [change],
            }
        )

    async def change(self, http: Http) -> Answer:
        """Send a change; raise when it is refused, so that a refused change never counts as a fast one."""
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


def targets(key: str, community: Community, first_player: int = 0) -> list[Target]:
    """Return a target for each character of a community."""
    return [
        Target(key, community["guild"], community["owner"], first_player + number, character)
        for number, character in enumerate(community["characters"])
    ]
