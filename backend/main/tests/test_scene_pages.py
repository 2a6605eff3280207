"""The log of a scene on its page and as a file, the chronicle's scenes, and the cards of rolls in chat."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from chat.models import Scene
from chat.operations import scenes
from chat.tests.chat_kit import call, say, table
from contract import chat_scenes as shapes
from haven.tests.kit import make, sets
from rolls.tests.kit import roll
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


@pytest.fixture
def scene(world: World) -> UUID:
    given = shapes.OpenScene(room=table().pk, title="At the <Elysium>", place="Opera")
    opened = scenes.OPEN.run(call(world, "vesna"), given)
    owl = make(world, operations=sets(strength=3))
    say(world, "mira", "I *lift* the curtain [[strength vs 2]]", speaks_as=owl.pk)
    say(world, "mira", "psst", whisper=True)
    say(world, "jonas", "((brb))")
    scenes.CLOSE.run(call(world, "vesna"), shapes.SceneInput(scene=opened.id))
    return opened.id


def test_the_log_is_read_on_a_page_that_the_chronicle_leads_to(
    world: World, scene: UUID, browser: Browser
) -> None:
    page = browser("jonas").get(f"/chronicles/{world.chronicle.pk}/").content.decode()
    assert f"/scenes/{scene}/" in page
    listed = browser("jonas").get(f"/chronicles/{world.chronicle.pk}/scenes/").content.decode()
    assert "At the &lt;Elysium&gt;" in listed
    log = browser("jonas").get(f"/scenes/{scene}/?asides=true").content.decode()
    assert "I <em>lift</em> the curtain" in log
    assert "Night Owl: Strength 3, difficulty 2" in log
    assert "psst" not in log
    assert "brb" not in log
    assert "psst" in browser("mira").get(f"/scenes/{scene}/?asides=true").content.decode()
    assert "psst" not in browser("mira").get(f"/scenes/{scene}/").content.decode()


def test_a_stranger_finds_no_scene(world: World, scene: UUID, browser: Browser) -> None:
    for path in (
        f"/scenes/{scene}/",
        f"/api/chat/scenes/{scene}/log/md/",
        f"/chronicles/{world.chronicle.pk}/scenes/",
    ):
        assert browser("sam").get(path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "type"), [("md", "text/markdown; charset=utf-8"), ("html", "text/html; charset=utf-8")]
)
def test_the_file_is_a_download_that_runs_nothing(
    world: World, scene: UUID, browser: Browser, kind: str, type: str
) -> None:
    answer = browser("mira").get(f"/api/chat/scenes/{scene}/log/{kind}/")
    text = b"".join(answer).decode()
    assert answer.headers["Content-Type"] == type
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="at-the-elysium.{kind}"')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "the curtain" in text
    assert "Night Owl: Strength 3" in text
    assert "<Elysium>" not in text
    assert "psst" not in text
    assert browser("mira").get(f"/api/chat/scenes/{scene}/log/pdf/").status_code == 404


def test_a_log_is_written_in_its_readers_language(world: World, scene: UUID, browser: Browser) -> None:
    world.mira.user_settings = {"language": "de"}
    world.mira.save()
    text = b"".join(browser("mira").get(f"/api/chat/scenes/{scene}/log/md/")).decode()
    assert "Körperkraft 3, Schwierigkeit 2" in text


def test_cards_show_the_rolls_that_their_reader_may_see(world: World, browser: Browser) -> None:
    owl = make(world, operations=sets(strength=3))
    shown = roll(world, owl, dice=[10, 10, 6, 2, 1]).roll.pk
    hidden = roll(world, owl, dice=[10, 10, 6, 2, 1], visibility="private").roll.pk
    address = f"/talk/rolls/?rolls={shown},{hidden},nonsense"
    mine, others = (
        browser(who).get(address, headers={"HX-Request": "true"}).content.decode()
        for who in ("mira", "jonas")
    )
    assert f'id="roll-{shown}"' in others
    assert f'id="roll-{hidden}"' not in others
    assert f'id="roll-{hidden}"' in mine
    assert "Reroll" in mine
    assert "Reroll" not in others
    assert Scene.objects.count() == 0
