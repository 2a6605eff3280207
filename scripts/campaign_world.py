"""A campaign that is played in public, for pictures: a cast of many games, an evening, and what happened."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chronicle.models import Chronicle, Episode
    from companion.models import Campaign
    from haven.models import Character

CAST: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "Lucretia Vane",
        "vampire5th",
        {"health": 7, "willpower": 6, "humanity": 6, "hunger": 2, "theme": "#9d1c3c"},
    ),
    ("Corvin Ash", "werewolf5th", {"health": 6, "willpower": 5, "rage": 3, "theme": "#4f7a3a"}),
    (
        "Ismene Solari",
        "mage20th",
        {"willpower": 6, "arete": 3, "wheel.quintessence": 9, "wheel.paradox": 4, "theme": "#6a4fa3"},
    ),
    ("Brenna Flint", "fantasy", {"theme": "#b0702a"}),
    ("Old Tobias", "hunter5th", {"health": 5, "willpower": 5, "desperation": 2, "theme": "#56697d"}),
)
STORY = (
    "Someone is buying the debts of the dead. Four people who should not trust each other follow the money through a "
    "city that pays in blood."
)
RECAP = (
    "The auction ended in fire. Lucretia walked out with the ledger and without her temper; Corvin carried the rest.\n"
    "Nobody knows who bid against them."
)


def play(server: str) -> dict[str, object]:
    """Play it in Sam's server. Return what the paths name."""
    from django.utils import timezone

    from chronicle.models import Server
    from chronicle.principal import Principal
    from chronicle.services import create_chronicle, episodes, recaps
    from companion.services.publishing import publish_campaign
    from contract.episodes import ChangeEpisode, PlanEpisode, WriteRecap
    from discordauth.models import CustomUser
    from progress.services import sessions
    from timeline.services import Cause

    sam = CustomUser.objects.get(global_name="Sam")
    by: dict[str, Any] = {"principal": Principal.for_user(sam), "cause": Cause(sam, "web")}
    where = Server.objects.get(name=server)
    chronicle = create_chronicle(where, "The Red Ledger", description=STORY, **by)
    campaign = publish_campaign(chronicle, **by)
    now = timezone.now()

    def plan(title: str, days: int, summary: str = "") -> "Episode":
        wanted = PlanEpisode(title=title, planned_for=now + timedelta(days=days), summary=summary)
        return episodes.plan(chronicle, wanted, **by)

    first, second = plan("The auction", -14), plan("Paid in full", -1)
    plan("What the river keeps", 6, "A boat without a name, and three invitations.")
    plan("The second ledger", 20)
    cast = _cast(campaign, by)
    episodes.start(chronicle, first, **by)
    _evening(chronicle, cast, by)
    sessions.end(first, None, **by)
    recaps.write(first, WriteRecap(recap=RECAP, published=True, public=True), **by)
    _stretch(chronicle, first)
    episodes.change(first, ChangeEpisode(stream_offset=-300), **by)
    episodes.start(chronicle, second, **by)
    return {"story": chronicle.slug, "story_episode": first.number}


def _cast(campaign: "Campaign", by: dict[str, Any]) -> list["Character"]:
    """The last of them does not play just now."""
    from companion.services.publishing import set_roster
    from companion.services.showing import make_character
    from contract.shows import CreateShowCharacter
    from contract.stage_changes import StageChange
    from haven.services import Reference, change, change_for_stage
    from rules.traits import Operation

    cast = []
    for name, splat, traits in CAST:
        given = CreateShowCharacter(campaign=str(campaign.pk), name=name, splat=splat)
        made = make_character(campaign, given, **by)
        wanted = [Operation(path, "set", value) for path, value in traits.items()]
        change(by["principal"], Reference(str(made.pk)), wanted, by["cause"])
        cast.append(made)
    stats = {"hp": {"max": 38, "current": 31, "temporary": 4}, "ac": 18}
    dwarf = StageChange.model_validate({"class": "Paladin", "race": "Dwarf", "stats": stats})
    change_for_stage(by["principal"], cast[3].pk, dwarf, by["cause"])
    set_roster(campaign.chronicle, [character.pk for character in cast[:-1]], **by)
    return cast


def _evening(chronicle: "Chronicle", cast: list["Character"], by: dict[str, Any]) -> None:
    from contract.stage_changes import ConditionChange, PointsChange
    from haven.services import Reference, change, change_points, set_condition
    from rolls.services import RollInput, roll
    from rules.dice.source import listed
    from rules.traits import Operation

    vampire, werewolf, mage, dwarf, _gone = cast

    def threw(who: "Character", system: str, faces: list[int], **options: Any) -> None:
        given = RollInput(
            reference=Reference(str(who.pk)),
            chronicle=chronicle,
            system=system,
            pool=len(faces),
            options=options,
        )
        roll(by["principal"], given, by["cause"], listed(faces))

    def became(who: "Character", **values: int) -> None:
        wanted = [Operation(path.replace("__", "."), "set", value) for path, value in values.items()]
        change(by["principal"], Reference(str(who.pk)), wanted, by["cause"])

    threw(vampire, "v5", [10, 8, 6, 3, 10], hunger=2, difficulty=3)
    became(vampire, hunger=3)
    threw(werewolf, "w5", [7, 9, 2, 6], difficulty=2)
    became(werewolf, rage=4, health__superficial=2)
    became(vampire, health__superficial=2, willpower__superficial=1)
    threw(mage, "wod20", [1, 2, 5], difficulty=6)
    became(mage, wheel__paradox=6)
    change_points(by["principal"], dwarf.pk, PointsChange(delta=-14), by["cause"])
    set_condition(by["principal"], dwarf.pk, ConditionChange(condition="Poisoned"), by["cause"])
    threw(vampire, "v5", [2, 4, 1, 3], hunger=3, difficulty=2)
    became(vampire, humanity__stains=2, hunger=4)
    threw(werewolf, "w5", [10, 10, 7, 2], difficulty=3)


def _stretch(chronicle: "Chronicle", episode: "Episode") -> None:
    """What was played in a second took an evening two weeks ago."""
    from django.utils import timezone

    from chronicle.models import Episode
    from rolls.models import Roll
    from timeline.models import Event

    begins = timezone.now() - timedelta(days=14)
    events = list(Event.objects.filter(stream_id=chronicle.pk).order_by("seq"))
    first = next(at for at, event in enumerate(events) if event.type == "episode.started")
    last = next(at for at, event in enumerate(events) if event.type == "episode.ended")
    for at, event in enumerate(events):
        minutes = 200 * (at - first) / (last - first) if at >= first else at - first
        moment = begins + timedelta(minutes=min(minutes, 200))
        Event.objects.filter(pk=event.pk).update(created_at=moment)
        Roll.objects.filter(pk=event.entity_id).update(created_at=moment)
    ends = begins + timedelta(minutes=200)
    Episode.objects.filter(pk=episode.pk).update(started_at=begins, ended_at=ends, planned_for=begins)
