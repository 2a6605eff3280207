"""What players are told beside a change: a code with its data, and the sentence that is made of it where it is shown.

Until 2026 events and rolls held the sentence itself; those rows stay as they are, so a stored notice may be text.
"""

import re

from contract.base import Answer, Json
from contract.labels import label
from contract.translation import _


class Notice(Answer):
    """What people should know beside a change: a code, and the data for its sentence."""

    code: str
    data: dict[str, int | str]


StoredNotice = Notice | str

# `{name}` is a value of the data; `{name|one|many}` is a form for 1 and one for other numbers, `#` in it the number.
# `main/static/main/js/notices.js` reads the same table.
SENTENCES = {
    # A sheet that changes
    "limit_reached": "{label} stops at {limit}; {ignored} ignored.",
    "hunger_full": "Hunger is at {high}: you can’t rouse the Blood at will any more (core 211).",
    "hunger_beyond": "Roll for hunger frenzy (core 220).",
    "less_damage": "{label}: only {healed} {kind} damage to heal.",
    "turned_aggravated": "{label}: {amount} superficial became aggravated.",
    "upgraded": "{label}: every box is full; {amount} upgraded.",
    "no_box": (
        "{label}: {ignored} found no box. Lethal damage stays lethal (house rule “Lethal on a full track”)."
    ),
    "torpor_beyond": "{label}: damage beyond the last box means torpor (Vampire 20th 285).",
    "final_death": "{label}: aggravated damage beyond the last box means Final Death (Vampire 20th 285).",
    "dead": "{label}: damage beyond the last box: dead.",
    "dead_unless_rage": "{label}: damage beyond the last box: dead, unless Rage keeps the werewolf alive.",
    "chimerical_death": "{label}: damage beyond the last box: a chimerical death.",
    "harrowing": "{label}: damage beyond the last one: a Harrowing awaits the wraith.",
    "above_generation": "{label} {value} is more than this generation has ({limit}); it stays.",
    "damage_ignored": "{label}: every box is aggravated; {ignored} ignored.",
    "damage_dropped": "{label}: {dropped} damage did not fit into {boxes|# box|# boxes}.",
    "all_aggravated": "Every {label} box is aggravated.",
    "torpor_or_death": "Every {label} box is aggravated: torpor for a vampire, death for a mortal (core 126).",
    "death": "Every {label} box is aggravated: death (core 126).",
    "breakdown": "Every {label} box is aggravated: a breakdown (core 126).",
    "impaired": "Impaired: no {label} box is free (−2 dice, core 126).",
    "wound": "{label}: {level}.",
    "wound_penalty": "{label}: {level} (−{dice|# die|# dice}).",
    "few_stains": "Only {stains|# stain|# stains} to remove.",
    "degeneration": "Degeneration: no box left for {stains|# stain|# stains} (core 239).",
    "stains_wiped": "Losing Humanity wiped the stains.",
    "stains_dropped": "{stains|# stain|# stains} did not fit beside Humanity {humanity}.",
    "experience_left": "You can’t have more Experience left than the {total} earned.",
    "rolled_over": "{passing} rolled over: {lasting} is now {value}.",
    "rollover_full": "{passing} stops at {limit}: {lasting} is at its highest.",
    "temporary_took": "{label}: {amount} came off the temporary ones.",
    "no_points_left": "No {label} left: down.",
    "wheel_pushed": "The wheel holds {slots}: Paradox pushed off {pushed} Quintessence.",
    # Points of a player
    "exam_passed": "Passed “{title}” with {score}%.",
    "points_taken_back": "Taken back.",
    "points_practice": "Practice: {right} of {answered} right.",
    "points_reset": "Progress was reset.",
    "points_restored": "The reset was undone.",
    "points_login": "Daily bonus. Longest streak: {streak|# day|# days}.",
    "session_attended": "Episode {number} of {chronicle}.",
    "points_badge": "Badge: {label}",
    "points_roll": "A roll of note: {label}",
    "points_helpful": "Helped somebody.",
    # Characters
    "moved": "From “{before}” to “{after}”.",
    "moved_in": "Into “{chronicle}”.",
    "moved_out": "Out of “{chronicle}”, whose server was deleted.",
    "already_there": "{name} is already in “{chronicle}”.",
    "experience_awarded": "{amount} experience: {reason}",
    # What came of the steps of a check
    "damage_healed": "{amount} {kind} damage healed",
    "damage_taken": "{amount} {kind} damage to {label}.",
    "health_mended": "{amount} superficial damage to Health",
    "willpower_recovered": "{amount} superficial damage to Willpower",
    "stains_excess": "{stains|# stain has|# stains have} no box left: degeneration",
    "stains_marked": "{stains|# stain|# stains} now",
    "blush_not_needed": "Not needed at Humanity {humanity}.",
    "skipped_hunger": "Skipped: at Hunger {hunger} you can’t rouse the Blood at will.",
    "hunger_was": "Hunger was already {hunger}.",
    # Dice
    "pool_impaired_physical": "{label} is impaired: −2 dice to physical pools, not taken from this one.",
    "pool_impaired_mental": "{label} is impaired: −2 dice to social and mental pools, not taken from this one.",
    "chance_die": "No dice left: this is a chance die.",
    "reroll_limit": "No more than {most} dice are rolled again.",
    "odds_too_large": "These are too many dice for exact odds.",
    "odds_unknown": "There are no exact odds for this: its dice are not added up one by one.",
    "desperation_always": "Desperation joins every roll of a hunter (house rule “Desperation dice”).",
    "added_limit": "No more than {most} dice are added to one roll.",
    "ones_take_dice": "A one takes a die, a ten last (house rule “Specialty and ones”).",
    "ones_take_successes": "A one takes one success, also of a ten (house rule “Specialty and ones”).",
    "incapacitated": "Incapacitated: you can hardly act; the storyteller decides.",
    "one_die_left": "{level} takes {penalty|# die|# dice}; one die is left.",
    "less_nightmare": (
        "Wounds leave {dice|# die|# dice}: {nightmare|# Nightmare die|# Nightmare dice}, not {wanted}."
    ),
    "nightmare_tens": "{tens|A Nightmare die shows|# Nightmare dice show} a 10.",
    "beast_won": "Humanity is at 0: the Beast has won, and the Storyteller takes over.",
    "wolf_lost": "Rage is at 0: the wolf is lost.",
    "lost_to": "{name} is at its highest: the werewolf is lost to it.",
    "rage_calmed": "Out of Crinos, Rage falls to 1.",
    "derangement": "The storyteller chooses a derangement.",
    "torpor": "The vampire does not wake, but falls into torpor (core 211).",
    "weak_blood": "Blood Potency {potency}: this blood slakes {worth} instead of {amount} (core 216).",
    "hunger_floor": "Hunger falls below {floor} only by draining a human to death (core 212).",
    "blood_not_needed": "Only {spent} of {amount} blood was needed.",
    "blood_turns": "Generation {generation} spends {most} blood a turn: this takes {turns} turns.",
    "blood_room": "There was only room for {taken} of {amount} blood.",
    "resonance_bonus": "{disciplines}: +1 die until Hunger 5 or until you drink other blood.",
    "dyscrasia": "Acute blood may hold a dyscrasia, if you drain it to the last drop (core 225–231).",
    # Scenes in chat
    "scene_turn": "It’s {name}’s turn.",
    "scene_nudge": "{name}, the others are waiting for you.",
    "scene_closed": "The scene “{title}” is closed.",
    # Conflicts
    "effect_ended": "“{text}” has ended.",
    "effect_of_ended": "“{text}” ({name}) has ended.",
}

# The data that are names of traits, of their parts and levels; `context` among the data says in whose words.
NAMES = frozenset({"disciplines", "kind", "label", "lasting", "level", "passing"})
PLACE = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")


def read(value: Json) -> StoredNotice:
    """One notice of stored or received JSON."""
    return value if isinstance(value, str) else Notice.model_validate(value)


def sentence(notice: StoredNotice) -> str:
    """The sentence in the current language. A text is an old row's, or one without data: its own sentence.

    A code of another version of the product, which this one does not know, is shown as it is.
    """
    if isinstance(notice, str):
        return label(notice)

    def fill(place: re.Match[str]) -> str:
        name, one, many = place.groups()
        value = notice.data.get(name, "?")
        if one is None:
            return label(str(value), str(notice.data.get("context", ""))) if name in NAMES else str(value)
        return (one if value == 1 else many).replace("#", str(value))

    return PLACE.sub(fill, _(SENTENCES.get(notice.code, notice.code)))


def sentences() -> dict[str, str]:
    """The table in the current language, for `notices.js`."""
    return {code: _(text) for code, text in SENTENCES.items()}
