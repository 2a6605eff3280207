"""The schema of the splats: what the Discord process and the pages build commands and sheets from."""

from functools import cache
from typing import Any

from haven.models import Character
from haven.models.common import GROUPS
from haven.registry import SPLATS


@cache
def schema() -> dict[str, Any]:
    """`{"splats": […]}`, in the order of the registry."""
    return {"splats": [splat_schema(slug, model) for slug, model in SPLATS.items()]}


def splat_schema(slug: str, model: type[Character]) -> dict[str, Any]:
    used = {trait.group for trait in model.traits.values()}
    return {
        "slug": slug,
        "label": model.splat_label,
        "edition": model.edition,
        "command": model.command,
        "groups": [{"slug": name, "label": label} for name, label in GROUPS.items() if name in used],
        "traits": [trait.schema() for trait in model.traits.values()],
    }
