"""Rolls and what may still be done with them, odds, luck, macros, requests."""

from rod.tests.matrix.entries import (
    EDITORS,
    EVERYONE,
    MEMBERS,
    READERS,
    SIGNED_IN,
    STORYTELLERS,
    Audience,
    Body,
    Entry,
)
from rod.tests.matrix.people import Scene
from rod.tests.matrix.tables.characters import EDITORS_OF_FOX, named

POOL = {"system": "v5", "pool": 3, "options": {"hunger": 0}}
HIDDEN, OWN, OPEN = ({"roll_id": name} for name in ("hidden_roll", "own_roll", "open_roll"))
ROLLER = Audience(frozenset({"player"}))
SIGNED_IN_NOT_FORMER = Audience(SIGNED_IN.may - {"former"}, frozenset({"former"}))
# Nobody but who rolled: not the storytellers, nor a platform admin.
ALONE = ROLLER.unseen
SEES_HIDDEN = READERS.unseen


def pool(attribute: str = "owl") -> Body:
    return named(attribute, **POOL)


def form(scene: Scene) -> dict[str, object]:
    return {"pool": "3", "o-hunger": "0"}


def here(**more: object) -> Body:
    return lambda scene: {"chronicle": str(scene.chronicle.pk), **more}


def roll(attribute: str = "roll", **more: object) -> Body:
    return lambda scene: {"roll": str(getattr(scene, attribute).pk), **more}


def macro(attribute: str = "macro", **more: object) -> Body:
    return lambda scene: {"macro": str(getattr(scene, attribute).pk), **more}


def asked(**more: object) -> Body:
    return lambda scene: {"request": str(scene.request.pk), **more}


def players(scene: Scene) -> dict[str, object]:
    return {"players": [str(scene.people["player"].pk)], "chronicle": str(scene.chronicle.pk), **POOL}


def of_discord(scene: Scene) -> dict[str, object]:
    return {"players": [scene.people["player"].discord_id], **POOL}


def mine(scene: Scene) -> dict[str, object]:
    return {"character": str(scene.owl.pk), "name": "Bite", **POOL}


