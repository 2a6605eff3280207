"""The log of a scene: what is in it, who reads it, and the file that is left of it."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from markdown_it import MarkdownIt

from chat import scene_files
from chat.models import ChatMessage, Scene
from chat.operations import messages, scenes
from chat.selectors import scene_log
from chat.selectors import scenes as reading
from chat.tests.chat_kit import call, say, table
from contract import chat as chat_shapes
from contract import chat_scenes as shapes
from contract.chat_scenes import Line
from haven.models import Character
from haven.tests.kit import make, sets
from testing.personas import World

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")


@pytest.fixture
def owl(world: World) -> Character:
    return make(world, operations=sets(strength=3, brawl=2))


@pytest.fixture
def scene(world: World) -> Scene:
    given = shapes.OpenScene(room=table().pk, title="At the <Elysium>", place="Old town")
    opened = scenes.OPEN.run(call(world, "vesna"), given)
    return reading.rows().get(pk=opened.id)


def log_for(world: World, who: str, scene: Scene, **given: object) -> list[tuple[str, str]]:
    found = scenes.LOG.run(call(world, who), shapes.GetLog.model_validate({"scene": scene.pk, **given}))
    return [(line.name, line.text) for line in found.lines]


def remove(world: World, who: str, said: chat_shapes.Message) -> None:
    given = chat_shapes.DeleteMessage(room=table().pk, message=said.id)
    messages.DELETE.run(call(world, who), given)


def test_the_log_has_what_was_played_and_nothing_else(world: World, scene: Scene, owl: Character) -> None:
    say(world, "vesna", "It is raining.")
    say(world, "mira", "Good evening.", speaks_as=owl.pk)
    say(world, "mira", "((brb))", speaks_as=owl.pk)
    say(world, "jonas", "pizza is here", ooc=True)
    say(world, "mira", "I palm the key", whisper=True, speaks_as=owl.pk)
    say(world, "vesna", "You hear steps", whisper_to=world.jonas.pk)
    say(world, "vesna", "not yet", hidden=True)
    remove(world, "mira", say(world, "mira", "a slip"))
    public = [("Vesna", "It is raining."), ("Night Owl", "Good evening.")]
    for who in ("mira", "jonas", "vesna"):
        assert log_for(world, who, scene) == public
    assert log_for(world, "mira", scene, asides=True) == [*public, ("Night Owl", "I palm the key")]
    assert log_for(world, "jonas", scene, asides=True) == [*public, ("Vesna", "You hear steps")]
    assert len(log_for(world, "vesna", scene, asides=True)) == 5


def test_a_roll_is_one_line(world: World, scene: Scene, owl: Character) -> None:
    say(world, "mira", "I hit him [[strength + brawl vs 3]]", speaks_as=owl.pk)
    (line,) = scenes.LOG.run(call(world, "jonas"), shapes.GetLog(scene=scene.pk)).lines
    (roll,) = line.rolls
    assert re.fullmatch(r"Night Owl: Strength 3 \+ Brawl 2, difficulty 3 — \d+ success(es)?: .+", roll)


def test_pages_of_a_log(world: World, scene: Scene) -> None:
    for number in range(1, 8):
        say(world, "mira", str(number))
    row = reading.get(world.principal("mira"), scene.pk)
    every = [line.text for line in scene_log.lines(world.principal("mira"), row)]
    assert every == [str(number) for number in range(1, 8)]
    after = scenes.LOG.run(call(world, "mira"), shapes.GetLog(scene=scene.pk, after=5)).lines
    assert [line.text for line in after] == ["5", "6", "7"]


def test_a_long_scene_is_read_in_pieces(world: World, scene: Scene) -> None:
    """However long it is, no more than a piece of it is in memory: 1,201 messages are three queries, and a last one."""
    row = ChatMessage.objects.get(pk=say(world, "mira", "1").id)
    many = [
        ChatMessage(
            room=row.room,
            channel=row.channel,
            server=row.server,
            user_name="Mira",
            seq=number,
            changed=number,
            content=str(number),
            scene=scene,
            created_at=row.created_at,
        )
        for number in range(10, 1210)
    ]
    ChatMessage.objects.bulk_create(many)
    reader = world.principal("mira")
    with CaptureQueriesContext(connection) as asked:
        found = scene_log.lines(reader, scene)
        assert sum(1 for _line in found) == 1201
    assert len(asked) == 4
    assert all(f"LIMIT {scene_log.PIECE}" in query["sql"] for query in asked.captured_queries)


def file_of(scene: Scene, format: shapes.Format, *lines: Line) -> str:
    return "".join(scene_files.written(scene, lines, format, UTC))


def line(text: str, name: str = "Night Owl", html: str = "", rolls: list[str] | None = None) -> Line:
    at = ChatMessage.objects.values_list("created_at", flat=True)[0]
    return Line(seq=1, at=at, name=name, text=text, html=html or "<p></p>", rolls=rolls or [], aside=False)


HOSTILE = (
    "<script>alert(1)</script>",
    "# Another heading",
    "```\nnever closed",
    "---",
    "> quoted\n1. listed",
    "Title\n===",
    "[x](javascript:alert(1)) <img src=x onerror=alert(1)>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_takes_the_file_apart(scene: Scene, text: str) -> None:
    whole = file_of(scene, "md", line(text, rolls=["**bold**: # <b>"]), line("the end", name="*Fox*"))
    shown = MarkdownIt("commonmark").render(whole)
    assert shown.count("<h1>") == 1
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown
    assert "<strong>*Fox*</strong>: the end" in shown
    assert "**bold**: # &lt;b&gt;" in shown


def test_the_page_is_escaped_and_runs_nothing(scene: Scene) -> None:
    whole = file_of(scene, "html", line("x", name="<b>Owl", html="<p>clean</p>", rolls=["<i>5"]))
    assert "<title>At the &lt;Elysium&gt;</title>" in whole
    assert "<strong>&lt;b&gt;Owl</strong>" in whole
    assert "&lt;i&gt;5" in whole
    assert "<p>clean</p>" in whole
    assert "default-src &#x27;none&#x27;" in whole


@pytest.mark.parametrize(
    ("title", "plain", "whole"),
    [
        ("At the Elysium", "at-the-elysium.md", "At%20the%20Elysium.md"),
        ("../../etc/passwd", "etc-passwd.md", "etc%20passwd.md"),
        ('a"b\r\nSet-Cookie: x', "a-b-set-cookie-x.md", "a%20b%20Set-Cookie%20x.md"),
        ("夜の梟", "scene.md", "%E5%A4%9C%E3%81%AE%E6%A2%9F.md"),
        ("...", "scene.md", "scene.md"),
    ],
)
def test_the_name_of_the_file_is_safe(title: str, plain: str, whole: str) -> None:
    header = scene_files.disposition(Scene(title=title), "md")
    assert header == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"
