"""Static files of a live site: compressed, and named by content hash, so that browsers may cache them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Hashes imports between our scripts too: else a cached old module would meet a new one.

    Of our own scripts alone: what libraries bring may name files that they do not bring.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("main/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
