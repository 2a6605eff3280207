"""Which of Discord's shards a process runs: Discord puts a server on shard `(id >> 22) % count`, and direct messages on
shard 0. Standard library only, as the scripts read variables before anything is installed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Discord recommends a shard for a thousand servers and refuses one with more than 2,500.
MOST = 16_384
NAMED = re.compile(r"(\d{1,5})-(\d{1,5})/(\d{1,5})", re.ASCII)
RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


@dataclass(frozen=True)
class Shards:
    """The shards `first` to `last` of the `count` that the bot has in all."""

    count: int
    first: int
    last: int

    @property
    def ids(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def share(self) -> float:
        """How much of the bot this is: what Discord allows the bot as a whole is divided by it."""
        return len(self.ids) / self.count

    def serves(self, guild_id: int) -> bool:
        return (guild_id >> 22) % self.count in self.ids

    def split(self, parts: int) -> list["Shards"]:
        """As many ranges, one after the other and as equal as can be."""
        ends = [self.first + len(self.ids) * part // parts for part in range(parts + 1)]
        return [Shards(self.count, first, after - 1) for first, after in pairwise(ends)]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}/{self.count}"

    @classmethod
    def read(cls, text: str) -> "Shards":
        """Those of `0-3/8`. Raises ValueError."""
        found = NAMED.fullmatch(text)
        first, last, count = map(int, found.groups()) if found else (1, 0, 0)
        if not first <= last < count <= MOST:
            raise ValueError("such shards do not exist")
        return cls(count, first, last)


# One shard has every server.
ALL = Shards(1, 0, 0)


def shard_range(value: str) -> tuple[int, int]:
    """The first and the last shard of `0-3`, or of `4` alone."""
    found = RANGE.fullmatch(value)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise ValueError("must be the first and the last shard of this process, such as 0-3, or one alone.")
    return first, last


def problems(count: int | None, chosen: tuple[int, int] | None, processes: int) -> Iterator[str]:
    """What does not go together in DISCORD_SHARDS, DISCORD_SHARD_RANGE and DISCORD_PROCESSES."""
    if count is None and chosen:
        yield (
            "DISCORD_SHARD_RANGE is set, and DISCORD_SHARDS is not. Say there how many shards the bot has in all, the "
            "same on every machine."
        )
    elif count is None and processes > 1:
        yield (
            f"DISCORD_PROCESSES is {processes}, and DISCORD_SHARDS is not set. Say there how many shards the bot has "
            "in all: the processes divide them."
        )
    elif count is not None:
        first, last = chosen or (0, count - 1)
        if last >= count:
            yield (
                f"DISCORD_SHARD_RANGE goes to shard {last}, and the last of DISCORD_SHARDS={count} is {count - 1}: "
                "they are counted from 0."
            )
        elif processes > last - first + 1:
            yield (
                f"DISCORD_PROCESSES is {processes}, and this machine has {last - first + 1} of the shards: each "
                "process needs one at least. Raise DISCORD_SHARDS, or start fewer processes."
            )
