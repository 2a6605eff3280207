"""A storyteller's own CSS for an overlay: parsed, held to what an overlay may do, and kept inside of its stage.

What is refused is named with its line. What passes is written anew from its tokens, so nothing gets through that was
not understood.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import (  # type: ignore[import-untyped]
    AtRule,
    Declaration,
    Node,
    ParseError,
    QualifiedRule,
)

from contract.overlays import MAX_CSS
from contract.translation import _
from rules.errors import Invalid

ROOT = "#stage"
MOST_RULES, MOST_DECLARATIONS, MOST_PROBLEMS, DEEPEST = 200, 60, 5, 6


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A property, or the beginning of one that goes on with a dash.
PROPERTIES = _words("""
    align background border box-shadow box-decoration-break clip-path color color-scheme column-gap display fill
    fill-opacity filter flex font gap grid height justify letter-spacing line-height margin max-height max-width
    min-height min-width mix-blend-mode opacity order outline overflow padding paint-order place rotate row-gap scale
    stroke text transform translate transition visibility white-space width word-spacing -webkit-text-stroke
    -webkit-text-fill-color
""")
FUNCTIONS = _words("""
    rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp var linear-gradient
    radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient repeating-conic-gradient
    translate translatex translatey rotate scale scalex scaley skew skewx skewy matrix blur brightness contrast
    drop-shadow grayscale hue-rotate invert opacity saturate sepia cubic-bezier steps repeat minmax fit-content circle
    ellipse inset polygon
""")
SELECTORS = frozenset(("not", "is", "where", "has", "nth-child", "nth-last-child", "nth-of-type"))
PLAIN = frozenset(
    ("ident", "hash", "string", "number", "percentage", "dimension", "literal", "whitespace", "comment")
)


class _Refused(Exception):
    """Carries the sentence and where it is."""

    def __init__(self, node: Node, sentence: str) -> None:
        super().__init__(_("Line {line}: {sentence}", line=node.source_line, sentence=sentence))


def checked(css: str) -> str:
    """Return the text as it was typed. Raises Invalid, naming each line that an overlay may not have."""
    if found := problems(css):
        raise Invalid.field("css", " ".join(found))
    return css


def problems(css: str) -> list[str]:
    """Return a sentence for each of the first lines that an overlay may not have."""
    found = [str(each) for each in _rules(css) if isinstance(each, _Refused)]
    return [*found[:MOST_PROBLEMS], *([_("And more.")] if len(found) > MOST_PROBLEMS else [])]


@lru_cache(maxsize=128)
def scoped(css: str) -> str:
    """Return what of it may be in a page, each rule held to the stage. It can stand in a `<style>` element."""
    text = "".join(found for found in _rules(css[:MAX_CSS]) if isinstance(found, str))
    # A string could hold `</style>`.
    return text.replace("<", r"\3c ")


def _rules(css: str) -> Iterator[str | _Refused]:
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    for number, node in enumerate(nodes):
        try:
            if number >= MOST_RULES:
                raise _Refused(node, _("At most {most} rules.", most=MOST_RULES))
            yield _rule(node)
        except _Refused as refused:
            yield refused
            if number >= MOST_RULES:
                return


def _rule(node: Node) -> str:
    if isinstance(node, AtRule):
        raise _Refused(node, _("@{name} isn’t possible here.", name=node.at_keyword[:30]))
    if not isinstance(node, QualifiedRule):
        raise _Refused(node, _("This isn’t a rule."))
    selector = ",".join(_selectors(node))
    return f"{selector}{{{_declarations(node)}}}"


def _selectors(node: QualifiedRule) -> Iterator[str]:
    part: list[Node] = []
    for token in [*node.prelude, None]:
        if not (token is None or (token.type == "literal" and token.value == ",")):
            part.append(_selector_token(token))
            continue
        text = tinycss2.serialize(part).strip()
        if not text:
            raise _Refused(node, _("A rule needs a selector."))
        yield text if _is_stage(text) else f"{ROOT} {text}"
        part = []


def _is_stage(text: str) -> bool:
    """The stage itself, by state or alone; what stands beside it is not in it."""
    rest = text.removeprefix(ROOT)
    return rest != text and (not rest or rest[0] in ":[") and not set(rest) & set("+~")


def _selector_token(token: Node) -> Node:
    if token.type == "function" and token.lower_name in SELECTORS:
        for inner in token.arguments:
            _selector_token(inner)
        return token
    if token.type == "[] block":
        for inner in token.content:
            _known(inner, PLAIN)
        return token
    return _known(token, PLAIN)


def _declarations(node: QualifiedRule) -> str:
    found = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    if len(found) > MOST_DECLARATIONS:
        raise _Refused(node, _("At most {most} declarations in a rule.", most=MOST_DECLARATIONS))
    return ";".join(map(_declaration, found))


def _declaration(node: Node) -> str:
    if not isinstance(node, Declaration):
        what = _("Rules can’t be nested.") if not isinstance(node, ParseError) else _("This isn’t CSS.")
        raise _Refused(node, what)
    if not (node.name.startswith("--") or _is_allowed(node.lower_name)):
        raise _Refused(node, _("“{name}” isn’t possible here.", name=node.name[:40]))
    _values(node.value, 0)
    important = "!important" if node.important else ""
    return (
        f"{tinycss2.serialize([node]).partition(':')[0]}:{tinycss2.serialize(node.value).strip()}{important}"
    )


def _is_allowed(name: str) -> bool:
    return name in PROPERTIES or any(name.startswith(f"{each}-") for each in PROPERTIES)


def _values(tokens: Iterable[Node], depth: int) -> None:
    for token in tokens:
        if depth > DEEPEST:
            raise _Refused(token, _("This is nested too deep."))
        if token.type == "function":
            if token.lower_name not in FUNCTIONS:
                raise _Refused(token, _("“{name}()” isn’t possible here.", name=token.name[:40]))
            _values(token.arguments, depth + 1)
        elif token.type == "() block":
            _values(token.content, depth + 1)
        else:
            _known(token, PLAIN)


def _known(token: Node, kinds: frozenset[str]) -> Node:
    if token.type == "url":
        raise _Refused(token, _("“{name}()” isn’t possible here.", name="url"))
    if token.type not in kinds:
        raise _Refused(token, _("This isn’t CSS."))
    return token
