"""What somebody wishes us ill with is stored and shown harmless, or refused in words."""

import random
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from chat.markdown.render import MOST_MARKS, REL, plain, render
from chat.models import ChatMessage
from chat.operations import messages
from chat.tests.chat_kit import call, table
from chat.tests.hostile import ALERT, CORPUS, DISGUISES, UUID
from chronicle.door import parse
from contract import chat as shapes
from rules.errors import GameError, Invalid
from rules.text import UNSEEN, lines
from testing.personas import World

TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "span", "strong", "ul", "bdi"}
ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class", "translate", "data-user", "data-role", "data-character"},
}
CLASSES = {"spoiler", "mention", "host", "h1", "h2", "h3", "h4"}
EMPTY = {"br"}
NAMED = {
    f"<@{UUID}>": "Mira <script>alert(1)</script>",
    f"<@&{UUID}>": '" onclick="',
    "@everyone": "everyone",
}


class Page(HTMLParser):
    """Reads HTML, and notes what may not stand in a message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.hrefs: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"tag {tag}")
        if tag not in EMPTY:
            self.open.append(tag)
        self.wrong += [f"{tag} {name}" for name, _value in attrs if name not in ATTRIBUTES.get(tag, ())]
        values = {name: value or "" for name, value in attrs}
        self.wrong += [f"class {name}" for name in values.get("class", "").split() if name not in CLASSES]
        if tag == "a":
            self.hrefs.append(values.get("href", ""))
            if (values.get("rel"), values.get("target")) != (REL, "_blank"):
                self.wrong.append(f"link {values}")
        self.wrong += [
            f"{name} {value}" for name, value in values.items() if name.startswith("data-") and value != UUID
        ]
        if "start" in values and not values["start"].isdecimal():
            self.wrong.append(f"start {values['start']}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"closes {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"instruction {data}")


def look_at(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    page.wrong += [f"stays open: {tag}" for tag in page.open]
    page.wrong += [f"goes to {href}" for href in page.hrefs if not is_harmless(href)]
    return page


def is_harmless(href: str) -> bool:
    parts = urlsplit(href)
    return parts.scheme in ("http", "https", "mailto") and bool(parts.netloc or parts.path)


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 200
    assert len(set(CORPUS.values())) == len(CORPUS)


@pytest.mark.req("S003-61")
@pytest.mark.parametrize("name", CORPUS)
def test_it_renders_to_what_is_allowed_and_nothing_else(name: str) -> None:
    text = lines(CORPUS[name])[: shapes.MAX_TEXT]
    page = look_at(render(text, NAMED))
    assert page.wrong == []
    assert not UNSEEN.search(page.text)
    assert not re.search(rf"[\u0300-\u036f\u20dd]{{{MOST_MARKS + 1}}}", page.text)
    assert "\n" not in plain(text, NAMED)


def test_pieces_of_it_put_together_are_as_harmless() -> None:
    chance = random.Random(61)
    pieces = [text[:300] for text in CORPUS.values()]
    for _ in range(300):
        chosen = chance.sample(pieces, 4)
        text = lines("".join(piece[chance.randrange(len(piece) + 1) :] for piece in chosen))
        assert look_at(render(text, NAMED)).wrong == [], text


@pytest.mark.django_db
@pytest.mark.req("S003-60", "S003-61")
def test_it_is_stored_as_it_is_or_refused_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.limits.spend", lambda counted: None)
    refused = {}
    for name, text in CORPUS.items():
        before = ChatMessage.objects.count()
        try:
            given = parse(shapes.Post, {"room": str(table().pk), "text": text})
            said = messages.POST.run(call(world, "mira"), given).message
        except GameError as error:
            refused[name] = error
            assert ChatMessage.objects.count() == before, name
            continue
        assert said.text == lines(text), name
        assert ChatMessage.objects.get(pk=said.id).content == lines(text), name
        assert look_at(said.html).wrong == [], name
    for name, error in refused.items():
        assert isinstance(error, Invalid), name
        assert error.detail.endswith((".", "!")), name
        assert list(error.data["fields"]) == ["text"], name
    too_long = {name for name, text in CORPUS.items() if len(text) > shapes.MAX_TEXT}
    assert too_long <= set(refused)
    assert {"only NUL", "zero width alone"} <= set(refused), "without ink"
    assert len(refused) < 25, "most of it is harmless text"


@pytest.mark.parametrize("text", [text for text in DISGUISES if "evil.example" in text and "http" in text])
def test_beside_a_disguised_link_stands_where_it_goes(text: str) -> None:
    html = render(lines(text))
    page = look_at(html)
    for href in page.hrefs:
        host = urlsplit(href).netloc.rpartition("@")[2]
        names_host = f'<span class="host">({host})</span>' in html
        assert names_host or ("@" not in href and page.text.startswith(href))


def test_letters_of_another_script_are_told_by_the_address() -> None:
    assert "(xn--pple-43d.com)" in render("https://аpple.com/")
    assert "host" not in render("https://apple.com/ and [apple.com](https://www.apple.com/a)")


def test_the_words_of_a_script_are_just_words() -> None:
    assert ALERT in look_at(render(f"<script>{ALERT}</script>")).text
