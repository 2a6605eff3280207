"""One file for the styles of a page and one for its scripts, joined when they are first asked for.

Templates name the files that a page uses; each would be a request of its own, and on a slow line a wait. So the server
joins them, without a build step: styles one after the other, modules each in a function of its own in the order of
their imports. Works for our own modules, which keep to what is read here: imports at the top, exports by declaration.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

ROOT = Path(__file__).parent / "static" / "main"
HTMX = "django_htmx/htmx-2.min.js"
NAMES = re.compile(r"[a-z0-9-]+(?:,[a-z0-9-]+)*")
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}

STYLE_TAG = re.compile(
    r'<link rel="stylesheet" href="[^"]*/main/css/([a-z-]+)[^"/]*\.css"( media="print")?>\s*'
)
SCRIPT_TAG = re.compile(
    r'<script (?:type="module" )?src="[^"]*/(?:main/js/([a-z-]+)|django_htmx/htmx-2)[^"/]*\.js"(?: defer)?></script>\s*'
)
# Before anything is painted; it cannot wait for the others.
FIRST = "theme"

IMPORT = re.compile(r'^import (\{[^}]*\}|\* as \w+) from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function\*?|const|class) ([\w$]+)", re.MULTILINE)
LAZY = re.compile(r'import\("(\.[^"]+)"\)')
# Whole lines of them, what stands behind code in its line, and types within a line.
COMMENT = re.compile(
    r"""^\s*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/)\n|[ ]+//[ ][^"'`\n]*$|/\*\*(?:[^*]|\*(?!/))*\*/[ ]?""",
    re.MULTILINE,
)
INDENT = re.compile(r"^\s+", re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
CSS_URL = re.compile(r'url\("(\.\./[^"]+)"\)')


def joined(html: str) -> str:
    """Return the page with one tag for its styles and one for its scripts."""
    head, end, body = html.partition("</head>")
    styles = [f"print-{name}" if media else name for name, media in STYLE_TAG.findall(head)]
    scripts = [name or "htmx" for name in SCRIPT_TAG.findall(head) if name != FIRST]
    if not end or not styles:
        return html
    head = STYLE_TAG.sub("", head)
    head = SCRIPT_TAG.sub(lambda tag: tag[0] if tag[1] == FIRST else "", head)
    style = f'<link rel="stylesheet" href="{address("css", styles)}">\n'
    script = f'<script type="module" src="{address("js", scripts)}"></script>\n' if scripts else ""
    # The styles of one page alone, such as a character's colour, come after those of all; our modules come after the
    # words of the reader's language, which they read as they begin.
    before, mark, after = head.partition("<style ")
    return f"{before}{style}{mark}{after}{script}{end}{body}"


def address(kind: str, names: Iterable[str]) -> str:
    wanted = ",".join(dict.fromkeys(names))
    return f"/assets/{kind}/{_digest(kind, wanted, _newest())}/{wanted}"


def _newest() -> float:
    """When a file was last changed; a live site's files never are."""
    if settings.LIVE:
        return 0
    return max(file.stat().st_mtime for folder in ("css", "js") for file in (ROOT / folder).rglob("*.*"))


@lru_cache(maxsize=64)
def _digest(kind: str, names: str, _when: float) -> str:
    return hashlib.sha256(_bundle(kind, names, _when)).hexdigest()[:12]


@lru_cache(maxsize=64)
def _bundle(kind: str, names: str, _when: float) -> bytes:
    text = _styles(names.split(",")) if kind == "css" else _scripts(names.split(","))
    return text.encode()


@lru_cache(maxsize=64)
def _packed(kind: str, names: str, _when: float) -> bytes:
    return gzip.compress(_bundle(kind, names, _when), 9, mtime=0)


@require_safe
def serve(request: HttpRequest, kind: str, digest: str, names: str) -> HttpResponse:
    """Serve a bundle. Any digest gets what is there now: a page that was made before a release finds its files."""
    if kind not in TYPES or not NAMES.fullmatch(names) or len(names) > 500:
        raise Http404
    when = _newest()
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse((_packed if packs else _bundle)(kind, names, when), content_type=TYPES[kind])
    if packs:
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = FOR_EVER if digest == _digest(kind, names, when) else "no-cache"
    return answer


def _styles(names: list[str]) -> str:
    return "".join(map(_style, names))


def _style(name: str) -> str:
    text = CSS_COMMENT.sub("", _read("css", f"{name.removeprefix('print-')}.css"))
    text = CSS_URL.sub(lambda found: f'url("{static("main/" + found[1][3:])}")', INDENT.sub("", text))
    return f"@media print{{{text}}}" if name.startswith("print-") else text


def _scripts(names: list[str]) -> str:
    """Join modules; those that others import come first, and each once."""
    parts: dict[str, str] = {}
    prelude = ""
    for name in names:
        if name == "htmx":
            found = finders.find(HTMX) or ""
            prelude = f"{Path(found).read_text()};window.htmx = htmx;\n"
        else:
            _add(f"{name}.js", parts, ())
    return prelude + "".join(parts.values())


def _add(path: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    if path in parts:
        return
    if path in above:
        raise ValueError(f"Modules import each other: {' → '.join((*above, path))}")
    text = _read("js", path)
    for _, wanted in IMPORT.findall(text):
        _add(_beside(path, wanted), parts, (*above, path))
    exports = ", ".join(name for _, name in EXPORT.findall(text))
    text = IMPORT.sub(lambda found: _taken(found[1], _beside(path, found[2])), text)
    text = LAZY.sub(lambda found: f'import("{_static(path, found[1])}")', EXPORT.sub(r"\1 \2", text))
    text = text.replace("import.meta.url", f'new URL("{static("main/js/" + path)}", location.href)')
    text = INDENT.sub("", COMMENT.sub("", text))
    parts[path] = f"const {_variable(path)} = (() => {{\n{text}return {{ {exports} }};\n}})();\n"


def _taken(names: str, path: str) -> str:
    """`import {a as b}` → `const {a: b} =` the module."""
    if names.startswith("*"):
        return f"const {names.removeprefix('* as ')} = {_variable(path)};\n"
    return f"const {names.replace(' as ', ': ')} = {_variable(path)};\n"


def _variable(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))


def _beside(path: str, wanted: str) -> str:
    return str((ROOT / "js" / path).parent.joinpath(wanted).resolve().relative_to((ROOT / "js").resolve()))


def _static(path: str, wanted: str) -> str:
    return static(
        "main/" + str((ROOT / "js" / path).parent.joinpath(wanted).resolve().relative_to(ROOT.resolve()))
    )


def _read(folder: str, name: str) -> str:
    file = ROOT / folder / name
    if not file.is_file():
        raise Http404
    return file.read_text()
