"""The frame of every page: one heading, breadcrumbs, places beside it, cards, one main button (WEB-14, WEB-15)."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from chronicle.models import Invite, ServerChannel
from chronicle.services import create_server
from haven.models import Character
from testing.personas import SYSTEM, TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]
VOID = {"input", "meta", "link", "img", "br", "use", "path", "hr"}


class Page(HTMLParser):
    """What stands where on a page: of each element its name, attributes, and those that it stands in."""

    def __init__(self, client: Client, address: str) -> None:
        super().__init__()
        answer = client.get(address)
        assert answer.status_code == 200, address
        self.html = answer.content.decode()
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self._open: list[str] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes, tuple(self._open)))
        if tag not in VOID:
            self._open.append(f"{tag}.{attributes.get('class', '').replace(' ', '.')}")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].startswith(f"{tag}."):
            self._open.pop()

    def named(self, tag: str, **wanted: str) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
        """Elements with this name and these classes or attributes, each with what it stands in."""
        for name, attributes, inside in self.elements:
            if name == tag and all(value in attributes.get(key, "").split() for key, value in wanted.items()):
                yield attributes, inside


@pytest.fixture
def pages(world: World, owl: Character, browser: Browser) -> dict[str, Page]:
    """Every page with forms, as their owner sees it."""
    house = create_server(world.olga, "House of Olga", cause=SYSTEM)
    invite = Invite.objects.create(server=house, code="come", made_by=world.olga)
    court, story = f"/servers/{world.server.id}/", f"/chronicles/{world.chronicle.id}/"
    addresses = {
        "server": court,
        "members": f"{court}members/",
        "invitations": f"/servers/{house.id}/members/",
        "channels": f"{court}channels/",
        "channel": f"{court}channels/{ServerChannel.objects.get(discord_id=TABLE_CHANNEL).pk}/",
        "why": f"{court}why/",
        "chronicle": story,
        "rolls": f"{story}rolls/",
        "conflicts": f"{story}conflicts/",
        "desk": f"{story}desk/",
        "join": f"/join/{invite.code}/",
        "create": "/create-server/",
        "account": "/account/",
        "luck": "/luck/",
        "odds": "/odds/?pool=5",
    }
    shown = {name: Page(browser("olga"), address) for name, address in addresses.items()}
    home = f"/characters/{owl.id}/"
    for name, address in {"sheet": home, "history": f"{home}history/", "move": f"{home}move/"}.items():
        shown[name] = Page(browser("mira"), address)
    return shown | {"dice": Page(browser("mira"), f"{home}dice/")}


def test_web_14_each_page_has_one_heading_cards_and_one_main_button(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert len(list(page.named("h1"))) == 1, name
        if name in ("sheet", "dice", "history"):
            continue
        primary = [
            *page.named("button", **{"class": "primary"}),
            *page.named("summary", **{"class": "primary"}),
        ]
        assert len(primary) <= 1, name
        for attributes, inside in page.named("form"):
            if attributes.get("method") != "post" or "logout" in attributes.get("action", ""):
                continue
            if attributes.get("id") in ("award", "locks"):  # the bar at the foot of the desk
                continue
            cards = [part for part in inside if ".panel" in part or ".notice-bar" in part]
            around = attributes.get("class", "") == "stack"  # holds the cards itself
            assert cards or around, (name, attributes)


def test_web_15_breadcrumbs_lead_back_from_every_page(
    pages: dict[str, Page], world: World, owl: Character
) -> None:
    court, story = f"/servers/{world.server.id}/", f"/chronicles/{world.chronicle.id}/"
    ways = {
        "members": ["/", court],
        "channel": ["/", court, f"{court}channels/"],
        "chronicle": ["/", court],
        "desk": ["/", court, story],
        "sheet": ["/", court, story],
        "history": ["/", court, story, f"/characters/{owl.id}/"],
        "luck": ["/"],
        "account": ["/"],
    }
    for name, page in pages.items():
        assert len(list(page.named("nav", **{"class": "crumbs"}))) == 1, name
    for name, way in ways.items():
        links = [
            attributes["href"]
            for attributes, inside in pages[name].named("a")
            if any(part.startswith("nav.crumbs") for part in inside)
        ]
        assert links == way, name


def test_web_15_the_places_of_a_chronicle_are_on_all_its_pages(
    pages: dict[str, Page], world: World, browser: Browser, owl: Character
) -> None:
    story = f"/chronicles/{world.chronicle.id}/"
    characters = f"/?chronicle={world.chronicle.id}"
    below = ("rolls", "conflicts", "sessions", "stage", "desk")
    places = [characters, *(f"{story}{name}/" for name in below), story]
    for name in ("chronicle", "rolls", "conflicts", "desk"):
        assert _places(pages[name]) == places, name
    played = [place for place in places if "desk" not in place and "stage" not in place]
    for name in ("sheet", "history", "dice", "move"):
        assert _places(pages[name]) == played, name
    assert _places(Page(browser("mira"), characters)) == played
    assert _places(Page(browser("vesna"), f"/characters/{owl.id}/")) == places


def _places(page: Page) -> list[str]:
    return [
        attributes["href"]
        for attributes, inside in page.named("a")
        if any(part.startswith("nav.places") for part in inside)
    ]


def test_web_15_a_character_of_no_chronicle_leads_home(
    browser: Browser, create: Callable[..., Character]
) -> None:
    rook = create("mira", "Rook", at_table=False)
    page = Page(browser("mira"), f"/characters/{rook.id}/")
    assert _places(page) == []
    assert len(list(page.named("nav", **{"class": "crumbs"}))) == 1


def test_web_21_names_have_their_own_direction_and_stand_whole(
    browser: Browser, create: Callable[..., Character]
) -> None:
    name = "ليلى بنت قاسم التي لا تنام حتى مطلع الفجر"
    rook = create("mira", name)
    for address in ("/", "/?view=cards", f"/characters/{rook.id}/", f"/characters/{rook.id}/history/"):
        page = browser("mira").get(address).content.decode()
        assert re.search(rf'<[^>]*dir="auto"[^>]*>(<a [^>]*>)?{name}<', page), address


def test_web_21_a_time_bears_its_moment_and_the_browser_tells_it(browser: Browser, owl: Character) -> None:
    page = Page(browser("mira"), f"/characters/{owl.id}/history/")
    times = [attributes["datetime"] for attributes, _ in page.named("time") if "datetime" in attributes]
    assert times
    assert all(re.fullmatch(r"(|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00)", moment) for moment in times)


@pytest.mark.parametrize("debug", [True, False])
def test_web_21_an_unknown_address_is_our_own_page_in_development_too(
    browser: Browser, settings: object, debug: bool
) -> None:
    settings.DEBUG = debug  # type: ignore[attr-defined]
    answer = browser("mira").get("/no-such-page/")
    assert answer.status_code == 404
    assert "Nothing here but dust" in answer.content.decode()


def test_web_08_a_login_that_failed_says_so_on_the_page(browser: Browser) -> None:
    visitor = browser("")
    visitor.get("/auth/callback/", {"state": "of another day", "code": "x"})
    page = visitor.get("/").content.decode()
    assert 'role="alert">This login has expired or was already used. Please try again.</p>' in page
    assert 'role="alert"' not in visitor.get("/").content.decode(), "told once"


def test_web_08_one_denied_login_is_told_where_one_signs_in_again(browser: Browser, settings: object) -> None:
    settings.DISCORD_APP_ID = settings.DISCORD_APP_SECRET = ""  # type: ignore[attr-defined]
    visitor = browser("")
    visitor.get("/auth/login/")
    page = visitor.get("/").content.decode()
    assert "Login with Discord isn’t set up here" in page
    assert "Sign in with Discord" in page
