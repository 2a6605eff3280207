"""New, set and update for every type of character of both editions, each with trackers of its own."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from haven.schema import schema
from sandbox.person import Person
from sandbox.reply import Reply
from tests.end_to_end.waiting import until

Come = Callable[[str], Awaitable[Person]]
Values = dict[str, Any]
ELDER, GUILD_OF_HEROES = "Elder Court", "Guild of Heroes"
# Which edition is chosen there, by its label, and a command that it brings.
OTHERS = {
    ELDER: ("20th", "20th anniversary edition", "mage"),
    GUILD_OF_HEROES: ("fantasy", "Fantasy", "fantasy"),
}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Case:
    """What is typed, and what must be told: `said` after the update, `rows` on the card then."""

    splat: str
    command: str
    new: Values
    set: Values
    update: Values
    said: list[str]
    rows: dict[str, str] = field(default_factory=dict)

    @property
    def guild(self) -> str:
        if self.splat == "fantasy":
            return GUILD_OF_HEROES
        return "Night Court" if self.splat.endswith("5th") else ELDER


CASES = [
    Case(
        "vampire5th",
        "vampire",
        {"health": 7, "humanity": 7},
        {"hunger": 1},
        {"hunger": 2, "stains": 1, "health_superficial": 2},
        ["**Hunger** 1 → 3", "**Stains** 0 → 1"],
        {"Health": "◪◪▢▢▢ ▢▢", "Humanity": "●●●●● ●●○○✕"},
    ),
    Case(
        "human5th",
        "mortal",
        {"type": "Human", "health": 4},
        {"willpower": 3},
        {"health_aggravated": 1},
        ["**Health aggravated** 0 → 1"],
        {"Health": "▣▢▢▢", "Willpower": "▢▢▢"},
    ),
    Case(
        "ghoul5th",
        "mortal",
        {"type": "Ghoul", "humanity": 7},
        {"health": 5},
        {"humanity": -1, "willpower_superficial": 1},
        ["**Humanity** 7 → 6"],
        {"Health": "▢▢▢▢▢"},
    ),
    Case(
        "hunter5th",
        "hunter",
        {"desperation": 2},
        {"danger": 3, "despair": False},
        {"desperation": 1, "danger": -1, "despair": True},
        ["**Desperation** 2 → 3", "**Danger** 3 → 2", "**Despair** no → yes"],
        {"Danger": "●●○○○"},
    ),
    Case(
        "werewolf5th",
        "werewolf",
        {"health": 4, "form": "Homid"},
        {"harano": 1, "rage": 2},
        {"form": "Crinos", "rage": 1, "hauglosk": 2},
        ["**Form** Homid → Crinos", "**Rage** 2 → 3", "**Hauglosk** 0 → 2"],
        {"Health": "▢▢▢▢▢ ▢▢▢"},
    ),
    Case(
        "vampire20th",
        "vampire",
        {"willpower": 5, "blood": 12, "morality_name": "Path of Blood"},
        {"morality": 6, "blood_current": 10},
        {"blood": -3, "willpower": -1, "morality_name": "Humanity", "health_lethal": 2, "health_bashing": 1},
        [
            "**Blood left** 10 → 7",
            "**Willpower left** 5 → 4",
            "**Path** Path of Blood → Humanity",
            "**Health lethal** 0 → 2",
        ],
        {"Blood": "●●●●● ●●○○○ ○○", "Willpower": "●●●●○", "Health": "⊠⊠◪▢▢ ▢▢"},
    ),
    Case(
        "ghoul20th",
        "ghoul",
        {"humanity": 6},
        {"vitae": 3},
        {"vitae": -1, "blood": -4},
        ["**Vitae** 3 → 2", "**Blood** 10 → 6"],
        {"Humanity": "●●●●● ●○○○○"},
    ),
    Case(
        "human20th",
        "human",
        {"humanity": 8},
        {"blood": 9},
        {"blood": -2, "health_aggravated": 1},
        ["**Blood** 9 → 7"],
        {"Health": "▣▢▢▢▢ ▢▢"},
    ),
    Case(
        "werewolf20th",
        "werewolf",
        {"rage": 4, "gnosis": 3},
        {"form": "Crinos"},
        {"rage": 2, "gnosis": -1, "form": "Lupus"},
        ["**Rage left** 4 → 6", "**Gnosis left** 3 → 2", "**Form** Crinos → Lupus"],
        {"Rage": "●●●●◉ ◉", "Gnosis": "●●○"},
    ),
    Case(
        "changeling20th",
        "changeling",
        {"glamour": 4, "banality": 3},
        {"banality_temporary": 8, "imbalance": 1},
        {"banality": 3, "nightmare": 2, "glamour": -1, "chimerical_bashing": 2},
        [
            "**Banality** 3 → 4",
            "**Banality, temporary** 8 → 1",
            "**Nightmare** 0 → 2",
            "**Glamour left** 4 → 3",
        ],
        {"Banality": "●●●●○ ○○○○○  ■□□□□ □□□□□", "Chimerical health": "◪◪▢▢▢ ▢▢"},
    ),
    Case(
        "mage20th",
        "mage",
        {"arete": 3, "quintessence": 15},
        {"paradox": 3},
        {"paradox": 4, "arete": -1},
        ["**Paradox** 3 → 7", "**Quintessence** 15 → 13", "**Arete** 3 → 2"],
        {"Quintessence and Paradox": "●●●●● ●●●●● ●●●✕✕ ✕✕✕✕✕"},
    ),
    Case(
        "wraith20th",
        "wraith",
        {"corpus": 10, "pathos": 5},
        {"angst": 2},
        {"corpus": -2, "pathos": 1, "angst": 4},
        ["**Corpus left** 10 → 8", "**Pathos** 5 → 6", "**Angst, temporary** 0 → 4"],
        {"Corpus": "●●●●● ●●●○○"},
    ),
    Case(
        "demon20th",
        "demon",
        {"faith": 3, "torment": 4},
        {"torment": 5},
        {"faith": -1, "torment": 2},
        ["**Faith left** 3 → 2", "**Torment, temporary** 0 → 2"],
        {"Faith": "●●○"},
    ),
    Case(
        "fantasy",
        "fantasy",
        {"hp": 28, "ac": 16},
        {"hp_temporary": 5},
        {"hp": -12, "inspiration": True},
        ["**Hit Points left** 28 → 21", "**Temporary Hit Points** 5 → 0", "5 came off the temporary ones"],
        {"Hit Points": "■■■■■ ■■■□□", "Armor Class": "16"},
    ),
]


async def found(vesna: Person, guild: str) -> None:
    """Another server of Vesna's; its commands are those of its edition once Discord has been told."""
    edition, label, command = OTHERS[guild]
    if guild not in {each["name"] for each in (await vesna.world())["guilds"]}:
        await vesna.call("POST", "guilds", {"name": guild, "owner": "vesna"})
        await has_command(vesna, guild, "server")
        answer = await vesna.slash("server edition", guild=guild, options={"edition": edition})
        assert label in answer.content
    await has_command(vesna, guild, command)


