"""Luck: actual against expected successes, of a character, a player or a whole chronicle."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any

from django.db.models import QuerySet

from chronicle import features, rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract.luck import CheckLuck, Luck, LuckOf, RerollLuck, Successes, SystemLuck, Tally
from contract.rolls import SUMS
from contract.translation import N_, _, decimal, n_
from discordauth.models import CustomUser
from haven.models import Character
from rolls.chances import verdict_of
from rolls.checks import KINDS
from rolls.models import Roll
from rolls.selectors import known, visible
from rolls.systems import SYSTEMS
from rules.dice.base import Verdict
from rules.errors import Invalid, NotFound

# One roll as its columns.
Row = Mapping[str, Any]
MAX_ROLLS = 10_000
MAX_POINTS = 100
NOBODY = N_("There’s no such player here.")
COLUMNS = (
    "system",
    "kind",
    "slug",
    "passed",
    "successes",
    "mean",
    "variance",
    "chances",
    "replaces_id",
)


@dataclass(frozen=True)
class Of:
    """Whose luck: exactly one of character and player, or neither for everyone in the chronicle."""

    character: Character | None = None
    player: CustomUser | None = None
    chronicle: Chronicle | None = None
    since: datetime | None = None
    until: datetime | None = None

    def named(self) -> LuckOf:
        if self.character:
            return LuckOf.from_object(self.character, kind="character")
        if self.player:
            return LuckOf.from_object(self.player, kind="player", name=self.player.display_name)
        if self.chronicle:
            return LuckOf.from_object(self.chronicle, kind="chronicle")
        raise Invalid.field("player", _("Choose a character or a player."))


@dataclass
class _Sum:
    """Actual and expected values of some rolls."""

    rolls: int = 0
    actual: float = 0.0
    expected: float = 0.0
    variance: float = 0.0
    passed: int = 0
    wins: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    chances: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, row: Row) -> None:
        stored = row["chances"]
        self.rolls += 1
        self.passed += row["passed"]
        self.counts[row["slug"]] += 1
        self.wins += stored["win"] or 0.0
        for slug, chance in stored["outcomes"].items():
            self.chances[slug] += chance
        if row["mean"] is not None and row["successes"] is not None:
            self.actual += row["successes"]
            self.expected += row["mean"]
            self.variance += row["variance"] or 0.0


def luck(principal: Principal, of: Of) -> Luck:
    """Compute luck over the rolls that this person may see. Raises NotFound, Invalid."""
    if of.since and of.until and of.since > of.until:
        raise Invalid.field("until", _("The period ends before it begins."))
    found = _rolls(principal, of)
    counted = found.filter(struck_at=None).exclude(chances=None)
    rows = list(counted.order_by("-pk").values(*COLUMNS)[: MAX_ROLLS + 1])
    cut = len(rows) > MAX_ROLLS
    rows = list(reversed(rows[:MAX_ROLLS]))
    struck = found.exclude(struck_at=None).count()
    return _answer(of, rows, struck, cut)


def _rolls(principal: Principal, of: Of) -> QuerySet[Roll]:
    if of.chronicle:
        rights.can(principal, "chronicle.view", of.chronicle).require()
        features.require(of.chronicle.server, "luck")
    if of.character:
        rights.can(principal, "character.view", of.character).require()
        features.require_in([of.character.chronicle], "luck")
    elif of.player and of.player.id != principal.id:
        _refuse_stranger(of.player, of.chronicle)
    # What is expected of a roll tells its difficulty.
    found = visible(principal).filter(known(principal))
    if of.character:
        found = found.filter(character=of.character)
    elif of.player:
        found = found.filter(roller=of.player)
    if of.chronicle and not of.character:
        found = found.filter(chronicle=of.chronicle)
    if of.since:
        found = found.filter(created_at__gte=of.since)
    if of.until:
        found = found.filter(created_at__lte=of.until)
    return found


def _refuse_stranger(player: CustomUser, chronicle: Chronicle | None) -> None:
    """Raise NotFound for a player with whom the reader shares no server."""
    members = ServerMember.objects.filter(user=player)
    if chronicle is None or not members.filter(server_id=chronicle.server_id).exists():
        raise NotFound(_(NOBODY))


def _answer(of: Of, rows: list[Row], struck: int, cut: bool) -> Luck:
    first = [row for row in rows if row["kind"] == "roll" and row["replaces_id"] is None]
    again = [row for row in rows if row["replaces_id"] is not None]
    checks = [row for row in rows if row["kind"] != "roll"]
    plain = [row for row in first if row["system"] not in SUMS]
    total, whose, rerolled = _sum(plain), of.named(), _sum(again)
    return Luck.from_object(
        of,
        of=whose,
        rolls=total.rolls,
        struck=struck,
        cut=cut,
        successes=_successes(total),
        systems=[_system(slug, _sum(group)) for slug, group in _by("system", first).items()],
        checks=[_check(slug, _sum(group)) for slug, group in _by("kind", checks).items()],
        rerolls=RerollLuck(rolls=rerolled.rolls, won=rerolled.passed, expected=round(rerolled.wins, 2)),
        course=_course(plain),
        text=_text(whose.name, total),
    )


def _by(name: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def _sum(rows: Iterable[Row]) -> _Sum:
    total = _Sum()
    for row in rows:
        total.add(row)
    return total


def _mean(total: float | None, number: int) -> float | None:
    return round(total / number, 3) if number and total is not None else None


def _successes(total: _Sum) -> Successes:
    difference = total.actual - total.expected
    return Successes(
        mean=_mean(total.actual, total.rolls),
        expected=_mean(total.expected, total.rolls),
        difference=round(difference, 2),
        deviation=round(difference / sqrt(total.variance), 2) if total.variance else None,
    )


def _system(slug: str, total: _Sum) -> SystemLuck:
    known = SYSTEMS[slug]
    # Totals of different dice have no average that says anything.
    mean, expected = (None, None) if slug in SUMS else (total.actual, total.expected)
    order = [*known.verdicts, *(slug for slug in total.counts if slug not in known.verdicts)]
    return SystemLuck.from_object(
        total,
        system=slug,
        label=known.label,
        mean=_mean(mean, total.rolls),
        expected=_mean(expected, total.rolls),
        passed_expected=round(total.wins, 2),
        outcomes=[
            _outcome(slug, total, known.verdicts)
            for slug in order
            if slug in total.counts or slug in total.chances
        ],
    )


def _outcome(slug: str, total: _Sum, verdicts: Mapping[str, Verdict]) -> Tally:
    expected = round(total.chances.get(slug, 0.0), 2)
    return Tally.from_object(
        verdict_of(slug, verdicts), slug=slug, count=total.counts[slug], expected=expected
    )


def _check(slug: str, total: _Sum) -> CheckLuck:
    """By the parts that held where a check has several: three Rouse checks count as three."""
    outcomes = [
        _outcome(slug, total, {}) for slug in sorted(total.chances, key=lambda slug: -total.chances[slug])
    ]
    expected, label = round(total.wins, 2), KINDS[slug].label
    return CheckLuck.from_object(total, kind=slug, label=label, expected=expected, outcomes=outcomes[:20])


def _course(rows: list[Row]) -> list[float]:
    """Return the running difference of successes; of many rolls every n-th, and always the last."""
    running, points = 0.0, []
    for row in rows:
        if row["mean"] is not None and row["successes"] is not None:
            running += row["successes"] - row["mean"]
        points.append(round(running, 2))
    step = -(-len(points) // MAX_POINTS) or 1
    return points[::-1][::step][::-1]


def _text(name: str, total: _Sum) -> str:
    if not total.rolls:
        return _("{name} has no rolls to count yet.", name=name)
    difference = round(total.actual - total.expected, 1)
    rolls = n_("{count} roll", "{count} rolls", total.rolls)
    if not difference:
        return _("{name} had exactly as many successes as expected in {rolls}.", name=name, rolls=rolls)
    amount = abs(difference)
    successes = n_(
        "{amount} success",
        "{amount} successes",
        1 if amount == 1 else 2,
        amount=decimal(amount, 0 if amount.is_integer() else 1),
    )
    if difference > 0:
        return _(
            "{name} had {successes} more than expected in {rolls}.",
            name=name,
            successes=successes,
            rolls=rolls,
        )
    return _(
        "{name} had {successes} fewer than expected in {rolls}.", name=name, successes=successes, rolls=rolls
    )
