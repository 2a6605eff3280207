"""Messages as HTML for pages, as plain text for excerpts, and whom they mention."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chat.markdown import parser
from chat.markdown.rules import RULES

KEPT = 2048  # rendered messages in memory
# So many marks above and below a letter are drawn; more would leave its line.
MOST_MARKS = 6
TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "span", "strong", "ul"}
ATTRIBUTES = {"a": {"href", "target"}, "ol": {"start"}}
CLASSES = {"span": {"spoiler", "mention", "host", "roll"}, "p": {"h1", "h2", "h3", "h4"}}
REL = "noopener noreferrer nofollow ugc"
COVERED = "▒▒▒"
# In place of whom this room does not know.
NOBODY = "…"
KINDS = {"&": "role", "*": "character"}
SPOT = re.compile(r'<span class="mention">([^<]*)</span>')


def render(text: str, named: Mapping[str, str] | None = None) -> str:
    """The HTML of a message. `named`: what each mention in it is called; one without a name is nobody's."""
    html = _rendered(text)
    return SPOT.sub(lambda found: _named(found[1], named or {}), html) if "@" in text else html


def mentions(text: str) -> list[str]:
    """The mentions in a message, each once, in their order; not those within code."""
    if "@" not in text:
        return []
    found = (token.content for token in _walk(_parser().parse(text)) if token.type == "mention")
    return list(dict.fromkeys(found))


def rolls(text: str) -> list[str]:
    """What stands between double brackets, in its order; not within code."""
    if "[[" not in text:
        return []
    found = (token.content for token in _walk(_parser().parse(text)) if token.type == "roll")
    return [content[2:-2].strip() for content in found]


def plain(text: str, named: Mapping[str, str] | None = None) -> str:
    """A message as text of one line, with names in place of mentions, and spoilers covered."""
    parts, depth = [], 0
    for token in _walk(_parser().parse(text)):
        if token.type == "spoiler_open":
            parts += [COVERED] if not depth else []
            depth += 1
        elif token.type == "spoiler_close":
            depth -= 1
        elif not depth:
            parts.append(_text_of(token, named or {}))
    return " ".join("".join(parts).split())


@lru_cache(maxsize=KEPT)
def _rendered(text: str) -> str:
    html = _parser().render(calm(text))
    return _cleaner().clean(html).strip()


@cache
def _parser() -> MarkdownIt:
    made = parser.make()
    for kind, rule in RULES.items():
        made.add_render_rule(kind, rule)
    return made


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=set(parser.SCHEMES),
        link_rel=REL,
        url_relative="deny",
    )


def calm(text: str) -> str:
    """The text with no more marks on a letter than a line has room for."""
    if text.isascii():
        return text
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _named(escaped: str, named: Mapping[str, str]) -> str:
    """The span of one mention; a name has its own direction of writing."""
    token = unescape(escaped)
    name = named.get(token)
    if name is None:
        return escape(token) if token.startswith("@") else f'<span class="mention">@{NOBODY}</span>'
    about = ""
    if token.startswith("<@"):
        sign, uuid = (token[2], token[3:-1]) if token[2] in KINDS else ("", token[2:-1])
        about = f' data-{KINDS.get(sign, "user")}="{uuid}"'
    return f'<span class="mention"{about} translate="no">@<bdi>{escape(name)}</bdi></span>'


def _walk(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "inline":
            yield from _walk(token.children or ())
        else:
            yield token


def _text_of(token: Token, named: Mapping[str, str]) -> str:
    if token.type == "mention":
        other = token.content[1:] if token.content[0] == "@" else NOBODY
        return f"@{named.get(token.content, other)}"
    if token.type in ("softbreak", "hardbreak") or (token.type.endswith("_close") and token.block):
        return " "
    return token.content
