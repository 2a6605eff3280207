"""Static files of a live site: compressed, and named by what they hold, so that they may be kept for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Also where one of our scripts imports another: else a kept old module would meet a new one.

    Of our own scripts alone: what libraries bring may name files that they do not bring.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("main/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
