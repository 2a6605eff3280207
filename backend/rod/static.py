"""Static files of a live site: compressed, and named by content hash, so that browsers may cache them for ever."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Warning, register
from whitenoise.storage import CompressedManifestStaticFilesStorage

Converter = Callable[[re.Match[str]], str]
NOT_COLLECTED = (
    "The static files of the pages are not collected, so no page can be shown. "
    "Run: python backend/manage.py collectstatic --noinput"
)


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # of a package without types
    """Hashes imports between our scripts too: else a cached old module would meet a new one.

    Of our own scripts alone: what libraries bring may name files that they do not bring.
    """

    # A change of a module goes one import further with each pass.
    max_post_process_passes = 20

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("main/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def url_converter(self, name: str, hashed_files: Any, template: str | None = None) -> Converter:
        convert: Converter = super().url_converter(name, hashed_files, template)
        return lambda found: found[0] if _in_comment(found) else convert(found)


def _in_comment(found: re.Match[str]) -> bool:
    """Whether a type is imported, in a comment: modules name each other's types in circles."""
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return line.lstrip().startswith(("/**", "*", "//"))


def are_collected() -> bool:
    """Return whether pages find their files; in development they are served from where they lie."""
    return not hasattr(staticfiles_storage, "hashed_files") or bool(staticfiles_storage.hashed_files)


@register()
def static_files_are_collected(**_: Any) -> list[CheckMessage]:
    return [] if are_collected() else [Warning(NOT_COLLECTED, id="rod.W001")]
