"""A recording at any second: what was public then and is public now, whatever happened since; and its chapters."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chronicle.models import Episode
from companion.drawing.page import page_parts
from companion.models import Campaign
from companion.overlay_tokens import token
from companion.selectors.scene import scene
from companion.services import overlays, stage
from companion.tests.kit import on_stage, publish, reread, roster, show
from contract.overlays import CreateOverlay
from contract.replay import Replay
from contract.stage import Scene, StageCharacter
from contract.timecodes import seconds_of, timecode
from haven.models import Character
from haven.tests.kit import cause, change, sets
from haven.utility import derived
from rolls.models import Roll
from rolls.tests.kit import roll
from rules.visibility import PUBLIC
from testing.personas import World
from testing.sessions import live
from timeline.models import Event, Stream

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
STEP = 60
TRAITS = ("hunger", "health", "willpower", "humanity")
LEVELS = ("public", "public", "table", "secret")


def head(campaign: Campaign) -> int:
    return Stream.objects.get(pk=campaign.chronicle_id).seq


def stretch(campaign: Campaign, number: int, *, offset: int = 0) -> datetime:
    """A minute between two events, from the first of the chronicle on; the episode is as long. Return its start."""
    begins = timezone.now() - timedelta(days=2)
    for event in Event.objects.filter(stream_id=campaign.chronicle_id):
        moment = begins + timedelta(seconds=STEP * event.seq)
        Event.objects.filter(pk=event.pk).update(created_at=moment)
        Roll.objects.filter(pk=event.entity_id).update(created_at=moment)
    ends = begins + timedelta(seconds=STEP * (head(campaign) + 2))
    Episode.objects.filter(chronicle=campaign.chronicle_id, number=number).update(
        started_at=begins, ended_at=ends, status="done", stream_offset=offset
    )
    return begins


def steps(world: World, cast: list[Character], chance: random.Random) -> list[Callable[[], Any]]:
    who = chance.choice(cast)
    return [
        lambda: change(world, who, *sets(hunger=chance.randint(0, 5)), who="vesna"),
        lambda: change(world, who, *sets(health__superficial=chance.randint(0, 3)), who="vesna"),
        lambda: show(world, who, chance.choice(TRAITS), level=chance.choice(LEVELS)),
        lambda: show(world, who, "name", level=chance.choice(LEVELS[:3])),
        lambda: roster(world, *chance.sample(cast, chance.randint(0, len(cast)))),
        lambda: roll(world, who, dice=[10, 9, 3, 1, 6], who="vesna"),
    ]


def still_public(then: Scene, campaign: Campaign) -> Scene:
    """What was seen then, without what is not public now."""
    now = {character.id for character in scene(campaign).characters}
    kept = [_without(character) for character in then.characters if character.id in now]
    return then.model_copy(
        update={"characters": kept, "roster": [pk for pk in then.roster if pk in now], "moments": []}
    )


def _without(character: StageCharacter) -> StageCharacter:
    hidden = derived(Character.objects.get(pk=character.id)).hidden_from(PUBLIC)
    gauges = [gauge for gauge in character.stats.gauges if gauge.path not in hidden]
    return character.model_copy(update={"stats": character.stats.model_copy(update={"gauges": gauges})})


def pieces(campaign: Campaign, number: int, at: int) -> dict[str, str]:
    answer = Client().get(f"/c/{campaign.chronicle.slug}/episodes/{number}/scene/?at={at}")
    assert answer.status_code == 200, answer.content
    return {piece["key"]: piece["html"] for piece in answer.json()["pieces"] if piece["area"] in STAGE}


STAGE = ("cast", "others")


@pytest.mark.parametrize("seed", range(4))
def test_a_second_of_a_recording_is_the_fold_of_what_happened_up_to_it(world: World, seed: int) -> None:
    chance = random.Random(seed)
    campaign = publish(world)
    cast = [on_stage(world, name, traits=TRAITS) for name in ("Night Owl", "Grey Fox")]
    number = live(world).number
    assert number is not None
    seen: list[tuple[int, Scene]] = []
    for _step in range(14):
        chance.choice(steps(world, cast, chance))()
        seen.append((head(campaign), scene(reread(campaign))))
    stretch(campaign, number)
    campaign = reread(campaign)
    for seq, then in seen:
        expected = {
            part.key: part.html
            for part in page_parts(still_public(then, campaign), "en")
            if part.area in STAGE
        }
        assert pieces(campaign, number, STEP * seq + STEP // 2) == expected


def test_who_left_is_in_no_second_of_the_past(world: World) -> None:
    campaign = publish(world)
    owl = on_stage(world, traits=["hunger"])
    number = live(world).number or 0
    change(world, owl, *sets(hunger=4))
    seq = head(campaign)
    show(world, owl, "name", level="table")
    stretch(campaign, number)
    assert pieces(campaign, number, STEP * seq).keys() == {"nobody"}


def marks(campaign: Campaign, number: int, ending: str = "txt") -> str:
    answer = Client().get(f"/c/{campaign.chronicle.slug}/episodes/{number}/chapters.{ending}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def played(world: World) -> tuple[Campaign, Character, int]:
    """An evening with a roll of note, a plain one, and one that the table alone saw."""
    campaign = publish(world)
    owl = on_stage(world, traits=["hunger"])
    number = live(world).number or 0
    roll(world, owl, dice=[10, 10, 8, 1, 2])
    roll(world, owl, dice=[7, 7, 2, 3, 4])
    roll(world, owl, dice=[1, 2, 3, 4, 5], visibility="storyteller")
    stretch(campaign, number)
    return reread(campaign), owl, number


def test_chapters_begin_at_zero_and_name_what_was_public(played: tuple[Campaign, Character, int]) -> None:
    campaign, _owl, number = played
    first, second = marks(campaign, number).splitlines()
    assert first == "00:00 Episode 1"
    assert second.endswith("Night Owl: Critical win")
    at = Roll.objects.order_by("id")[0].created_at - Episode.objects.get(number=number).started_at  # type: ignore[operator]
    assert second.startswith(timecode(int(at.total_seconds())))


def test_chapters_move_with_the_start_of_the_recording(played: tuple[Campaign, Character, int]) -> None:
    campaign, _owl, number = played
    before = seconds_of(marks(campaign, number).splitlines()[1].split()[0])
    Episode.objects.filter(number=number).update(stream_offset=-90)
    after = seconds_of(marks(campaign, number).splitlines()[1].split()[0])
    assert isinstance(before, int)
    assert after == before + 90


@pytest.mark.parametrize("ending", ["txt", "vtt", "json"])
def test_chapters_hold_only_what_is_public_now(
    world: World, played: tuple[Campaign, Character, int], ending: str
) -> None:
    campaign, owl, number = played
    assert "Night Owl" in marks(campaign, number, ending)
    show(world, owl, "name", level="table")
    assert "Night Owl" not in marks(campaign, number, ending)


def test_a_roll_that_was_stopped_is_no_chapter(world: World, played: tuple[Campaign, Character, int]) -> None:
    campaign, _owl, number = played
    stopped = Roll.objects.order_by("id")[0].pk
    stage.set_veto(world.principal("vesna"), world.chronicle, stopped, True, cause(world, "vesna"))
    assert marks(campaign, number).splitlines() == ["00:00 Episode 1"]


def test_chapters_are_webvtt(played: tuple[Campaign, Character, int]) -> None:
    campaign, _owl, number = played
    head, first, *_rest = marks(campaign, number, "vtt").split("\n\n")
    assert head == "WEBVTT"
    assert first.splitlines()[1].startswith("00:00:00.000 --> 00:")


@pytest.mark.parametrize(
    ("at", "read"),
    [("754", 754), ("12:34", 754), ("1:00:00", 3600), ("", None), ("0", 0)],
)
def test_a_place_is_read_in_many_ways(at: str, read: int | None) -> None:
    assert Replay(at=at).at == read  # type: ignore[arg-type]


def test_a_moment_is_read_with_its_offset() -> None:
    asked = Replay.model_validate({"at": "2026-12-24T19:30:00 01:00"}).at
    assert asked == datetime.fromisoformat("2026-12-24T18:30:00+00:00")


def test_nobody_looks_past_the_delay(world: World) -> None:
    campaign = publish(world)
    owl = on_stage(world, traits=["hunger"])
    change(world, owl, *sets(hunger=1))
    Event.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    Campaign.objects.update(delay=300)
    change(world, owl, *sets(hunger=5))
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    for query in ("", f"?at={later.replace('+', '%2B')}"):
        text = Client().get(f"/c/{campaign.chronicle.slug}/{query}").content.decode()
        assert 'data-value="1 of 5"' in text
        assert 'data-value="5 of 5"' not in text


def test_an_overlay_shows_a_second_of_the_past_and_stays_there(world: World) -> None:
    campaign = publish(world)
    owl = on_stage(world, traits=["hunger"])
    number = live(world).number or 0
    change(world, owl, *sets(hunger=2))
    seq = head(campaign)
    change(world, owl, *sets(hunger=5))
    given = CreateOverlay(name="Table", kind="party")
    made = overlays.create(world.principal("vesna"), world.chronicle, given, cause(world, "vesna"))
    stretch(campaign, number)
    address = f"/overlay/{token(made)}/"
    then = Client().get(f"{address}?episode={number}&at={STEP * seq}").content.decode()
    assert "Hunger: 2 of 5" in then
    assert "<script" not in then
    assert "Hunger: 5 of 5" in Client().get(address).content.decode()
    for wrong in ("?at=soon", "?at=5&episode=99"):
        answer = Client().get(address + wrong)
        assert answer.status_code == 200, "no error page on somebody’s stream"
        assert "<body></body>" in answer.content.decode()
    show(world, owl, "hunger", level="table")
    assert "Hunger" not in Client().get(f"{address}?episode={number}&at={STEP * seq}").content.decode()
