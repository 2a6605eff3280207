"""Writes docs/openapi-api.yaml and docs/openapi-bot.yaml from the code; `--check` fails when they differ."""

import argparse
import difflib
import os
import sys

from scripts.common import BACKEND, ROOT, say

FILES = {"api": ROOT / "docs" / "openapi-api.yaml", "bot": ROOT / "docs" / "openapi-bot.yaml"}


def describe(app: str) -> tuple[str, bool]:
    """The OpenAPI document of one app's addresses as YAML; whether the generator made out all of it."""
    from django.urls import include, path
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.renderers import OpenApiYamlRenderer
    from drf_spectacular.validation import validate_schema

    GENERATOR_STATS.reset()
    generator = SchemaGenerator(patterns=[path(f"{app}/", include(f"{app}.urls"))])
    document = generator.get_schema(request=None, public=True)
    validate_schema(document)
    return OpenApiYamlRenderer().render(document, renderer_context={}).decode(), not GENERATOR_STATS


def check(app: str, text: str) -> bool:
    file = FILES[app]
    written = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = difflib.unified_diff(
        written.splitlines(), text.splitlines(), file.name, "the code", lineterm="", n=2
    )
    difference = list(lines)
    if difference:
        say("\n".join(difference[:60]))
        say(
            f"{file.relative_to(ROOT)} no longer describes the code. Write it anew: python -m scripts.openapi"
        )
    return not difference


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    sys.path[:0] = [str(BACKEND)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    import django

    django.setup()
    good = True
    for app, file in FILES.items():
        text, clear = describe(app)
        good = good and clear
        if options.check:
            good = check(app, text) and good
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
