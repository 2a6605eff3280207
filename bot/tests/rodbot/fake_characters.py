"""A stand-in for the bot API's calls about characters, with enough memory to be talked to."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from contract import characters as shapes
from contract.acting import Acting, Reading
from contract.base import Named
from contract.events import Event, EventType
from tests.rodbot.contract import Json, Refused, actor, card, event, label, sample

TRAITS = (("athletics", "Athletics", "2"), ("clan", "Clan", ""))


@dataclass
class FakeCharacters:
    characters: dict[str, Json] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    card_url: str = ""
    seq: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, name: str, owner: str = "1", **fields: Any) -> Json:
        document = {
            "name": name,
            "hunger": 1,
            "health": {"total": 7, "superficial": 0, "aggravated": 0},
            **fields,
        }
        made = {"id": str(uuid.uuid4()), "name": name, "owner": owner, "fields": document, "deleted": False}
        self.characters[made["id"]] = made
        self.events[made["id"]] = []
        return made

    def find(self, acting: Acting, given: shapes.CharacterInput, deleted: bool = False) -> Json:
        wanted = given.character or self.defaults.get(acting.actor.id)
        for character in self.characters.values():
            if wanted in (character["id"], character["name"]) and character["deleted"] is deleted:
                return character
        raise Refused(404, "not_found", "There’s no such character.")

    def shown(self, character: Json) -> Json:
        """What every answer about a character has."""
        pk, name = character["id"], character["name"]
        shown = card(pk, name, character["fields"], self.card_url)
        return {"character": Named(id=pk, name=name), "card": shown}

    def changed(
        self, acting: Acting, character: Json, kind: EventType, changes: Json, chosen: str = "", **more: Any
    ) -> shapes.CharacterChanged:
        pk = character["id"]
        happened = event(
            changes,
            seq=next(self.seq),
            type=kind,
            entity_id=pk,
            version=len(self.events[pk]) + 1,
            door="discord",
            actor=actor(acting.actor.username or ""),
            command=acting.interaction.command if acting.interaction else "",
            **more,
        )
        self.events[pk].insert(0, happened)
        return shapes.CharacterChanged(id=pk, event=happened, chosen=chosen, **self.shown(character))

    async def create_character(
        self, acting: Acting, given: shapes.CreateCharacter
    ) -> shapes.CharacterChanged:
        if any(character["name"] == given.name for character in self.characters.values()):
            raise Refused(409, "name_taken", "You have a character of this name.")
        made = self.add(given.name, acting.actor.id)
        return self.changed(acting, made, EventType.CHARACTER_CREATED, self.apply(made, given.changes))

    def apply(self, character: Json, changes: Sequence[shapes.TraitChange]) -> Json:
        """path → (before, after)"""
        done: Json = {}
        for change in changes:
            *parents, last = change.path.split(".")
            place = character["fields"]
            for part in parents:
                place = place.setdefault(part, {})
            before: Any = place.get(last)
            value: Any = change.value
            place[last] = (before or 0) + value if change.op == "adjust" else value
            done[change.path] = (before, place[last])
        return done

    async def change_character(
        self, acting: Acting, given: shapes.ChangeCharacter
    ) -> shapes.CharacterChanged:
        character = self.find(acting, given)
        chosen = "" if given.character else f"{character['name']} (your default)"
        changes = self.apply(character, given.changes)
        return self.changed(acting, character, EventType.CHARACTER_UPDATED, changes, chosen)

    async def list_names(self, reading: Reading, given: shapes.ListNames) -> shapes.CharacterNames:
        owner, typed = given.player or reading.actor, given.q.casefold()
        found = sorted(
            (
                character
                for character in self.characters.values()
                if character["owner"] == owner
                and character["deleted"] is given.deleted
                and typed in character["name"].casefold()
            ),
            key=lambda character: character["name"],
        )
        page = found[given.page * 25 : given.page * 25 + 25]
        results = [
            sample(shapes.CharacterName, id=character["id"], name=character["name"], label=label(character))
            for character in page
        ]
        return shapes.CharacterNames(results=results, total=len(found))

    async def get_character(self, acting: Acting, given: shapes.CharacterInput) -> shapes.ShownCharacter:
        return shapes.ShownCharacter(**self.shown(self.find(acting, given)))

    async def set_portrait(self, acting: Acting, given: shapes.SetPortrait) -> shapes.CharacterChanged:
        return self.changed(acting, self.find(acting, given), EventType.CHARACTER_UPDATED, {})

    async def delete_character(self, acting: Acting, given: shapes.CharacterInput) -> shapes.CharacterChanged:
        character = self.find(acting, given)
        character["deleted"] = True
        return self.changed(acting, character, EventType.CHARACTER_DELETED, {})

    async def restore_character(
        self, acting: Acting, given: shapes.CharacterInput
    ) -> shapes.CharacterChanged:
        character = self.find(acting, given, deleted=True)
        character["deleted"] = False
        return self.changed(acting, character, EventType.CHARACTER_RESTORED, {})

    async def undo_change(self, acting: Acting, given: shapes.UndoChange) -> shapes.CharacterChanged:
        character = self.find(acting, given)
        known = self.events[character["id"]]
        undone = next(row for row in known if (row.id == given.event if given.event else row.undoes is None))
        inverse = {path: (after, before) for path, (before, after) in undone.changes.items()}
        return self.changed(acting, character, EventType.CHARACTER_UPDATED, inverse, undoes=undone.id)

    async def list_history(self, acting: Acting, given: shapes.ListHistory) -> shapes.History:
        character = self.find(acting, given)
        before = given.before or 10_000
        older = [row for row in self.events[character["id"]] if row.version < before]
        named = Named(id=character["id"], name=character["name"])
        return shapes.History(character=named, events=older[: given.limit])

    async def set_default(self, acting: Acting, given: shapes.SetDefault) -> shapes.DefaultCharacter:
        if given.clear:
            self.defaults.pop(acting.actor.id, None)
        elif given.character:
            self.defaults[acting.actor.id] = self.find(acting, given)["id"]
        pk = self.defaults.get(acting.actor.id)
        chosen = Named(id=pk, name=self.characters[pk]["name"]) if pk else None
        return shapes.DefaultCharacter(default=chosen, scope="server" if acting.guild else "none")

    async def list_traits(self, reading: Reading, given: shapes.ListTraits) -> shapes.TraitNames:
        found = [row for row in TRAITS if given.q.casefold() in row[1].casefold()]
        return shapes.TraitNames(
            results=[shapes.TraitName(path=path, label=name, now=now) for path, name, now in found]
        )
