"""Every route of the tables with what works there, nearly works or cannot work: nobody is answered by our own fault.

`scripts/test.sh --long requests` tries a hundred thousand on each database: `REQUESTS` says how many, `SEED` which.
"""

import json
import os
import traceback
from collections import Counter
from copy import copy, deepcopy
from random import Random
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from rod.tests.matrix.entries import AT, Entry, value_of
from rod.tests.matrix.people import ANONYMOUS, IDS, PERSONAS, Scene, bot_side, scene
from rod.tests.matrix.tables.characters import PICTURE
from rod.tests.matrix.test_routes import TABLES
from rod.tests.matrix.walk import PARAMETER, routes
from rolls.schema import schema as all_schemas
from testing.fuzzing import assert_sane
from testing.mutation import TEXTS, Mutation
from testing.personas import DISCORD_IDS, GUILD, NARRATOR, OTHER_GUILD, TABLE_CHANNEL, copied

REQUESTS = int(os.environ.get("REQUESTS", "800"))
SEED = int(os.environ.get("SEED", "1"))
KEPT = 0.25  # of the requests; the others are taken back, or soon nothing would be left to ask for
# So many requests, and the scene is as it was at first, or what was closed and lost would refuse all that follows.
STRETCHES = (200, 400, 400, 400, 400, 1500)
# The long run is cut in two, which run side by side.
HALVES = 2 if REQUESTS > 10_000 else 1
KEY = "fuzzing-" + "f" * 50
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
SIDES = {"API": 0.44, "BOT": 0.44, "PAGES": 0.12}
SNOWFLAKES = [*DISCORD_IDS.values(), *IDS.values(), GUILD, OTHER_GUILD, NARRATOR, TABLE_CHANNEL]


