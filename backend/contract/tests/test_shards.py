"""Which shards a Discord process runs, and which settings are refused."""

from pathlib import Path

import pytest

from contract.dotenv import ConfigError, DotEnv
from contract.shards import Shards, shard_range
from contract.variables import Variables, check, understand


def variables(**given: str) -> Variables:
    return understand(given, DotEnv(Path()), given)


def test_ranges_share_all_servers_and_none_has_two() -> None:
    parts = Shards(10, 0, 9).split(4)
    assert [list(part.ids) for part in parts] == [[0, 1], [2, 3, 4], [5, 6], [7, 8, 9]]
    for guild_id in range(1 << 22, 40 << 22, 1 << 22):
        assert sum(part.serves(guild_id) for part in parts) == 1
    assert sum(part.share for part in parts) == 1


def test_what_is_set_makes_the_shards_of_a_process() -> None:
    assert variables().shards is None
    assert variables(DISCORD_SHARDS="8").shards == Shards(8, 0, 7)
    assert variables(DISCORD_SHARDS="8", DISCORD_SHARD_RANGE="4-5").shards == Shards(8, 4, 5)
    assert variables(DISCORD_SHARDS="8", DISCORD_SHARD_RANGE="7").shards == Shards(8, 7, 7)


@pytest.mark.parametrize("text", ["", "3-1", "a-b", "-1", "1-", "1,2", "0-3-5", "123456", "٣"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be the first and the last shard"):
        shard_range(text)


@pytest.mark.parametrize("text", ["", "0-3", "3-1/4", "0-4/4", "0-0/0", "0-99999/99999", " 0-3/8"])
def test_what_names_no_shards_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such shards do not exist"):
        Shards.read(text)
    assert str(Shards.read("0-3/8")) == "0-3/8"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"DISCORD_SHARD_RANGE": "0-3"}, "DISCORD_SHARD_RANGE is set, and DISCORD_SHARDS is not"),
        ({"DISCORD_SHARDS": "4", "DISCORD_SHARD_RANGE": "2-4"}, "the last of DISCORD_SHARDS=4 is 3"),
        ({"DISCORD_PROCESSES": "2"}, "DISCORD_PROCESSES is 2, and DISCORD_SHARDS is not set"),
        (
            {"DISCORD_SHARDS": "8", "DISCORD_SHARD_RANGE": "6-7", "DISCORD_PROCESSES": "3"},
            "DISCORD_PROCESSES is 3, and this machine has 2 of the shards",
        ),
        ({"DISCORD_SHARDS": "0"}, "DISCORD_SHARDS must be a whole number"),
    ],
)
def test_shards_that_do_not_go_together_are_refused_in_a_sentence(
    given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        check(variables(**given))
