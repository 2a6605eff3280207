"""A conflict as its page draws it: the order of turns, and what its reader can do.

A row is a participant with one of their turns, or with none before the order stands.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from contract.translation import N_, _, n_
from rules.conflict.kinds import ACT, DECLARE, DIE, GATHER, LAST_CATEGORY, POOL
from rules.conflict.moves import DO, END, SKIP

Row = dict[str, Any]

MOST_NAMES = 3
NOT_SAID = N_("Not declared yet")
STANDS = {
    "current": N_("Acting now"),
    "declared": N_("Has declared"),
    "done": N_("Done"),
    "skipped": N_("Skipped"),
}
TIMES = (("scene", N_("End of scene")), ("night", N_("End of night")), ("session", N_("End of session")))


def times() -> list[tuple[str, str]]:
    """Return what may pass in a chronicle, by the name of its event."""
    return [(passed, _(label)) for passed, label in TIMES]


def table(conflict: Row, plays: bool) -> Row:
    """Build the table; `plays`: the reader can act here at all."""
    reader = {"plays": plays and conflict["open"], "runs": plays and conflict["rights"]["run"]}
    people = {participant["id"]: participant for participant in conflict["participants"]}
    turns = [_row(conflict, reader, people[turn["participant"]], turn) for turn in conflict["turns"]]
    placed = {row["who"]["id"] for row in turns}
    rest = [
        _row(conflict, reader, participant, None) for pk, participant in people.items() if pk not in placed
    ]
    now = [row for row in turns if row["now"]]
    moment = _acting_now(turns, now)
    head = _featured_row(moment, now, reader)
    deed = _next_action(turns, rest, now)
    if deed:
        deed["is_deed"] = True
    return {
        "groups": _groups(conflict, turns),
        "rest": rest,
        "head": head,
        "beside": _names([row["who"]["name"] for row in moment if row is not head]),
        "then": _then(conflict, turns),
        "deed": deed,
        "moves": _moves(conflict, now) if reader["runs"] else [],
        "enters": reader["plays"] and conflict["rights"]["enter"],
        "everybody": reader["runs"] and any(row["enters"] == "join" for row in rest),
        "opens": _opens(conflict, reader, people.values(), deed),
        "lifts": _lifts(conflict, reader, people),
        "affects": (affects := [participant for participant in people.values() if _may(reader, participant)]),
        "adds": reader["plays"] and (reader["runs"] or affects),
        "times": times() if reader["runs"] else [],
        "says": says(conflict, head),
        "dice": conflict["rolls"] == DIE,
        "pool": conflict["rolls"] == POOL,
        **reader,
    }


def _row(conflict: Row, reader: Row, participant: Row, turn: Row | None) -> Row:
    key = f"{participant['id']}-{turn['number'] if turn else 0}"
    may = _may(reader, participant)
    ready = may and turn is not None and turn["ready"]
    joined = participant["joined"] and (participant["rolled"] or not conflict["rolls"])
    return {
        "key": key,
        "who": participant,
        "turn": turn,
        "joined": joined,
        "stands": _in_turn(conflict, turn) if turn else _before(conflict, participant, joined),
        "now": turn is not None and turn["state"] == "current",
        # Extra actions are managed where their owner stands.
        "may": may and (ready or turn is None or not turn["extra"]),
        "declares": ready and conflict["phase"] == DECLARE,
        "acts": ready and conflict["phase"] == ACT,
        "enters": (enters := "" if joined or not may else _join_button(conflict, participant, reader)),
        "url": f"conflict-{enters}",
        "named": participant["character"]["id"] if participant["character"] else participant["name"],
        "is_deed": False,
    }


def _in_turn(conflict: Row, turn: Row) -> str:
    """Describe a turn's state; nothing before the first declares, or when the round is over."""
    if turn["state"] != "waiting":
        return _(STANDS[turn["state"]])
    if conflict["phase"] not in (DECLARE, ACT):
        return ""
    return _("Can go now") if turn["ready"] else _("Waiting")


def _before(conflict: Row, participant: Row, joined: bool) -> str:
    """Describe a participant without a turn; a roll is shown only to those who may see it."""
    if joined and participant["rolled"]:
        return (
            _("Rolled {result}", result=participant["roll"]["text"])
            if participant["roll"]
            else _("Has rolled")
        )
    if joined:
        return _("Joined")
    if not conflict["rolls"]:
        return _("Not in this conflict")
    return _("Hasn’t joined yet") if participant["rolled"] else _("Hasn’t rolled yet")


def _may(reader: Row, participant: Row) -> bool:
    return bool(reader["plays"] and (participant["yours"] or reader["runs"]))


def _opens(conflict: Row, reader: Row, people: Iterable[Row], deed: Row | None) -> bool:
    """Return whether the form for newcomers is the next step."""
    return (
        conflict["phase"] == GATHER
        and not deed
        and (reader["runs"] or not any(participant["yours"] for participant in people))
    )


def _lifts(conflict: Row, reader: Row, people: Mapping[str, Row]) -> set[str]:
    """Return the effects that this reader may end, including those that outlast the conflict."""
    if reader["runs"]:
        return {effect["id"] for effect in conflict["effects"]}
    mine = {pk for pk, participant in people.items() if participant["yours"]} if reader["plays"] else set()
    return {effect["id"] for effect in conflict["effects"] if effect["participant"] in mine}


