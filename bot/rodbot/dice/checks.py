"""`/wake`, `/frenzy`, `/remorse`: an evening of a vampire, and what the Beast and the conscience make of it."""

from rodbot.core.options import Option, given, number, yes
from rodbot.dice.options import NOTES, VISIBILITY, character, check, checking, difficulty

BY_VAMPIRE: tuple[Option, ...] = (character("vampire5th"), VISIBILITY, NOTES)

wake = checking(
    "wake",
    "Wake for the night: a Rouse check, and torpor if it fails at Hunger 5 (core 211)",
    [
        yes("heal_aggravated", "Mend one aggravated damage, for three more Rouse checks"),
        yes("heal_willpower", "Recover Willpower by Resolve or Composure"),
        yes("blush_of_life", "And a Blush of Life, for one more Rouse check"),
        *BY_VAMPIRE,
    ],
    lambda values: check(
        "wake",
        given(values, heal_aggravated="mend_aggravated", heal_willpower="recover", blush_of_life="blush"),
    ),
)
frenzy = checking(
    "frenzy",
    "Resist a frenzy: whole Willpower and a third of Humanity (core 219)",
    [
        difficulty(1, 50, "Successes needed; 4 if left out"),
        number("modifier", -20, 20, "Dice more or less"),
        *BY_VAMPIRE,
    ],
    lambda values: check("frenzy", given(values, "difficulty", "modifier")),
)
remorse = checking(
    "remorse",
    "At the session's end: do the stains weigh? (core 239)",
    [character("vampire5th", "human5th", "ghoul5th"), VISIBILITY, NOTES],
    lambda values: check("remorse"),
)
