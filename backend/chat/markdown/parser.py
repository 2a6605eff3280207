"""The parser of messages: a small part of Markdown, with spoilers and mentions, without images and without HTML."""

import re
from typing import Literal
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto"})
# Deeper than this, marks stay text.
MAX_NESTING = 16
BLOCKS = ("fence", "blockquote", "list", "heading", "paragraph")
INLINE = (
    "text",
    "newline",
    "escape",
    "backticks",
    "strikethrough",
    "emphasis",
    "link",
    "autolink",
    "linkify",
)
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# `<@…>` a person, `<@&…>` a role, `<@*…>` a character; and everyone, or who is here.
MENTION = re.compile(f"<@[&*]?{UUID}>|@everyone(?![\\w.])|@here(?![\\w.])")
# A roll (`chat.game.inline`): what stands between double brackets on one line.
ROLL = re.compile(r"\[\[[^\[\]\n]{1,300}\]\]")
BAR = "|"


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        return is_link(url)


def make() -> MarkdownIt:
    """The parser; it keeps nothing between two messages."""
    options = {"html": False, "linkify": True, "breaks": True, "maxNesting": MAX_NESTING}
    parser = _Parser("zero", options)
    parser.enable([*BLOCKS, *INLINE, "block", "inline", "normalize", "text_join"])
    parser.enable(["balance_pairs", "fragments_join"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for char in ("@", "<", BAR):
        parser.inline.add_terminator_char(char)
    parser.inline.ruler.before("autolink", "mention", _mention)
    parser.inline.ruler.before("link", "roll", _roll)
    parser.inline.ruler.after("strikethrough", "spoiler", _spoiler)
    parser.inline.ruler2.after("strikethrough", "spoiler", _close_spoilers)
    return parser


def is_link(address: str) -> bool:
    """Only whole addresses of the web and of mail; nothing within this site, nothing that runs."""
    try:
        parts = urlsplit(address)
        if parts.scheme.lower() == "mailto":
            return "@" in parts.path
        return parts.scheme.lower() in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a host or a port that is none
        return False


def _mention(state: StateInline, silent: bool) -> bool:
    char = state.src[state.pos]
    if char not in "<@" or (char == "@" and state.pos and state.src[state.pos - 1].isalnum()):
        return False
    found = MENTION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("mention", "span", 0).content = found[0]
    state.pos = found.end()
    return True


def _roll(state: StateInline, silent: bool) -> bool:
    found = ROLL.match(state.src, state.pos, state.posMax)
    if found is None or not found[0][2:-2].strip():
        return False
    if not silent:
        state.push("roll", "span", 0).content = found[0]
    state.pos = found.end()
    return True


def _spoiler(state: StateInline, silent: bool) -> bool:
    """Put each `||` into the list of delimiters, as `~~` is."""
    if silent or state.src[state.pos] != BAR:
        return False
    scanned = state.scanDelims(state.pos, True)
    if scanned.length < 2:
        return False
    if scanned.length % 2:
        state.push("text", "", 0).content = BAR
    for _pair in range(scanned.length // 2):
        state.push("text", "", 0).content = BAR * 2
        # Unlike emphasis, a spoiler may begin and end anywhere.
        state.delimiters.append(
            Delimiter(marker=ord(BAR), length=0, token=len(state.tokens) - 1, end=-1, open=True, close=True)
        )
    state.pos += scanned.length
    return True


def _close_spoilers(state: StateInline) -> None:
    """Turn the pairs that were found into what opens and closes a spoiler."""
    lists = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)]
    for delimiters in lists:
        for opening in delimiters:
            if opening.marker == ord(BAR) and opening.end != -1:
                _turn(state.tokens[opening.token], "spoiler_open", 1)
                _turn(state.tokens[delimiters[opening.end].token], "spoiler_close", -1)


def _turn(token: Token, kind: str, nesting: Literal[-1, 1]) -> None:
    token.type, token.tag, token.nesting, token.markup, token.content = kind, "span", nesting, BAR * 2, ""
