"""Rolls in a text: `[[strength + brawl vs 3]]`, `[[2d10+3]]`, `[[rouse]]`, or the name of a macro.

Each is a roll like any other, made in the transaction of its message. What stands between backticks is left alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from chat.drafts import Draft
from chat.game import cards
from chat.game.voices import Speaker
from chat.markdown.render import rolls as rolls_in
from chat.rooms import Room, chronicle_of
from chronicle.principal import Principal
from contract.chat_game import MAX_ROLLS
from contract.lookup import fold
from contract.translation import _
from haven.services import Reference
from haven.utility import name_key
from rolls import checks, services
from rolls.models import Macro
from rolls.services import Done, RollInput, macros
from rolls.systems import DEFAULT, SYSTEMS, System, system_of
from rules.errors import Invalid
from rules.options import Option, Value, Values, declared
from rules.text import clean
from rules.visibility import TABLE
from timeline import limits
from timeline.services import Cause

VERSUS = re.compile(
    r"\s+(?:vs\.?|versus|against|gegen|difficulty|diff|target)[\s:]+(\d{1,7})\s*$", re.IGNORECASE
)
OPTION = re.compile(r"\s([a-z_]{2,30}):([^\s:]{1,50})(?=\s|$)", re.IGNORECASE)
DICE = re.compile(r"(?<![^\W\d_])\d*d(?:\d|%)", re.IGNORECASE)


@dataclass(frozen=True)
class Written:
    """What stands between the brackets: the pool, what it is against, and options such as `surge:yes`."""

    source: str
    pool: str
    difficulty: int | None
    options: dict[str, str]


def read(source: str) -> Written:
    given = {name.lower(): value for name, value in OPTION.findall(source)}
    rest = OPTION.sub("", source)
    against = VERSUS.search(rest)
    pool = rest[: against.start()] if against else rest
    return Written(source, pool.strip(), int(against[1]) if against else None, given)


def with_rolls(
    room: Room, draft: Draft, speaker: Speaker | None, *, principal: Principal, cause: Cause
) -> Draft:
    """Roll what the text asks for, on a card of the draft. Raises Invalid for the text; what rolls raise."""
    sources = rolls_in(draft.text) if draft.kind == "text" and draft.card is None else []
    if not sources:
        return draft
    if len(sources) > MAX_ROLLS:
        raise Invalid.field(
            "text",
            _(
                "A message can have up to {most} rolls; this one has {count}.",
                most=MAX_ROLLS,
                count=len(sources),
            ),
        )
    if principal.id is not None:
        for _source in sources:
            limits.spend({"rolls": str(principal.id)})
    table = _Table(room, draft, speaker, principal, cause)
    made = [table.roll(read(source)) for source in sources]
    card = cards.of_rolls(
        [cards.shown(done.roll.pk, source) for done, source in zip(made, sources, strict=True)]
    )
    return replace(draft, card=card, subjects=[*draft.subjects, *(done.roll.pk for done in made)])


@dataclass(frozen=True)
class _Table:
    """Who rolls where, and who may see it."""

    room: Room
    draft: Draft
    speaker: Speaker | None
    principal: Principal
    cause: Cause

    def roll(self, written: Written) -> Done:
        """Raises Invalid that names what was written."""
        try:
            return self._roll(written)
        except Invalid as error:
            if error.code == "ambiguous":
                raise
            shown = clean(written.source, 60)
            raise Invalid.field(
                "text",
                _("[[{source}]] can’t be rolled: {problem}", source=shown, problem=str(error)),
            ) from error

    def _roll(self, written: Written) -> Done:
        macro, slug = self._macro(written.pool), check_called(written.pool)
        if macro is not None:
            given = self._input(written, self._system(written, macro.system))
            once = replace(given, pool=None, system=None)
            return macros.run(self.principal, str(macro.pk), once, self.cause, None)
        if slug and written.difficulty is None:
            asked = checks.KINDS[slug].options
            options = typed(written.options, lambda name: declared(asked).get(name))
            return services.check(self.principal, slug, self._anybody(options), self.cause)
        return services.roll(self.principal, self._input(written, self._system(written, "")), self.cause)

    def _macro(self, name: str) -> Macro | None:
        if self.speaker is None or self.speaker.character is None:
            return None
        return Macro.objects.filter(character=self.speaker.character, name_key=name_key(name)).first()

    def _system(self, written: Written, wanted: str) -> System:
        """The dice: any, where some are written; else those of the character, or of the chronicle's edition."""
        if wanted:
            return SYSTEMS[wanted]
        if DICE.search(written.pool):
            return SYSTEMS["general"]
        if self.speaker and self.speaker.character:
            return system_of(self.speaker.character)
        chronicle = chronicle_of(self.room)
        return SYSTEMS[DEFAULT[chronicle.edition] if chronicle else "general"]

    def _input(self, written: Written, kind: System) -> RollInput:
        known = declared(kind.asked)
        options = typed(written.options, known.get)
        if written.difficulty is not None:
            options[kind.hidden if kind.hidden in known else "difficulty"] = written.difficulty
        pool: Value = (
            int(written.pool) if written.pool.isdecimal() and len(written.pool) < 4 else written.pool
        )
        if kind.slug == "general":
            pool = written.pool
        given = self._anybody(options)
        if isinstance(pool, int) and self.speaker is None:
            given = replace(given, reference=None)
        return replace(given, pool=pool, system=self._named_system(kind))

    def _named_system(self, kind: System) -> str | None:
        """Unnamed, these are the dice of whoever rolls; any dice have to be named."""
        return kind.slug if kind.slug == "general" else None

    def _anybody(self, options: Values) -> RollInput:
        """The character who speaks; of somebody who speaks for themselves their default, as in Discord."""
        return RollInput(
            options=options,
            reference=self._reference(),
            chronicle=chronicle_of(self.room),
            name=self.speaker.name[:50] if self.speaker and not self.speaker.character else "",
            visibility=self._visibility(),
        )

    def _reference(self) -> Reference | None:
        if self.speaker:
            return Reference(str(self.speaker.id)) if self.speaker.character else None
        channel = self.room.channel
        if channel is None:
            return None
        return Reference("", channel.server, channel_id=channel.discord_id or "")

    def _visibility(self) -> str:
        """No more people see the roll than the message: a private conversation is no matter of the table."""
        if self.room.channel is None:
            return "private"
        return "public" if self.draft.visibility <= TABLE else "storyteller"


def check_called(name: str) -> str:
    """The check of exactly this name, in English or the current language; empty for none."""
    wanted = fold(name)
    for slug, kind in checks.KINDS.items():
        if wanted in {fold(slug), fold(slug.replace("_", " ")), fold(kind.label), fold(_(kind.label))}:
            return slug
    return ""


def typed(given: dict[str, str], option: Callable[[str], Option | None]) -> dict[str, Value | None]:
    """Options as they were typed; what these dice do not know is refused where it is read."""
    return {name: _typed(option(name), value) for name, value in given.items()}


def _typed(option: Option | None, value: str) -> Value:
    return option.typed(value) if option else value
