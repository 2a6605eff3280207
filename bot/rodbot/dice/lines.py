"""A roll as one line of a message."""

from contract.labels import label
from contract.rolls import BriefRoll
from contract.translation import _
from rodbot.core.text import clip, escape
from rodbot.dice import cards as dice_cards

LINE = 440


def roll_line(roll: BriefRoll) -> str:
    """`🎲 **Mira** (Night Owl) Strength + Brawl: ✔ Critical win, 4 successes against difficulty 3`"""
    roller = roll.roller.name or _("Someone")
    name = f"**{escape(roller, 60)}**"
    in_story = dice_cards.sheet_name(roll)
    if in_story and in_story != roll.roller.name:
        name += f" ({escape(in_story, 60)})"
    pool = escape(roll.pool.as_sum() or label(roll.title), 120)
    result = ", ".join(filter(None, (escape(dice_cards.headline(roll), 80), dice_cards.result(roll))))
    secret = "" if roll.visibility == "public" else " " + _("(only storytellers can see this)")
    return clip(f"🎲 {name} {pool}: {dice_cards.mark(roll.outcome)} {result}{secret}", LINE)
