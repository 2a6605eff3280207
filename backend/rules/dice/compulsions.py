"""Compulsions: what the Beast wants when it has its way (Vampire core 208–211; PG is the Players Guide)."""

from dataclasses import dataclass

from rules.dice.base import REGULAR, Check, Step, die
from rules.dice.source import Source
from rules.options import Choice, Flag, OptionSet, declare


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
        "Two dice less for whatever does not lead to feeding.",
        "It ends when at least 1 Hunger was slaked.",
        "#820000",
        "core 208",
    ),
    Compulsion(
        "dominance",
        "Dominance",
        5,
        "Two dice less for whatever does not prove to be the stronger; no teamwork.",
        "It ends with a contest won, and gloated over.",
        "#800080",
        "core 209",
    ),
    Compulsion(
        "harm",
        "Harm",
        7,
        "Two dice less for whatever does no harm, to a body, a heart or a thing that someone near holds dear.",
        "It ends when the target is down, destroyed or driven away.",
        "#d90000",
        "core 209",
    ),
    Compulsion(
        "paranoia",
        "Paranoia",
        9,
        "Two dice less for whatever does not serve to get away and be safe.",
        "It ends after about an hour in a safe place.",
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
        "Take at least 1 Hunger from whoever acts against one of your Convictions. Three dice less on everything until "
        "it is done or the scene ends; a vampire's blood asks for a hunger frenzy test.",
        "PG 18",
    ),
    "Brujah": ClanCompulsion(
        "Rebellion",
        "Two dice less until an order or an expectation was defied, or someone's mind changed.",
        "core 210",
    ),
    "Gangrel": ClanCompulsion(
        "Feral Impulses",
        "For the scene, three dice less with Manipulation and Intelligence, and words only one at a time.",
        "core 210",
    ),
    "Hecata": ClanCompulsion(
        "Morbidity",
        "Two dice less for whatever does not bring something to its end, or back from it, until that was done.",
        "PG 24",
    ),
    "Lasombra": ClanCompulsion(
        "Ruthlessness",
        "After the next failure, two dice less on everything until that same action succeeds or the scene ends.",
        "PG 30",
    ),
    "Malkavian": ClanCompulsion(
        "Delusion",
        "For the scene, two dice less with Dexterity, Manipulation, Composure and Wits, and against terror frenzy.",
        "core 210",
    ),
    "Ministry": ClanCompulsion(
        "Transgression",
        "Two dice less for whatever does not tempt someone, yourself included, to break a Tenet or a Conviction. It "
        "ends when that caused at least one stain.",
        "PG 36",
    ),
    "Nosferatu": ClanCompulsion(
        "Cryptophilia",
        "Two dice less for whatever does not hunt for a secret, and none of yours is given away but in trade. It ends "
        "with a secret that matters.",
        "core 210",
    ),
    "Ravnos": ClanCompulsion(
        "Tempting Fate",
        "Two dice less for any but the most daring way out of the next trouble, until it is solved or hopeless.",
        "PG 42",
    ),
    "Salubri": ClanCompulsion(
        "Affective Empathy",
        "Two dice less for whatever does not ease the trouble of one person nearby. It ends when that is eased, when "
        "something graver happens, or with the scene.",
        "PG 48",
    ),
    "Toreador": ClanCompulsion(
        "Obsession",
        "Two dice less for whatever is not about the one beautiful thing, until it is out of sight or the scene ends.",
        "core 210",
    ),
    "Tremere": ClanCompulsion(
        "Perfectionism",
        "Two dice less until a critical win or the end of the scene; one less when the action is repeated, none the "
        "time after.",
        "core 210",
    ),
    "Tzimisce": ClanCompulsion(
        "Covetousness",
        "Two dice less for whatever does not lead to owning one thing or person in the scene, until it is had or lost.",
        "PG 54",
    ),
    "Ventrue": ClanCompulsion(
        "Arrogance",
        "Two dice less for whatever is not leading, until an order was obeyed that no power enforced.",
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
            "The clan; that of the sheet if left out",
            {clan: clan for clan in sorted(CLANS)},
            free_text=50,
            sheet="clan",
        )
    )
    no_clan: bool = declare(Flag("None of the clan", "Without the clan's own compulsion", start=False))


def compulsion(source: Source, clan: str = "", no_clan: bool = False) -> Check:
    """A d10, or with `no_clan` a d9. A clan of a book that is not listed here is pointed to its book."""
    CompulsionOptions(clan=clan, no_clan=no_clan)
    known = next((name for name in CLANS if name.casefold() == clan.strip().casefold()), clan)
    sides = 9 if no_clan or known in CLANLESS else 10
    value = source(sides)
    step = Step("compulsion", "Compulsion", (die(value, REGULAR, sides),))
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
    rule = found.rule if found else "What the book says of the clan's compulsion."
    return Check(
        slug="compulsion",
        label=f"{clan}: {found.name}" if found else f"{clan or 'Clan'}: its own compulsion",
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