def _join_button(conflict: Row, participant: Row, reader: Row) -> str:
    """How somebody who is known comes into this round; another's name without a sheet cannot be called up."""
    late = conflict["phase"] != GATHER and not conflict["rights"]["enter"]
    if late or not (participant["yours"] or (reader["runs"] and participant["character"])):
        return ""
    return "join" if participant["rolled"] or not conflict["rolls"] else "roll"


def _next_action(turns: list[Row], rest: list[Row], now: list[Row]) -> Row | None:
    """What its reader does next: for whose turn it is, else for one of their own."""
    ready = [row for row in turns if row["declares"] or row["acts"]]
    mine = [row for row in ready if row["who"]["yours"]]
    entering = [row for row in rest if row["enters"] and row["who"]["yours"]]
    return next(iter([row for row in now if row in ready] + mine + entering), None)


def _acting_now(turns: list[Row], now: list[Row]) -> list[Row]:
    """Return whose turn it is, and who else acts at the same time."""
    moments = {row["turn"]["together"] for row in now}
    return now + [
        row for row in turns if row["turn"]["together"] in moments and row["turn"]["ready"] and not row["now"]
    ]


def _featured_row(moment: list[Row], now: list[Row], reader: Row) -> Row | None:
    """Return the turn to feature: a player's own first; for who runs the conflict, simply the first."""
    mine = [] if reader["runs"] else [row for row in moment if row["who"]["yours"]]
    return next(iter(mine + now), None)


def _names(names: list[str]) -> str:
    hidden = len(names) - MOST_NAMES
    shown = ", ".join(names[:MOST_NAMES])
    return (
        n_("{names} and {count} more", "{names} and {count} more", hidden, names=shown)
        if hidden > 0
        else shown
    )


def _then(conflict: Row, turns: list[Row]) -> str:
    """Name the first participant who acts later; nothing while declaring, where speed decides."""
    if conflict["phase"] != ACT:
        return ""
    later = [row for row in turns if row["turn"]["state"] == "waiting" and not row["turn"]["ready"]]
    return str(later[0]["who"]["name"]) if later else ""


def _moves(conflict: Row, now: list[Row]) -> list[Row]:
    """Done and skip are for whom the page names, and for nobody who came up since. What asks first stands last."""
    about = now[0]["who"]["id"] if now else ""
    moves = [
        move | {"participant": about if move["move"] in (DO, SKIP) else "", "asks": move["move"] == END}
        for move in conflict["moves"]
    ]
    return sorted(moves, key=lambda move: move["asks"])


def _groups(conflict: Row, rows: list[Row]) -> list[Row]:
    """Group rows as `[{"label", "rows"}]`: those who act in sequence in one list, those at the same time apart."""
    if conflict["categories"]:
        return _by_category(conflict, rows)
    groups: list[Row] = []
    extra = False
    for _moment, many in groupby(rows, lambda row: row["turn"]["together"]):
        moment = list(many)
        label = _label(moment, extra)
        extra = moment[0]["turn"]["extra"]
        if groups and not label and not groups[-1]["apart"]:
            groups[-1]["rows"] += moment
        else:
            groups.append({"label": label, "rows": moment, "apart": len(moment) > 1})
    return groups


def _label(moment: list[Row], extra: bool) -> str:
    begins, together = moment[0]["turn"]["extra"] and not extra, len(moment) > 1
    if begins:
        return _("Extra actions, at the same time") if together else _("Extra actions")
    return _("At the same time") if together else ""


def _by_category(conflict: Row, rows: Iterable[Row]) -> list[Row]:
    labels = {category["slug"]: category["label"] for category in conflict["categories"]}
    groups: dict[str, list[Row]] = {label: [] for label in (*labels.values(), _(NOT_SAID))}
    for row in rows:
        open_still = conflict["phase"] == DECLARE and row["turn"]["state"] == "waiting"
        label = _(NOT_SAID) if open_still else labels[row["turn"]["category"] or LAST_CATEGORY]
        groups[label].append(row)
    return [{"label": label, "rows": many, "apart": True} for label, many in groups.items() if many]


def says(conflict: Row, head: Row | None) -> str:
    """Return the announcement for screen readers: the phase, and whose turn it is."""
    phase = conflict["phase_label"]
    stop = "" if phase.endswith("?") else "."
    where = (
        _("Round {number}: {phase}", number=conflict["round"], phase=phase) + stop
        if conflict["open"]
        else _("The conflict is over.")
    )
    return f"{where} {_whose(head) if head else conflict['hint']}".strip()


def _whose(head: Row) -> str:
    name, yours, extra = head["who"]["name"], head["who"]["yours"], head["turn"]["extra"]
    if extra:
        return (
            _("It is your turn: {name}, an extra action.", name=name)
            if yours
            else _("It is {name}’s turn, an extra action.", name=name)
        )
    return _("It is your turn: {name}.", name=name) if yours else _("It is {name}’s turn.", name=name)
