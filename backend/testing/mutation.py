"""Input that is nearly right, at random: bodies that work with some of their values replaced, and bodies made from a
JSON schema. Faster than a property test by far, which counts where a hundred thousand requests are to be tried.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

Schema = Mapping[str, Any]
MOST_IDS = 400
HUGE = [
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**30,
    -(10**300),
    10**4000,
]
NUMBERS = [-1, 0, 1, 2, 3, 5, 10, 11, 49, 50, 51, 100, 101, 999]
TEXTS = [
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202eOwl",
        "🦉",
        "José",
        "Straße",
        "a\nb\r\n",
        "%s%n{}'\"\\--",
        "<b>&amp;",
    ),
    *(
        "x" * 101,
        "x" * 301,
        "x" * 10_000,
        "0",
        "-1",
        "+1",
        "1e9",
        "NaN",
        "null",
        "true",
        "[]",
        "٣",
        "½",
        "9" * 400,
    ),
    *("2024-02-30T25:61:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"),
    *("https://[", "http://127.0.0.1:1/a.png", "https://cdn.discordapp.com/\x00", "javascript:1"),
    *("strength + brawl", "strength+", "+", "2d10!!", "(((1)))", "1000000d1000000", "strength - 99", "5 | 5"),
]
NO_IDS = [
    UUID(int=0),
    UUID(int=2**128 - 1),
    f"{{{UUID(int=7)}}}",
    UUID(int=7).urn,
    "0" * 31,
    "0" * 33,
]


@dataclass
class Mutation:
    """`ids`: what is there, of others, and deleted. `words`: what the schemas know. `likely`: by a field's name."""

    random: Random
    ids: list[Any]
    words: Sequence[Any]
    likely: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def id(self) -> str:
        known = str(self.random.choice(self.ids if self.chance(0.85) else NO_IDS))
        return known if self.chance(0.9) else known.upper()

    def learn(self, answer: object) -> None:
        """Remember the ids in an answer: what was made by one request is asked for, changed and deleted by others."""
        if isinstance(answer, dict):
            if isinstance(answer.get("id"), str):
                self._remember(answer["id"])
            for value in answer.values():
                self.learn(value)
        elif isinstance(answer, list):
            for value in answer:
                self.learn(value)

    def _remember(self, known: str) -> None:
        if len(self.ids) < MOST_IDS:
            self.ids.append(known)
        else:
            self.ids[self.random.randrange(MOST_IDS)] = known

    def anything(self, depth: int = 0) -> Any:
        """A JSON value of any kind."""
        kind = self.random.randrange(9 if depth < 2 else 7)
        if kind == 7:
            return [self.anything(depth + 1) for _ in range(self.random.randrange(4))]
        if kind == 8:
            return {self.word(): self.anything(depth + 1) for _ in range(self.random.randrange(4))}
        simple = (
            self.id,
            self.word,
            self.word,
            lambda: self.random.choice(TEXTS),
            lambda: self.random.choice(NUMBERS),
            lambda: self.random.choice(HUGE),
            lambda: self.random.choice([None, True, False, 0.5, -0.0, 1e308, float("nan"), float("inf")]),
        )
        return simple[kind]()

    def word(self) -> str:
        return str(self.random.choice(self.words))

    def named(self, name: str) -> Any:
        """A value for a field of this name: mostly one that such a field is known to take."""
        if name in self.likely and self.chance(0.7):
            return deepcopy(self.random.choice(self.likely[name]))
        return self.anything()

    def made_of(self, schema: Schema) -> dict[str, Any]:
        """An object of a model's schema."""
        return self._object(schema, schema, 0)

    def fitting(self, schema: Schema, root: Schema, name: str = "", depth: int = 0) -> Any:
        """What the schema allows, mostly; `name` is that of the field."""
        if self.chance(0.06) or depth > 5:
            return self.anything()
        if name in self.likely and self.chance(0.8):
            return self.named(name)
        if "$ref" in schema:
            return self.fitting(root["$defs"][schema["$ref"].rpartition("/")[2]], root, name, depth + 1)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.fitting(self.random.choice(schema[several]), root, name, depth)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        return self._of_type(schema, root, depth)

    def _of_type(self, schema: Schema, root: Schema, depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, root, depth)
        if kind == "array":
            count = self.random.choice([0, 1, 1, 2, 3, schema.get("minItems", 1)])
            return [self.fitting(schema.get("items", {}), root, depth=depth + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            low, high = schema.get("minimum", -5), schema.get("maximum", 12)
            return self.random.choice(
                [low, high, low - 1, high + 1, self.random.randint(int(low), int(high))]
            )
        if kind == "boolean":
            return self.chance(0.5)
        if kind == "null":
            return None
        if kind == "string":
            return self._text(schema)
        return self.anything()

    def _text(self, schema: Schema) -> str:
        if schema.get("format") == "uuid":
            return self.id()
        if schema.get("format") == "date-time":
            return str(self.random.choice(["2026-01-01T00:00:00Z", *TEXTS]))
        if "[0-9]" in schema.get("pattern", ""):
            ids = [
                "1",
                "0",
                str(2**63 - 1),
                str(2**63),
                "9" * 19,
                "9" * 20,
                *self.likely.get("snowflake", ()),
            ]
            return str(self.random.choice(ids))
        if self.chance(0.1):
            return "x" * (int(schema.get("maxLength", 100)) + self.random.choice([0, 1]))
        return self.word() if self.chance(0.7) else self.random.choice(TEXTS)

    def _object(self, schema: Schema, root: Schema, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        made = {
            name: self.fitting(part, root, name, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if (name in required and not self.chance(0.02)) or self.chance(0.35)
        }
        if not made and isinstance(schema.get("additionalProperties"), dict):
            values = schema["additionalProperties"]
            made = {
                self.word(): self.fitting(values, root, depth=depth + 1)
                for _ in range(self.random.randrange(3))
            }
        return made

    def changed(self, body: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
        """A body that works, with up to three of its values replaced, fields of the schema added, fields lost."""
        made = deepcopy(dict(body))
        for _ in range(self.random.choice([0, 0, 1, 1, 1, 2, 3])):
            self._change(made, schema)
        return made

    def _change(self, node: Any, schema: Schema) -> None:
        properties = schema.get("properties", {})
        if properties and (not node or self.chance(0.4)):
            name = self.random.choice(sorted(properties))
            node[name] = self.fitting(properties[name], schema, name)
            return
        name = self.random.choice(sorted(node)) if node else "x"
        inside = node.get(name)
        if isinstance(inside, list) and inside and self.chance(0.7):
            inside = self.random.choice(inside)
        if isinstance(inside, dict) and inside and self.chance(0.7):
            self._change(inside, {})
        elif self.chance(0.1):
            node.pop(name, None)
        elif self.chance(0.05):
            node[self.word()] = self.anything()
        else:
            node[name] = self.named(name)
