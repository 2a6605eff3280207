"""The one table of all characters. What differs between splats is declared on its proxies, as traits."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from chronicle.models import Chronicle
from haven.models.common import COMMON, columns_of
from rules.ids import uuid7
from rules.traits import Trait
from rules.visibility import Level


def _brief(traits: Mapping[str, Trait]) -> dict[str, Trait]:
    """Return the traits of a brief card: identity, trackers, and what is declared `brief`."""
    shown = ("identity", "experience")
    return {
        slug: trait for slug, trait in traits.items() if trait.tracker or trait.brief or trait.group in shown
    }


class Splats(models.Manager["Character"]):
    """A manager that limits a splat's class to its own rows."""

    def get_queryset(self) -> models.QuerySet["Character"]:
        rows = super().get_queryset()
        return rows.filter(splat=self.model.splat_slug) if self.model.splat_slug else rows


class Character(models.Model):
    """A person in a chronicle, or in none yet. Only `haven.services` changes a row."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        DEAD = "dead"
        ARCHIVED = "archived"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=50)
    # The name without case and marks while the character lives in its owner's list, NULL once deleted: names are
    # unique per owner on every engine, and a deleted one frees its name.
    name_key = models.CharField(max_length=100, null=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="characters")
    chronicle = models.ForeignKey(
        Chronicle, null=True, blank=True, on_delete=models.PROTECT, related_name="characters"
    )
    splat = models.CharField(max_length=30, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    avatar = models.CharField(max_length=300, blank=True, help_text="Path below the media folder, or empty")
    theme = models.CharField(max_length=7, default="#8c1c2b")
    experience_total = models.PositiveIntegerField(default=0)
    experience_current = models.PositiveIntegerField(default=0)
    locked = models.BooleanField(
        default=False, help_text="Locked by a storyteller: the owner may only use trackers"
    )
    version = models.PositiveIntegerField(default=1)
    sheet = models.JSONField(default=dict, blank=True)
    # Trait slug → level, where it differs from the declaration.
    visibility = models.JSONField(default=dict, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    edition: ClassVar[str] = ""
    splat_slug: ClassVar[str] = ""
    splat_label: ClassVar[str] = ""
    # Traits of its edition that it does not have.
    without: ClassVar[frozenset[str]] = frozenset()
    # What a Rouse check costs in place of Hunger, as a path; "" for those who rouse the Blood, or have none.
    rouses_for: ClassVar[str] = ""
    # Its traits that the API for shows has names of its own for: class, race, player_name, hp, ac.
    stage_parts: ClassVar[dict[str, str]] = {}
    # The group of slash commands that makes and changes this splat.
    command: ClassVar[str] = ""
    traits: ClassVar[dict[str, Trait]] = dict(COMMON)
    # Those of lists and snapshots.
    brief_traits: ClassVar[dict[str, Trait]] = _brief(COMMON)

    objects = Splats()

    class Meta:
        db_table = "characters"
        constraints = [models.UniqueConstraint(fields=["owner", "name_key"], name="character_owner_name")]
        indexes = [models.Index(fields=["chronicle", "deleted_at"], name="character_chronicle")]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect traits in the order of declaration: the common ones, the edition's, the splat's own."""
        super().__init_subclass__(**kwargs)
        own = {slug: value for slug, value in vars(cls).items() if isinstance(value, Trait)}
        cls.traits = {slug: trait for slug, trait in (cls.traits | own).items() if slug not in cls.without}
        cls.brief_traits = _brief(cls.traits)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The class decides the splat, never a client.
        if self.splat_slug:
            self.splat = self.splat_slug
        elif self._state.adding:
            raise TypeError("A character is made by the class of its splat.")
        super().save(*args, **kwargs)

    @property
    def stream(self) -> tuple[str, Any]:
        """Return the stream of its events: `("chronicle", id)`, or its owner's own."""
        return ("chronicle", self.chronicle_id) if self.chronicle_id else ("user", self.owner_id)

    def document(self, traits: Mapping[str, Trait] | None = None) -> dict[str, Any]:
        """Every trait's value, or those of some: the sheet over the start values, and the columns. The caller must
        not change it.
        """
        document: dict[str, Any] = {}
        for slug, trait in (self.traits if traits is None else traits).items():
            inside = columns_of(slug)
            if "" in inside:
                value = getattr(self, inside[""])
            else:
                value = self.sheet.get(slug)
                value = trait.start() if value is None else value
                if inside:
                    value = value | {part: getattr(self, column) for part, column in inside.items()}
            if value is not None:
                document[slug] = value
        return document

    def level_of(self, path: str) -> Level:
        """Return the level of the trait at this path: as set for this character, else as declared."""
        slug = path.partition(".")[0]
        if slug not in self.traits:  # an old event may tell of a trait that is no more
            return Level.SECRET
        decided = self.visibility.get(slug)
        return self.traits[slug].visibility if decided is None else Level(decided)

    def hidden_from(self, level: Level, visibility: Mapping[str, int] | None = None) -> set[str]:
        """Return the traits whose `level_of` is above this level; with `visibility` as it was another time."""
        hidden = set(self._declared_above(level))
        for slug, decided in (self.visibility if visibility is None else visibility).items():
            (hidden.add if decided > level else hidden.discard)(slug)
        return hidden

    @classmethod
    @cache
    def _declared_above(cls, level: Level) -> frozenset[str]:
        return frozenset(slug for slug, trait in cls.traits.items() if trait.visibility > level)


class DefaultCharacter(models.Model):
    """The character that a member's commands mean when they name none: in one chronicle, or anywhere in the server."""

    member = models.ForeignKey("chronicle.ServerMember", on_delete=models.CASCADE, related_name="defaults")
    # Empty: of the whole server. Services see to it that there is one such row at most.
    chronicle = models.ForeignKey(Chronicle, null=True, on_delete=models.CASCADE, related_name="+")
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "default_characters"
        constraints = [
            models.UniqueConstraint(fields=["member", "chronicle"], name="default_member_chronicle")
        ]

    def __str__(self) -> str:
        return str(self.character)
