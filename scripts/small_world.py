"""Play a little of everything into an empty, migrated database: what `scripts.small_database` dumps.

Only addresses of the bot API and of the public API are used, as players use them, so that this program outlives changes
behind them. Run by `python -m scripts.small_database`; alone: `python -m scripts.small_world` with the database of the
environment.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from testing.personas import (  # noqa: E402
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    bot_body,
    found_world,
)

KEY = "a-key-for-a-small-world-" + "k" * 20
Json = dict[str, Any]
CHARACTERS: list[tuple[str, str, str, Json]] = [
    # Player, splat, name, traits. Names and texts hold what dumps and engines get wrong: quotes, signs, other scripts.
    (
        "mira",
        "vampire5th",
        "Night Owl",
        {"health": 7, "willpower": 6, "humanity": 7, "strength": 3, "brawl": 2},
    ),
    ("mira", "vampire20th", "O’Hara \\ “Ash”", {"health": 7, "willpower": 5, "dexterity": 3, "wits": 3}),
    ("jonas", "werewolf5th", "Grey Fox 🦊", {"health": 6, "willpower": 5, "rage": 2}),
    ("jonas", "mage20th", "Ясна", {"willpower": 6, "arete": 2, "wheel.quintessence": 7}),
    ("jonas", "hunter5th", "Father; DROP", {"health": 6, "willpower": 6, "desperation": 2}),
    ("olga", "human5th", "Ada", {"health": 5, "willpower": 4, "humanity": 8}),
]
# What these people are called where only a good picture matters.
PLAIN_NAMES = {
    "O’Hara \\ “Ash”": "Ash O’Hara",
    "Grey Fox 🦊": "Grey Fox",
    "Father; DROP": "Father Moreau",
}
ASHES = "Ashes of “Prague”"
LONG = "The blood remembers every promise.\nIt's “quoted”, 100 % — and\ttabbed; \\n is no line.\n" * 3


class Table:
    """The doors that the people of `testing.personas` go through."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        settings.API_KEYS = [KEY]
        settings.ALLOWED_HOSTS = ["*"]
        self.world: World = found_world()
        self.bot = APIClient(HTTP_AUTHORIZATION=f"Api-Key {KEY}")
        self.presses = 0

    def call(self, who: str, path: str, method: str = "post", here: str = TABLE_CHANNEL, **body: Any) -> Json:
        """One press in Discord, with the key of its interaction."""
        self.presses += 1
        press = f"99000000000000{self.presses:04}"
        named = {
            key: self.names.get(value, value) if isinstance(value, str) else value
            for key, value in body.items()
        }
        asked = bot_body(who, command=f"/{path}", interaction=press) | {"channel_id": here} | named
        send = getattr(self.bot, method)
        return self._good(
            path, send(f"/bot/{path}", asked, format="json", headers={"Idempotency-Key": press})
        )

    def web(self, who: str, path: str, method: str = "post", **body: Any) -> Json:
        """The same over the public API, by session."""
        client = Client()
        client.force_login(getattr(self.world, who), backend="django.contrib.auth.backends.ModelBackend")
        send = getattr(client, method)
        return self._good(path, send(f"/api/{path}", body, content_type="application/json"))

    @staticmethod
    def _good(path: str, answer: Any) -> Json:
        if answer.status_code >= 300:
            raise AssertionError(f"{path}: {answer.status_code} {answer.content.decode()}")
        return answer.json() if answer.content else {}


def changes(**values: Any) -> list[Json]:
    return [{"path": path, "op": "set", "value": value} for path, value in values.items()]


def add(path: str, **entry: Any) -> Json:
    return {"path": path, "op": "add", "value": entry}


