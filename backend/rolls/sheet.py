"""The sheet that a roll or a check is made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chronicle import house_rules
from chronicle.models import Chronicle
from haven.models import Character
from rolls import traits
from rules.dice.pool import Traits
from rules.options import Value
from rules.visibility import Level


@dataclass(frozen=True)
class Sheet:
    """The sheet that rolls; without a character everything is absent. `chronicle` is where it is rolled."""

    character: Character | None = None
    level: Level = Level.PRIVATE
    chronicle: Chronicle | None = None

    @cached_property
    def document(self) -> Mapping[str, object]:
        return self.character.document() if self.character else {}

    @cached_property
    def traits(self) -> Traits:
        return traits.pool_traits(self.character, self.document, self.level) if self.character else {}

    @property
    def even_resonance(self) -> bool:
        return self.rule("resonance_table") == "even"

    @property
    def max_hunger(self) -> int:
        """That of the chronicle that the sheet is played in."""
        return house_rules.max_hunger(self.character.chronicle if self.character else self.chronicle)

    def rule(self, slug: str) -> str:
        """The house rule of the place where it is rolled."""
        return house_rules.value(self.chronicle, slug)

    def staining(self, discipline: str) -> tuple[int, ...]:
        """The faces on which a Rouse check for a power of this discipline leaves a stain."""
        return house_rules.staining_faces(self.chronicle, discipline)

    def value(self, slug: str) -> Value | None:
        """Return the sheet's value of an option; None where it has none."""
        found = self._value(slug)
        return found if isinstance(found, int | str) else None

    def number(self, slug: str) -> int | None:
        """A counter's or a rating's value; None where there is no such trait."""
        value = self._value(slug)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def rating(self, slug: str) -> int:
        """A number that a check needs; 0 where there is no such trait."""
        return self.number(slug) or 0

    def counters(self, slug: str) -> Mapping[str, int]:
        """The numbers of a track or a pool, by name; none where there is no such trait."""
        value = self._value(slug)
        return value if isinstance(value, dict) else {}

    def is_set(self, slug: str) -> bool:
        return self._value(slug) is True

    def _value(self, slug: str) -> object:
        return self.document.get(slug)