async def has_command(person: Person, guild: str, name: str) -> None:

    async def came() -> bool:
        return name in await words_of(person, guild)

    await until(came)


async def words_of(person: Person, guild: str | None, *, dm: bool = False) -> set[str]:
    return {command["name"] for command in await person.commands(guild, dm=dm)}


@pytest_asyncio.fixture(loop_scope="session")
async def vesna(stack: Any, person: Come) -> Person:
    someone = await person("vesna")
    for guild in OTHERS:
        await found(someone, guild)
    return someone


async def required(person: Person, case: Case) -> Values:
    """The smallest value for what must be given and the case does not care about."""
    command = next(listed for listed in await person.commands(case.guild) if listed["name"] == case.command)
    new = next(part for part in command["options"] if part["name"] == "new")
    return {option["name"]: option.get("min_value", 1) for option in new["options"] if option.get("required")}


def rows(reply: Reply) -> dict[str, str]:
    assert reply.embeds, reply.content
    return {row["name"]: row["value"] for row in reply.embeds[0]["fields"]}


def test_every_splat_has_its_case() -> None:
    assert [case.splat for case in CASES] == [splat["slug"] for splat in schema()["splats"]]


@pytest.mark.req("CARD-05", "CARD-09")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.splat)
async def test_new_set_and_update(case: Case, vesna: Person) -> None:
    name = f"{case.splat} {next(_numbers)}"
    typed = {**(await required(vesna, case)), **case.new, "name": name}
    made = await vesna.slash(f"{case.command} new", guild=case.guild, options=typed)
    declared = next(splat for splat in schema()["splats"] if splat["slug"] == case.splat)
    assert set(rows(made)) >= {trait["label"] for trait in declared["traits"] if trait["tracker"]}

    answer = await vesna.slash(f"{case.command} set", guild=case.guild, options={"name": name, **case.set})
    assert rows(answer)
    done = await vesna.slash(
        f"{case.command} update", guild=case.guild, options={"name": name, **case.update}
    )
    for line in case.said:
        assert line in done.text
    for label, drawn in case.rows.items():
        assert rows(done)[label].startswith(drawn), rows(done)[label]


async def test_what_does_not_fit_is_told_in_the_rules_words(vesna: Person) -> None:
    name = f"Struck {next(_numbers)}"
    options = await required(vesna, CASES[5]) | {"name": name}
    await vesna.slash("vampire new", guild=ELDER, options=options)
    struck = await vesna.slash("vampire update", guild=ELDER, name=name, health_bashing=9, willpower=3)
    assert "2 upgraded" in struck.text
    assert "Incapacitated (−5 dice)" in struck.text
    assert "Willpower stops at" in struck.text
    assert rows(struck)["Health"].startswith("⊠⊠◪◪◪ ◪◪")


async def test_a_server_sees_its_edition_alone(vesna: Person) -> None:
    young, old = await words_of(vesna, "Night Court"), await words_of(vesna, ELDER)
    assert {"hunter", "mortal"} <= young - old
    assert {"mage", "wraith", "demon", "changeling", "ghoul", "human"} <= old - young


async def test_direct_messages_know_both_editions_by_words_of_their_own(vesna: Person) -> None:
    assert {"vampire", "vampire20", "werewolf", "werewolf20", "mage", "hunter"} <= await words_of(
        vesna, None, dm=True
    )
    name = f"Far from the table {next(_numbers)}"
    options = await required(vesna, CASES[5]) | {"name": name, "blood": 10}
    await vesna.slash("vampire20 new", channel="@dm", options=options)
    spent = await vesna.slash("vampire20 update", channel="@dm", name=name, blood=-4)
    assert "**Blood left** 10 → 6" in spent.text
    assert rows(spent)["Blood"].startswith("●●●●● ●○○○○")
