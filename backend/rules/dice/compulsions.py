"""Compulsions: what the Beast wants when it has its way (Vampire core 208–211; PG is the Players Guide)."""

from dataclasses import dataclass

from contract.translation import N_
from rules.dice.base import REGULAR, Check, Step, die
from rules.dice.source import Source
from rules.options import Choice, Flag, OptionSet, declare

# What labels are made of.
ITS_OWN = N_("its own compulsion")


@dataclass(frozen=True)
class Compulsion:
    """`upto` is the highest number of the d10; 10 is the clan's."""

    slug: str
    name: str
    upto: int
    rule: str
    ends: str
    colour: str
    page: str


TABLE = (
    Compulsion(
        "hunger",
        "Hunger",
        3,
        "−2 dice to anything that doesn’t lead to feeding.",
        "Ends when you have slaked at least 1 Hunger.",
        "#820000",
        "core 208",
    ),
    Compulsion(
        "dominance",
        "Dominance",
        5,
        "−2 dice to anything that doesn’t prove you are the stronger one; no teamwork.",
        "Ends when you have won a contest and gloated over it.",
        "#800080",
        "core 209",
    ),
    Compulsion(
        "harm",
        "Harm",
        7,
        "−2 dice to anything that harms no one, be it body, feelings or treasured things.",
        "Ends when the target is down, destroyed or driven away.",
        "#d90000",
        "core 209",
    ),
    Compulsion(
        "paranoia",
        "Paranoia",
        9,
        "−2 dice to anything that doesn’t get you away to safety.",
        "Ends after about an hour in a safe place.",
        "#177280",
        "core 210",
    ),
)
CLAN_COLOUR = "#a89327"


@dataclass(frozen=True)
class ClanCompulsion:
    name: str
    rule: str
    page: str


CLAN = {
    "Banu Haqim": ClanCompulsion(
        "Judgment",
        "Slake at least 1 Hunger from someone who acts against one of your Convictions. −3 dice to everything until "
        "you have done so or the scene ends; a vampire’s blood calls for a hunger frenzy test.",
        "PG 18",
    ),
    "Brujah": ClanCompulsion(
        "Rebellion",
        "−2 dice until you defy an order or an expectation, or change someone’s mind.",
        "core 210",
    ),
    "Gangrel": ClanCompulsion(
        "Feral Impulses",
        "For the scene, −3 dice to Manipulation and Intelligence rolls, and you speak one word at a time.",
        "core 210",
    ),
    "Hecata": ClanCompulsion(
        "Morbidity",
        "−2 dice to anything that doesn’t end something or bring it back from its end, until you have done so.",
        "PG 24",
    ),
    "Lasombra": ClanCompulsion(
        "Ruthlessness",
        "After your next failure, −2 dice to everything until the same action succeeds or the scene ends.",
        "PG 30",
    ),
    "Malkavian": ClanCompulsion(
        "Delusion",
        "For the scene, −2 dice to Dexterity, Manipulation, Composure and Wits rolls, and to resist terror frenzy.",
        "core 210",
    ),
    "Ministry": ClanCompulsion(
        "Transgression",
        "−2 dice to anything that doesn’t tempt someone, yourself included, to break a Tenet or a Conviction. Ends "
        "when it has caused at least 1 stain.",
        "PG 36",
    ),
    "Nosferatu": ClanCompulsion(
        "Cryptophilia",
        "−2 dice to anything that doesn’t hunt for a secret, and you share your own only in trade. Ends when you learn "
        "a secret that matters.",
        "core 210",
    ),
    "Ravnos": ClanCompulsion(
        "Tempting Fate",
        "−2 dice to anything but the most daring way out of the next problem, until it is solved or hopeless.",
        "PG 42",
    ),
    "Salubri": ClanCompulsion(
        "Affective Empathy",
        "−2 dice to anything that doesn’t help one person nearby with their problem. Ends when that is eased, when "
        "something worse happens, or with the scene.",
        "PG 48",
    ),
    "Toreador": ClanCompulsion(
        "Obsession",
        "−2 dice to anything that isn’t about the one beautiful thing, until it is out of sight or the scene ends.",
        "core 210",
    ),
    "Tremere": ClanCompulsion(
        "Perfectionism",
        "−2 dice until a critical win or the end of the scene; only −1 when you repeat an action, and none the time "
        "after that.",
        "core 210",
    ),
    "Tzimisce": ClanCompulsion(
        "Covetousness",
        "−2 dice to anything that doesn’t help you own one thing or person in the scene, until you have it or lose it.",
        "PG 54",
    ),
    "Ventrue": ClanCompulsion(
        "Arrogance",
        "−2 dice to anything but leading, until someone obeys an order that no power enforced.",
        "core 211",
    ),
}
# Caitiff and thin-bloods have no clan to be driven by: they roll among the other four.
CLANLESS = ("Caitiff", "Thin-blood")
CLANS = (*CLAN, *CLANLESS)


@dataclass(frozen=True, kw_only=True)
class CompulsionOptions(OptionSet):
    clan: str | None = declare(
        Choice(
            "Clan",
            "The clan; the sheet’s if left out",
            {clan: clan for clan in sorted(CLANS)},
            free_text=50,
            sheet="clan",
        )
    )
    no_clan: bool = declare(Flag("No clan compulsion", "Without the clan’s own compulsion", start=False))


def compulsion(source: Source, clan: str = "", no_clan: bool = False) -> Check:
    """A d10, or with `no_clan` a d9. A clan of a book that is not listed here is pointed to its book."""
    CompulsionOptions(clan=clan, no_clan=no_clan)
    known = next((name for name in CLANS if name.casefold() == clan.strip().casefold()), clan)
    sides = 9 if no_clan or known in CLANLESS else 10
    value = source(sides)
    step = Step("compulsion", N_("Compulsion"), (die(value, REGULAR, sides),))
    found = next((compulsion for compulsion in TABLE if value <= compulsion.upto), None)
    return _beast(found, step) if found else _of_clan(known, step)


def _beast(found: Compulsion, step: Step) -> Check:
    return Check(
        slug="compulsion",
        label=found.name,
        tone="bestial",
        colour=found.colour,
        passed=False,
        steps=(step,),
        value={
            "compulsion": found.slug,
            "clan": None,
            "rule": found.rule,
            "ends": found.ends,
            "page": found.page,
        },
    )


def _of_clan(clan: str, step: Step) -> Check:
    found = CLAN.get(clan)
    rule = found.rule if found else N_("Look it up in the clan’s book.")
    return Check(
        slug="compulsion",
        label=f"{clan}: {found.name}" if found else f"{clan or 'Clan'}: {ITS_OWN}",
        tone="bestial",
        colour=CLAN_COLOUR,
        passed=False,
        steps=(step,),
        value={
            "compulsion": "clan",
            "clan": clan or None,
            "rule": rule,
            "ends": "",
            "page": found.page if found else "core 210",
        },
    )
