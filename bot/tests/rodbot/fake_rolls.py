"""The part of the stand-in for the bot API that is about dice."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from contract import luck as luck_shapes
from contract import macros as macro_shapes
from contract import roll_requests as request_shapes
from contract import rolls as shapes
from contract.acting import Acting, Reading
from contract.base import Person
from rodbot.dice.pictures import every_picture, png
from tests.rodbot.contract import NOW, Json, Refused, sample

LABELS = {
    "v5": "Vampire",
    "w5": "Werewolf",
    "h5": "Hunter",
    "wod20": "20th",
    "cod": "Chronicles",
    "d20": "Fantasy",
}
BESTIAL = {"slug": "bestial", "label": "Bestial failure", "tone": "bestial", "colour": "#cd0e0e"}
CHANCES = sample(
    shapes.Chances,
    outcomes=[
        sample(shapes.Chance, label="Critical win", tone="critical", passed=True, chance=0.08),
        sample(shapes.Chance, label="Success", tone="success", passed=True, chance=0.55),
        sample(shapes.Chance, **BESTIAL, passed=False, chance=0.04),
    ],
    win=0.63,
    mean=3.9,
)
PNG = base64.b64encode(png(next(iter(every_picture())))).decode()


def die(value: int, kind: str = "regular") -> shapes.Die:
    return shapes.Die(value=value, kind=kind, sides=10)


def outcome(**values: Any) -> shapes.Outcome:
    """A success by four; `values` differ."""
    success = {"label": "Success", "tone": "success", "colour": "#66ff33", "passed": True}
    return sample(shapes.Outcome, **success | {"successes": 4, "margin": 1} | values)


def roll(**values: Any) -> shapes.Roll:
    """A roll of Mira's in Vampire; `values` differ."""
    dice = [die(8), die(10), die(3), die(1, "hunger")]
    mira = Person(id=None, discord_id="5", name="Mira")
    defaults = {"system": "v5", "kind": "roll", "title": "Pool 4", "outcome": outcome(), "pick_most": 3}
    return sample(shapes.Roll, **defaults | {"roller": mira, "dice": dice} | values)


def person(acting: Acting) -> Person:
    actor = acting.actor
    return Person(id=None, discord_id=actor.id, name=actor.global_name or actor.username or "")


def strategy(slug: str, label: str, dice: list[int]) -> shapes.Strategy:
    odds = CHANCES.model_copy(update={"win": 0.71})
    about = {"description": "The first dice that failed", "cost": "1 Willpower"}
    return shapes.Strategy(slug=slug, label=label, dice=dice, odds=odds, gain=0.08, **about)


def pool_lines(*lines: tuple[str, int]) -> list[dict[str, object]]:
    """The lines of a pool, as of no trait."""
    return [{"label": label, "dice": dice, "trait": "", "specialty": ""} for label, dice in lines]