def main(plain: bool = False) -> None:
    table = Table(PLAIN_NAMES if plain else {})
    community(table)
    found = characters(table)
    dice(table, found)
    desk(table, found)
    conflicts(table)
    messages(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM events")
        print(f"{cursor.fetchone()[0]} events")


def community(table: Table) -> None:
    table.call("olga", f"servers/{GUILD}", "patch", edition="20th", features={"luck": False})
    table.call(
        "olga",
        f"servers/{GUILD}",
        "patch",
        tracker_channel=TRACKER_CHANNEL,
        tracker={"changes": True, "rolls": "all", "digest": True},
        storyteller_channel=TRACKER_CHANNEL,
        storyteller_roles=[NARRATOR],
        edition="5th",
        features={"luck": True},
    )
    table.call("olga", "chronicles", name=ASHES, description=LONG)
    table.call(
        "olga", "chronicles/people", "put", chronicle=ASHES, user=DISCORD_IDS["vesna"], role="STORYTELLER"
    )
    rules = {"rerolls": "none", "max_hunger": "4"}
    table.call(
        "vesna",
        "chronicles",
        "patch",
        chronicle=ASHES,
        changes={"rules": rules, "tenets": ["No harm", "Nothing is forgotten"]},
    )
    table.call(
        "vesna", "chronicles/people", "put", chronicle=ASHES, user=DISCORD_IDS["mira"], role="OBSERVER"
    )
    table.call("vesna", "chronicles/bind", "put", chronicle=ASHES, channel=TRACKER_CHANNEL)
    own = {
        "name": "Archivist",
        "color": "#7a4fa3",
        "position": 1,
        "permissions": {"run_conflicts": "allow", "invite_members": "deny"},
    }
    role = table.call("olga", f"servers/{GUILD}/roles", values=own)["results"]
    archivist = next(each["id"] for each in role if each["name"] == "Archivist")
    table.call(
        "olga", f"servers/{GUILD}/roles/members", "put", role=archivist, user=DISCORD_IDS["jonas"], held=True
    )
    ours = table.web("sam", "servers/", name="Ours alone", description="No Discord")
    invite = table.web("sam", f"servers/{ours['id']}/invites/", max_uses=3, hours=24)
    table.web("jonas", f"join/{invite['code']}/")
    table.call("mira", "preferences", direct_messages=True, text_mode=True)


def characters(table: Table) -> dict[str, str]:
    """Name → id. Every kind of change: numbers, lists, text, undo, deletion and the way back, another chronicle."""
    found = {}
    for who, splat, name, traits in CHARACTERS:
        made = table.call(who, "characters", splat=splat, name=name, changes=changes(**traits))
        found[name] = made["character"]["id"]
    owl, ohara, fox, yasna, father, ada = found.values()
    sheet = [
        *changes(history=LONG, ambition="To be forgotten", theme="#8c1c2b"),
        add("merits", name="Beautiful", rating=2),
    ]
    sheet += [add("disciplines", name="Potence", dots=2), add("brawl.specialties", name="Grappling")]
    table.call("mira", "characters", "patch", character=owl, changes=sheet)
    for path, value in (("health.superficial", 5), ("health.superficial", 4), ("hunger", 1)):
        table.call(
            "mira",
            "characters",
            "patch",
            character=owl,
            changes=[{"path": path, "op": "adjust", "value": value}],
        )
    table.call("mira", "characters/undo", character=owl)
    table.call("mira", "characters/default", character=owl)
    table.call(
        "jonas",
        "characters",
        "patch",
        character=yasna,
        changes=[{"path": "wheel.paradox", "op": "adjust", "value": 3}],
    )
    table.call("jonas", "characters", "delete", character=father)
    table.call("olga", "characters", "delete", character=ada)
    table.call("olga", "characters/restore", character=ada)
    table.call("jonas", "characters/move", character=fox, chronicle=ASHES)
    table.web("mira", f"characters/{ohara}/visibility/", "put", trait="willpower", level="table")
    notes = changes(storyteller_notes="Knows too much", locked=True)
    table.call("vesna", "characters", "patch", character=ohara, player=DISCORD_IDS["mira"], changes=notes)
    return found


def dice(table: Table, found: dict[str, str]) -> None:
    owl, ohara, _, yasna, *_ = found.values()
    first = table.call(
        "mira",
        "rolls",
        character=owl,
        system="v5",
        pool="strength + brawl",
        options={"difficulty": 2, "rouse": 2},
        note="Over",
    )
    table.call("mira", "rolls/reroll", roll=first["roll"]["id"], dice=first["roll"]["rerollable"][:1])
    table.call("mira", "rolls", system="v5", character=owl, pool=3, visibility="private")
    hidden = table.call("vesna", "rolls", system="cod", pool=6, visibility="storyteller", name="The Prince")
    table.call("vesna", "rolls/reveal", roll=hidden["roll"]["id"])
    struck = table.call(
        "mira", "rolls", character=ohara, system="wod20", pool="dexterity + wits", options={"willpower": True}
    )
    table.call("vesna", "rolls/strike", roll=struck["roll"]["id"], reason="Wrong pool")
    table.call("jonas", "rolls", character=False, system="general", pool="3d6 + 2d10 - 1")
    # However the dice fell: at Hunger 5 there is no blood left to mend with.
    table.call("mira", "characters", "patch", character=owl, changes=changes(hunger=1))
    for check, options in (("rouse", {"times": 2}), ("mend", {}), ("stains", {"added": 2}), ("remorse", {})):
        table.call("mira", "rolls/check", character=owl, check=check, options=options)
    table.call("jonas", "rolls/check", character=yasna, check="initiative", options={"rating": 5})
    table.call(
        "mira",
        "macros",
        character=owl,
        name="Claws",
        pool="strength + brawl",
        options={"difficulty": 3},
        shared=True,
    )
    table.call("mira", "macros/run", character=owl, macro="claws")
    players = [DISCORD_IDS["mira"], DISCORD_IDS["jonas"]]
    asked = table.call(
        "vesna", "roll-requests", players=players, pool="strength", system="v5", text="Who is awake?"
    )
    table.call("mira", "roll-requests/answer", request=asked["request"]["id"], character=owl)
    over = table.call("vesna", "roll-requests", players=players, pool="3", minutes=5)
    table.call("vesna", "roll-requests/close", request=over["request"]["id"])


def desk(table: Table, found: dict[str, str]) -> None:
    owl, ohara, *_ = found.values()
    table.call("vesna", "awards", amount=3, reason="Session 1")
    stronger = [{"path": "dexterity", "op": "text", "value": "+1"}]
    for verb, more in (("approve", {}), ("return", {"reason": "Next month"})):
        made = table.call("mira", "submissions", character=ohara, changes=stronger, text="Trained")[
            "submission"
        ]["id"]
        table.call("vesna", "submissions/comment", submission=made, text="By whom?")
        table.call("vesna", f"submissions/{verb}", submission=made, **more)
    table.call("mira", "submissions", character=ohara, changes=stronger)
    note = table.call("vesna", "notes", title="Traitor", text=LONG, character=owl)["note"]["id"]
    table.call("vesna", "notes", title="Elysium")
    table.call("vesna", "notes/remove", note=note)


def conflicts(table: Table) -> None:
    table.call("vesna", "conflicts", kind="cod", title="Over")
    table.call("mira", "conflicts/roll", name="Rat", rating=3)
    table.call("vesna", "conflicts/move", move="end")
    row = table.call("vesna", "conflicts", kind="20th", title="Elysium burns")["conflict"]
    table.call("mira", "conflicts/roll", name="O’Hara \\ “Ash”", modifier=2)
    table.call("jonas", "conflicts/roll", name="Rat", rating=4, extra_actions=1)
    table.call("vesna", "conflicts/move", move="reveal")
    table.call("vesna", "conflicts/effect", text="Smoke", until="scene")
    place = {"kind": "conflict", "id": row["id"], "channel": TABLE_CHANNEL, "message": "740000000000000009"}
    table.call("vesna", "messages", "put", **place)


def messages(table: Table) -> None:
    """What the Discord process posted so far: rows that only its feed writes."""
    streams: Sequence[str] = [str(table.world.chronicle.pk), str(table.world.server.pk)]
    with connection.cursor() as cursor:
        mark = [
            stream if connection.features.has_native_uuid_field else stream.replace("-", "")
            for stream in streams
        ]
        for position, stream in enumerate(mark, start=2):
            cursor.execute("INSERT INTO feed_positions (stream_id, seq) VALUES (%s, %s)", [stream, position])


if __name__ == "__main__":
    main()
