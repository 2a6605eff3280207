"""The schema of the splats: what the Discord process and the pages build commands and sheets from."""

from functools import cache
from typing import Any

from contract.translation import _, language
from haven.models import Character
from haven.models.common import GROUPS
from haven.registry import SPLATS


def schema() -> dict[str, Any]:
    """`{"splats": […]}`, in the order of the registry; its labels in the current language."""
    return _schema_in(language())


@cache
def _schema_in(_spoken: str) -> dict[str, Any]:
    return {"splats": [splat_schema(slug, model) for slug, model in SPLATS.items()]}


def splat_schema(slug: str, model: type[Character]) -> dict[str, Any]:
    used = {trait.group for trait in model.traits.values()}
    return {
        "slug": slug,
        "label": _(model.splat_label),
        "edition": model.edition,
        "command": model.command,
        "groups": [{"slug": name, "label": _(label)} for name, label in GROUPS.items() if name in used],
        "traits": [trait.schema() for trait in model.traits.values()],
    }