@dataclass
class FakeRolls:
    """`next` is laid over the next roll, `follow_ups` come with each that may have them."""

    next: Json = field(default_factory=dict)
    follow_ups: list[shapes.FollowUp] = field(default_factory=list)
    rolls: dict[UUID, shapes.Roll] = field(default_factory=dict)
    replaced: set[UUID] = field(default_factory=set)
    followed: set[UUID] = field(default_factory=set)
    macros: dict[UUID, macro_shapes.Macro] = field(default_factory=dict)
    requests: dict[UUID, request_shapes.RollRequest] = field(default_factory=dict)
    rights: shapes.RollRights = field(default_factory=lambda: shapes.RollRights(reroll=True))

    # Rolls

    def made(
        self, acting: Acting, given: shapes.Roller, pool: str, options: Json | None, **values: Any
    ) -> shapes.Roll:
        options = options or {}
        dice = [die(8), die(10), die(3), die(2)] + [die(1, "hunger")] * options.get("hunger", 0)
        laid_over = {"dice": dice, "rerollable": [0, 1, 2, 3]} | values | self.next
        made = roll(
            label=LABELS.get(values.get("system", "v5"), "Any dice"),
            title=f"Pool {pool}",
            roller=person(acting),
            name=given.name or "",
            visibility=given.visibility or "public",
            note=given.note or "",
            pool={"text": pool, "dice": 4, "lines": pool_lines(("Strength", 2), ("Brawl", 2))},
            options=options,
            difficulty=options.get("difficulty"),
            chances=CHANCES,
            rights=self.rights,
            **laid_over,
        )
        self.next = {}
        self.rolls[made.id] = made
        return made

    def answer(
        self, shown: shapes.Roll, strategies: Iterable[shapes.Strategy] | None = None
    ) -> shapes.RollAnswer:
        if strategies is None:
            again = shown.id in self.replaced or shown.rerolled or shown.kind != "roll"
            strategies = [] if again else [strategy("failures", "Reroll failures", [2, 3])]
        follow_ups = self.follow_ups if shown.kind in ("roll", "rouse") else []
        return sample(
            shapes.RollAnswer, id=shown.id, roll=shown, strategies=strategies, follow_ups=follow_ups
        )

    def keep(self, shown: shapes.Roll, **values: Any) -> shapes.RollAnswer:
        """The roll as it is from now on."""
        self.rolls[shown.id] = shown.model_copy(update=values)
        return self.answer(self.rolls[shown.id])

    async def roll(self, acting: Acting, given: shapes.MakeRoll) -> shapes.RollAnswer:
        if given.character == "Nobody":
            raise Refused(404, "not_found", "There’s no such character.")
        hidden, system = bool(given.hide_difficulty), given.system or "v5"
        made = self.made(
            acting, given, str(given.pool), given.options, system=system, difficulty_hidden=hidden
        )
        return self.answer(made)

    async def check(self, acting: Acting, given: shapes.MakeCheck) -> shapes.RollAnswer:
        if given.roll in self.followed:
            raise Refused(409, "already_done", "This was done already.")
        if given.roll:
            self.followed.add(given.roll)
        step = sample(
            shapes.Step, label="Rouse check", dice=[die(3)], passed=False, text="Hunger rises by 1."
        )
        self.next = {"steps": [step], "dice": [], "rerollable": [], **self.next}
        return self.answer(self.made(acting, given, "", given.options, kind=given.check))

    async def get_odds(self, acting: Acting, given: shapes.GetOdds) -> shapes.Odds:
        better = CHANCES.model_copy(update={"win": 0.8})
        chart = PNG if given.chart else None
        found = {"options": given.options or {}, "chances": CHANCES, "with_reroll": better, "chart": chart}
        return sample(
            shapes.Odds, system="v5", pool={"lines": pool_lines(("Strength", 2), ("Brawl", 2))}, **found
        )

    async def get_roll(self, acting: Acting, given: shapes.GetRoll) -> shapes.RollAnswer:
        picked = [strategy("picked", "Picked", given.dice)] if given.dice else None
        return self.answer(self.rolls[given.roll], picked)

    async def reroll(self, acting: Acting, given: shapes.Reroll) -> shapes.RollAnswer:
        first = self.rolls[given.roll]
        if first.id in self.replaced:
            raise Refused(409, "already_rerolled", "These dice were rolled again already.")
        self.replaced.add(first.id)
        picked = given.dice or [2, 3]
        dice = [die(9) if index in picked else kept for index, kept in enumerate(first.dice)]
        before = [first.dice[index] for index in picked]
        changes = {"dice": dice, "rerolled": picked, "before": before, "replaces": first.id, "rerollable": []}
        return self.keep(first.model_copy(update={"id": uuid4()}), **changes)

    async def choose(self, acting: Acting, given: shapes.Choose) -> shapes.RollAnswer:
        found = self.rolls[given.roll]
        if found.choice:
            raise Refused(409, "already_chosen", "This was decided already.")
        decided = outcome(label=given.choice.capitalize(), tone=given.choice)
        return self.keep(found, choice=given.choice, outcome=decided)

    async def reveal(self, acting: Acting, given: shapes.NamedRoll) -> shapes.RollAnswer:
        return self.keep(
            self.rolls[given.roll], visibility="public", revealed=True, rights=shapes.RollRights()
        )

    async def strike(self, acting: Acting, given: shapes.Strike) -> shapes.RollAnswer:
        struck = None if given.undo else shapes.Struck(at=NOW, by="Vesna", reason=given.reason or "")
        return self.keep(self.rolls[given.roll], struck=struck)

    async def get_luck(self, acting: Acting, given: luck_shapes.GetLuck) -> luck_shapes.Luck:
        bestial = luck_shapes.Tally(**BESTIAL, count=7, expected=5.2)
        vampire = sample(
            luck_shapes.SystemLuck, label="Vampire", rolls=80, mean=3.0, expected=2.9, outcomes=[bestial]
        )
        return sample(
            luck_shapes.Luck,
            of=sample(luck_shapes.LuckOf, name="Mira"),
            rolls=120,
            struck=2,
            systems=[vampire],
            checks=[sample(luck_shapes.CheckLuck, label="Rouse check", rolls=40, passed=25, expected=20.5)],
            text="Mira had 24.0 successes more than expected in 120 rolls.",
            chart=PNG if given.chart else None,
        )

    async def complete_pool(self, acting: Reading, given: shapes.CompletePool) -> shapes.Completions:
        head, _, last = given.q.rpartition("+")
        start = f"{head.strip()} + " if head else ""
        traits = [t for t in ("strength", "stamina", "brawl") if t.startswith(last.strip().casefold())]
        found = [shapes.Completion(text=start + t, label=f"{start}{t.capitalize()} (2)") for t in traits]
        return shapes.Completions(results=found)

    # macro_shapes.Macros

    def find(self, wanted: str) -> macro_shapes.Macro:
        found = [macro for macro in self.macros.values() if wanted in (str(macro.id), macro.name)]
        if not found:
            raise Refused(404, "not_found", "There’s no such macro.")
        return found[0]

    def keep_macro(self, macro: macro_shapes.Macro, given: macro_shapes.MacroFields) -> macro_shapes.OneMacro:
        named = set(macro_shapes.Macro.model_fields) - {"character"}
        changed = macro.model_copy(update=given.model_dump(include=named, exclude_unset=True))
        self.macros[macro.id] = changed.model_copy(update={"label": f"{changed.name} — {changed.pool}"})
        return macro_shapes.OneMacro(macro=self.macros[macro.id])

    async def list_macros(self, acting: Reading, given: macro_shapes.ListMacros) -> macro_shapes.Macros:
        named = [macro for macro in self.macros.values() if given.q.casefold() in macro.name.casefold()]
        return macro_shapes.Macros(results=[macro for macro in named if macro.shared or not given.shared])

    async def save_macro(self, acting: Acting, given: macro_shapes.SaveMacro) -> macro_shapes.OneMacro:
        if any(macro.name == given.name for macro in self.macros.values()):
            raise Refused(409, "name_taken", "You have a macro of this name.")
        return self.keep_macro(
            sample(macro_shapes.Macro, character={"id": uuid4(), "name": "Night Owl"}), given
        )

    async def change_macro(self, acting: Acting, given: macro_shapes.ChangeMacro) -> macro_shapes.OneMacro:
        return self.keep_macro(self.find(given.macro), given)

    async def delete_macro(self, acting: Acting, given: macro_shapes.NamedMacro) -> macro_shapes.OneMacro:
        return macro_shapes.OneMacro(macro=self.macros.pop(self.find(given.macro).id))

    async def run_macro(self, acting: Acting, given: macro_shapes.RunMacro) -> shapes.RollAnswer:
        pool = str(self.find(given.macro).pool)
        return self.answer(self.made(acting, given, pool, given.options))

    async def copy_macro(self, acting: Acting, given: macro_shapes.NamedMacro) -> macro_shapes.OneMacro:
        return macro_shapes.OneMacro(macro=self.find(given.macro).model_copy(update={"shared": False}))

    # Requests

    async def ask_for_roll(
        self, acting: Acting, given: request_shapes.AskForRoll
    ) -> request_shapes.OneRequest:
        if acting.guild is None or acting.guild.owner_id != acting.actor.id:
            raise Refused(403, "not_allowed", "Only storytellers ask for rolls.")
        people = [Person(id=None, name=f"Player {player}", discord_id=player) for player in given.players]
        options = given.options or {}
        made = sample(
            request_shapes.RollRequest,
            text=given.text or "",
            storyteller=person(acting),
            pool=None if given.pool is None else str(given.pool),
            options=options,
            difficulty=options.get("difficulty"),
            difficulty_hidden=bool(given.hide_difficulty),
            open=True,
            players=[sample(request_shapes.AskedPlayer, user=user) for user in people],
        )
        return self.keep_request(made)

    def keep_request(self, shown: request_shapes.RollRequest, **values: Any) -> request_shapes.OneRequest:
        self.requests[shown.id] = shown.model_copy(update=values)
        return sample(request_shapes.OneRequest, id=shown.id, request=self.requests[shown.id])

    async def get_request(
        self, acting: Acting, given: request_shapes.NamedRequest
    ) -> request_shapes.OneRequest:
        return self.keep_request(self.requests[given.request])

    async def answer_request(
        self, acting: Acting, given: request_shapes.AnswerRequest
    ) -> request_shapes.RequestAnswered:
        asked = self.requests[given.request]
        player = next((row for row in asked.players if row.user.discord_id == acting.actor.id), None)
        if player is None:
            raise Refused(403, "not_allowed", "You were not asked.")
        if player.answered_at:
            raise Refused(409, "already_answered", "You have answered already.")
        done = player.model_copy(update={"answered_at": NOW, "summary": "4 successes: Success"})
        players = [done if row is player else row for row in asked.players]
        shown = self.keep_request(asked, players=players).request
        pool = str(given.pool or asked.pool)
        answer = self.answer(self.made(acting, given, pool, given.options))
        return request_shapes.RequestAnswered(**dict(answer), request=shown)

    async def close_request(
        self, acting: Acting, given: request_shapes.NamedRequest
    ) -> request_shapes.OneRequest:
        return self.keep_request(self.requests[given.request], open=False)