REROLL = {"strategy": "failures"}
REASON = {"reason": "A slip of the finger"}
ROLL = "api/rolls/<uuid:roll>/"
MACRO = "api/macros/<uuid:macro>/"
REQUEST = "api/roll-requests/<uuid:request_>/"
API = [
    Entry("GET", "api/rolls/", SIGNED_IN),
    Entry("GET", "api/rolls/", MEMBERS, here()),
    Entry("GET", "api/rolls/", MEMBERS, named()),
    Entry("POST", "api/rolls/", EDITORS, pool()),
    Entry("POST", "api/rolls/", SIGNED_IN, lambda scene: POOL),
    Entry("POST", "api/rolls/", MEMBERS, here(**POOL)),
    Entry("POST", "api/rolls/check/", EDITORS, named(check="rouse")),
    Entry("GET", ROLL, MEMBERS),
    Entry("GET", ROLL, SEES_HIDDEN, at=HIDDEN),
    Entry("GET", ROLL, ALONE, at=OWN),
    Entry("POST", ROLL + "reroll/", ROLLER, lambda scene: REROLL),
    Entry("POST", ROLL + "choose/", ROLLER, lambda scene: {"choice": "overreach"}, at=OPEN),
    Entry(
        "POST",
        ROLL + "reveal/",
        Audience(EDITORS.may, MEMBERS.hidden | (MEMBERS.may - READERS.may)),
        at=HIDDEN,
    ),
    Entry("POST", ROLL + "reveal/", ALONE, at=OWN),
    Entry("POST", ROLL + "strike/", STORYTELLERS, lambda scene: REASON),
    Entry("POST", "api/odds/", SIGNED_IN, lambda scene: POOL),
    Entry("POST", "api/odds/", EDITORS, pool()),
    Entry("GET", "api/pool/", MEMBERS, named(q="str")),
    Entry("GET", "api/luck/", SIGNED_IN),
    Entry("GET", "api/luck/", MEMBERS, named()),
    Entry("GET", "api/luck/", MEMBERS, here(everyone="1")),
    Entry("GET", "api/macros/", EDITORS, named()),
    Entry("POST", "api/macros/", EDITORS, mine),
    Entry("PATCH", MACRO, EDITORS, lambda scene: {"note": "Sharp"}),
    Entry("DELETE", MACRO, EDITORS),
    Entry("POST", MACRO + "run/", EDITORS),
    Entry("POST", MACRO + "copy/", EDITORS_OF_FOX, named("fox")),
    Entry("GET", "api/roll-requests/", MEMBERS, here()),
    Entry("POST", "api/roll-requests/", STORYTELLERS, players),
    Entry("GET", REQUEST, MEMBERS),
    Entry("POST", REQUEST + "answer/", ROLLER, pool()),
    Entry("POST", REQUEST + "close/", STORYTELLERS),
]
PAGES = [
    Entry("GET", "odds/", EVERYONE, lambda scene: {"system": "v5", "pool": "4"}),
    Entry("GET", "luck/", SIGNED_IN),
    Entry("GET", "luck/", SIGNED_IN, here(of="everyone")),
    Entry("GET", "characters/<uuid:character_id>/dice/", EDITORS),
    Entry("GET", "characters/<uuid:character_id>/dice/odds/", EDITORS, form),
    Entry("POST", "characters/<uuid:character_id>/dice/roll/", EDITORS, form),
    Entry("POST", "characters/<uuid:character_id>/dice/check/", EDITORS, lambda scene: {"check": "rouse"}),
    Entry(
        "POST",
        "characters/<uuid:character_id>/macros/",
        EDITORS,
        lambda scene: form(scene) | {"macro": "Bite"},
    ),
    Entry(
        "POST",
        "characters/<uuid:character_id>/macros/<uuid:macro_id>/copy/",
        EDITORS_OF_FOX,
        at={"character_id": "fox"},
    ),
    Entry("POST", "macros/<uuid:macro_id>/run/", EDITORS),
    Entry("POST", "macros/<uuid:macro_id>/remove/", EDITORS),
    Entry("GET", "rolls/<uuid:roll_id>/", MEMBERS),
    Entry("GET", "rolls/<uuid:roll_id>/", SEES_HIDDEN, at=HIDDEN),
    Entry("GET", "rolls/<uuid:roll_id>/", ALONE, at=OWN),
    Entry("POST", "rolls/<uuid:roll_id>/reroll/", ROLLER, lambda scene: REROLL),
    Entry("POST", "rolls/<uuid:roll_id>/choose/", ROLLER, lambda scene: {"choice": "overreach"}, at=OPEN),
    Entry("POST", "rolls/<uuid:roll_id>/reveal/", ALONE, at=OWN),
    Entry("POST", "rolls/<uuid:roll_id>/strike/", STORYTELLERS, lambda scene: REASON),
    Entry("GET", "chronicles/<uuid:chronicle_id>/rolls/", MEMBERS),
    Entry(
        "POST",
        "chronicles/<uuid:chronicle_id>/ask/",
        STORYTELLERS,
        lambda scene: {"player": str(scene.people["player"].pk), "pool": "3", "system": "v5"},
    ),
    Entry("GET", "requests/<uuid:request_id>/", MEMBERS),
    Entry("POST", "requests/<uuid:request_id>/answer/", ROLLER, named()),
    Entry("POST", "requests/<uuid:request_id>/close/", STORYTELLERS),
]
BOT = [
    Entry("POST", "bot/rolls", EDITORS, pool()),
    Entry("POST", "bot/rolls", SIGNED_IN, lambda scene: {**POOL, "character": False}),
    Entry("POST", "bot/rolls/check", EDITORS, named(check="rouse")),
    Entry("POST", "bot/rolls/odds", EDITORS, pool()),
    Entry("POST", "bot/rolls/get", MEMBERS, roll()),
    Entry("POST", "bot/rolls/get", SEES_HIDDEN, roll("hidden_roll")),
    Entry("POST", "bot/rolls/get", ALONE, roll("own_roll")),
    Entry("POST", "bot/rolls/reroll", ROLLER, roll(**REROLL)),
    Entry("POST", "bot/rolls/choose", ROLLER, roll("open_roll", choice="overreach")),
    Entry("POST", "bot/rolls/reveal", ALONE, roll("own_roll")),
    Entry("POST", "bot/rolls/strike", STORYTELLERS, roll(**REASON)),
    Entry("POST", "bot/luck", SIGNED_IN),
    Entry("POST", "bot/luck", MEMBERS, named()),
    Entry("POST", "bot/luck", SIGNED_IN, lambda scene: {"everyone": True}),
    Entry("GET", "bot/pool", SIGNED_IN, named(q="str")),
    Entry("GET", "bot/macros", MEMBERS, named()),
    # Who left names no server, so the character has to: they may not see it.
    Entry("GET", "bot/macros", SIGNED_IN_NOT_FORMER, named(shared="1")),
    Entry("POST", "bot/macros", EDITORS, mine),
    Entry("PATCH", "bot/macros", EDITORS, macro(note="Sharp")),
    Entry("DELETE", "bot/macros", EDITORS, macro()),
    Entry("POST", "bot/macros/run", EDITORS.unseen, macro("own_macro")),
    Entry("POST", "bot/macros/copy", EDITORS_OF_FOX, lambda scene: macro()(scene) | named("fox")(scene)),
    Entry("POST", "bot/roll-requests", STORYTELLERS.here, of_discord),
    Entry("POST", "bot/roll-requests/get", MEMBERS, asked()),
    Entry("POST", "bot/roll-requests/answer", ROLLER, lambda scene: asked()(scene) | pool()(scene)),
    Entry("POST", "bot/roll-requests/close", STORYTELLERS, asked()),
    Entry(
        "PUT",
        "bot/messages",
        MEMBERS,
        lambda scene: {"kind": "roll_request", "id": str(scene.request.pk), "channel": "1", "message": "2"},
    ),
]