@pytest.fixture
def on(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """No picture is fetched. Limits are far off already (`scripts.environment_for_tests`)."""
    settings.API_KEYS = [KEY]
    monkeypatch.setattr("haven.portraits.fetch", lambda url: PICTURE)
    return copied(scene)


def things(on: Scene) -> list[Any]:
    """Ids of all that is there, deleted, or of another server."""
    found = [thing.pk for thing in vars(on).values() if hasattr(thing, "pk")]
    people = [person.pk for person in on.people.values()]
    return [*found, *people, on.world.other_chronicle.pk, on.world.other_server.pk, on.effect, *SNOWFLAKES]


def words() -> list[str]:
    """Every text of the schemas: names of traits, options, choices, types of characters."""
    found: set[str] = set()

    def collect(node: Any) -> None:
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            collect(value)
        if isinstance(node, str):
            found.add(node)

    collect(all_schemas())
    return sorted(found)


def likely(ids: list[Any]) -> dict[str, list[Any]]:
    """What fields of a name take. Options come with their ranges, paths from every trait of every type of character."""
    described: Any = all_schemas()
    rolls, checks = described["rolls"], described["checks"]
    options = [option for kind in (*rolls, *checks) for option in kind["options"]]
    paths = [
        field["path"]
        for splat in described["splats"]
        for trait in splat["traits"]
        for field in trait["fields"]
    ]
    lists = [
        trait["slug"] for splat in described["splats"] for trait in splat["traits"] if trait.get("entry")
    ]
    names = ["Night Owl", "night owl", "owl", "Grey Fox", "Locked Owl", "🦉", "canary-of-the-deleted", *ids]
    numbers = [-1, 0, 1, 2, 3, 5, 50]
    return {
        "snowflake": SNOWFLAKES,
        "system": [roll["slug"] for roll in rolls],
        "check": [check["slug"] for check in checks],
        "splat": [splat["slug"] for splat in described["splats"]],
        "options": [some_options(options, number) for number in range(300)],
        "pool": [
            *range(-1, 8),
            50,
            51,
            "strength + brawl",
            "hunger",
            "strength",
            "5 + hunger",
            "brawl(Owl)",
            "",
            "willpower - 2",
        ],
        "path": [*paths, *(f"{name}.*.name" for name in lists), *lists, "name", "locked", "visibility", ""],
        "op": ["set", "adjust", "add", "remove", "text", "x"],
        "value": [
            *numbers,
            "Owl",
            "+1",
            {"name": "Owl"},
            {"name": "Owl", "dots": 3},
            {"title": "Owl"},
            True,
            None,
        ],
        "changes": [some_changes(described["splats"], number) for number in range(400)],
        "strategy": ["failures", "max_crits", "messy", "critical", "random", "all", "x"],
        "choice": ["overreach", "despair", "x"],
        "dice": [[0], [0, 1, 2], [-1], [0, 0], list(range(60)), []],
        "kind": ["20th", "cod", "5th", "5th_dice", "x"],
        "character": names,
        "name": names,
        "participant": names,
        "edition": ["5th", "20th", "cod", "x"],
        "verb": ["move", "join", "roll", "declare", "change", "leave", "effect", "lift", "x"],
    }


def some_options(options: list[Any], seed: int) -> dict[str, Any]:
    """A few options: with values that they take, or at the edge of that."""
    random, given = Random(seed), {}
    for option in random.sample(options, random.randrange(5)):
        low, high = option.get("min") or 0, option.get("max") or 10
        choices = [choice["value"] for choice in option.get("choices") or ()]
        given[option["name"]] = random.choice(
            [low, high, low - 1, high + 1, True, False, "brawl", None, *choices]
        )
    return given


def some_changes(splats: list[Any], seed: int) -> list[dict[str, Any]]:
    """Up to four changes of one type of character: what its traits take, at the edge of that, or past it."""
    random = Random(seed)
    splat = random.choice([splats[0], splats[0], *splats])
    return [one_change(random, random.choice(splat["traits"])) for _ in range(random.randrange(1, 5))]


def one_change(random: Random, trait: dict[str, Any]) -> dict[str, Any]:
    if not trait["fields"] or (trait["entry"] and random.random() < 0.5):
        value = random.choice(
            [{"name": "Owl"}, {"name": "Owl", "dots": 3}, "Owl", "+2", "- Owl", "Owl 2", {}, 0]
        )
        return {"path": trait["slug"], "op": random.choice(["add", "text", "remove", "set"]), "value": value}
    field = random.choice(trait["fields"])
    low, high = field.get("min") or 0, field.get("max") or 10
    values = [low, high, low - 1, high + 1, True, "", "Owl", None, *(field.get("choices") or ())]
    return {
        "path": field["path"],
        "op": random.choice(["set", "set", "adjust"]),
        "value": random.choice(values),
    }


class Fuzz:
    """A run of requests by one seed, and what came of them."""

    def __init__(self, on: Scene, seed: int) -> None:
        self.on, self.random = on, Random(seed)
        ids = things(on)
        self.mutation = Mutation(self.random, ids, words(), likely(ids))
        self.entries = {
            side: [entry for table in TABLES for entry in getattr(table, side, ())] for side in SIDES
        }
        self.turns: dict[str, list[Entry]] = {side: [] for side in SIDES}
        self.inputs = inputs()
        self.browsers = {name: Client(raise_request_exception=False) for name in PERSONAS}
        for name, user in on.people.items():
            self.browsers[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.bot = Client(raise_request_exception=False, headers={"Authorization": f"Api-Key {KEY}"})
        self.answers: Counter[int] = Counter()
        self.accepted: set[tuple[str, str]] = set()
        self.faults: dict[str, str] = {}

    def run(self, count: int) -> None:
        known = list(self.mutation.ids)
        while count > 0:
            stretch = min(count, self.random.choice(STRETCHES))
            count -= stretch
            with transaction.atomic():
                for _ in range(stretch):
                    self.ask()
                transaction.set_rollback(True)
            self.mutation.ids[:] = known
            cache.clear()

    def ask(self) -> None:
        side = self.random.choices(list(SIDES), list(SIDES.values()))[0]
        entry = self.next_entry(side)
        with transaction.atomic():
            answer, said = self.send(side, entry)
            if not self.mutation.chance(KEPT):
                transaction.set_rollback(True)
        self.look_at(entry, answer, said)

    def next_entry(self, side: str) -> Entry:
        """Each as often as the others, in random order."""
        if not self.turns[side]:
            self.turns[side] = self.random.sample(self.entries[side], len(self.entries[side]))
        return self.turns[side].pop()

    def send(self, side: str, entry: Entry) -> tuple[HttpResponse, str]:
        may = sorted(entry.audience.may) or PERSONAS
        persona = self.random.choice(may if self.mutation.chance(0.8) else PERSONAS)
        method = entry.method if self.mutation.chance(0.99) else self.random.choice(METHODS)
        url, body = self.address(entry), self.body(side, entry, persona)
        client = self.bot if side == "BOT" else self.browser(persona)
        headers = self.headers()
        if method == "GET" and isinstance(body, dict):
            url += "?" + urlencode({name: as_text(value) for name, value in body.items()}, errors="replace")
            answer = client.get(url, headers=headers)
        elif side == "PAGES" and isinstance(body, dict):
            form = {str(name): as_text(value) for name, value in body.items()}
            answer = client.generic(
                method, url, urlencode(form, errors="replace"), "application/x-www-form-urlencoded"
            )
        else:
            answer = client.generic(
                method, url, self.data(entry, body), self.content_type(entry), headers=headers
            )
        return answer, f"{persona}: {method} {url} {str(body)[:1500]} {headers}"

    def data(self, entry: Entry, body: Any) -> bytes | str:
        if entry.raw is not None or isinstance(body, bytes):
            return entry.raw or body
        return in_json(body) if body or self.mutation.chance(0.2) else ""

    def browser(self, persona: str) -> Client:
        """Who signs out in it is signed in at the next request."""
        browser = copy(self.browsers[persona])
        browser.cookies = deepcopy(browser.cookies)
        return browser

    def content_type(self, entry: Entry) -> str:
        usual = "application/json" if entry.raw is None else "image/png"
        return (
            usual
            if self.mutation.chance(0.98)
            else self.random.choice(["text/plain", "", "multipart/form-data", "\x7f"])
        )

    def headers(self) -> dict[str, str]:
        found = {}
        if self.mutation.chance(0.3):
            found["Idempotency-Key"] = self.random.choice(
                [str(uuid4()), "again", "again too", "x" * 101, "a b", ""]
            )
        if self.mutation.chance(0.02):
            found["Accept"] = self.random.choice(["text/html", "*/*;q=x", "", "application/json; version=9"])
        return found

    def address(self, entry: Entry) -> str:
        def known(name: str) -> object:
            """What was there at first can be renamed or gone by now."""
            try:
                if self.mutation.chance(0.95):
                    return value_of(self.on, entry, name)
                return self.random.choice([*AT.values()])(self.on)
            except ObjectDoesNotExist:
                return self.mutation.id()

        def put(found: Any) -> str:
            if self.mutation.chance(0.95):
                return quote(str(known(found[1])), safe="")
            return quote(self.random.choice([self.mutation.id(), *TEXTS[:20]]), safe="", errors="replace")

        path = "/" + PARAMETER.sub(put, entry.route)
        return (
            path
            if self.mutation.chance(0.98)
            else path.rstrip("/") + self.random.choice(["", "//", "/x", "%00", "?%00=%ff"])
        )

    def body(self, side: str, entry: Entry, persona: str) -> Any:
        if self.mutation.chance(0.01):
            return self.random.choice(
                [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":' * 500, b'{"name": "\\ud800"}', b"1e999"]
            )
        schema = self.inputs.get((entry.method, entry.route), {})
        works = entry.body(self.on)
        made = (
            self.mutation.made_of(schema)
            if schema and self.mutation.chance(0.2)
            else self.mutation.changed(works, schema)
        )
        if side == "BOT" and isinstance(made, dict) and entry.method == "GET":
            return {"actor": bot_side(self.on, self.acting(persona))["actor"]["id"], "guild": GUILD} | made
        if side == "BOT" and isinstance(made, dict):
            acting = bot_side(self.on, self.acting(persona))
            return (self.mutation.changed(acting, {}) if self.mutation.chance(0.2) else acting) | made
        return made

    def acting(self, persona: str) -> str:
        return "player" if persona in ANONYMOUS else persona

    def look_at(self, entry: Entry, answer: HttpResponse, said: str) -> None:
        self.answers[answer.status_code] += 1
        if is_done(answer) and answer.wsgi_request.method == entry.method:
            self.accepted.add((entry.method, entry.route))
        if answer.status_code >= 500:
            self.keep(answer, said)
        elif answer["Content-Type"].startswith("application/json"):
            try:
                assert_sane(answer.status_code, answer.headers, answer.content)
            except AssertionError as error:
                self.faults.setdefault(str(error)[:200], said + answer.content.decode()[:2000])
            if answer.content and self.mutation.chance(0.2):
                self.mutation.learn(json.loads(answer.content))

    def keep(self, answer: HttpResponse, said: str) -> None:
        """One example of each fault, by the line that it came from."""
        error = getattr(answer, "exc_info", None)
        lines = traceback.format_exception(*error) if error else [answer.content.decode(errors="replace")]
        place = next((line for line in reversed(lines) if "/backend/" in line), lines[-1])
        self.faults.setdefault(f"{place}{lines[-1][:300]}", said + "\n" + "".join(lines[-6:])[-2500:])


def is_done(answer: HttpResponse) -> bool:
    """Not sent to sign in, nor to the address with a slash."""
    return (
        answer.status_code < 400 and answer.status_code != 301 and "/login/" not in answer.get("Location", "")
    )


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else in_json(value)


def in_json(value: Any) -> str:
    return json.dumps(value, default=str)


def inputs() -> dict[tuple[str, str], Any]:
    """The JSON schema of what each operation takes, by method and route."""
    found = {}
    for route, view in routes():
        for method, operation in getattr(view, "initkwargs", {}).get("operations", {}).items():
            found[method, route] = operation.input.model_json_schema()
    return found


@pytest.mark.engine
@pytest.mark.timeout(590)
@pytest.mark.parametrize("half", range(HALVES))
def test_no_request_is_answered_by_our_own_fault(on: Scene, half: int) -> None:
    fuzz = Fuzz(on, 2 * SEED + half)
    fuzz.run(REQUESTS // HALVES)
    assert not fuzz.faults, f"{len(fuzz.faults)} faults\n" + "\n\n".join(fuzz.faults.values())
    # What is refused at the door alone tries nothing behind it.
    done = sum(count for status, count in fuzz.answers.items() if status < 300)
    assert done > REQUESTS / HALVES / 5, fuzz.answers
    if REQUESTS > 10_000:
        listed = {(entry.method, entry.route) for entries in fuzz.entries.values() for entry in entries}
        assert len(listed - fuzz.accepted) < len(listed) / 20, sorted(listed - fuzz.accepted)
