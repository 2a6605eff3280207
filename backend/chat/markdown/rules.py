"""How each part of a message is written as HTML, where it differs from the parser's own way."""

from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import urlsplit

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from chat.markdown.parser import is_link

Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]
# The smallest of the lines that stand out.
LOWEST = 4


def _as(html: str) -> Rule:
    return lambda renderer, tokens, index, options, env: html


def _heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """No heading of the page: bold words, larger the fewer `#` there are."""
    return f'<p class="h{min(int(tokens[index].tag[1]), LOWEST)}"><strong>'


def _mention(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """A spot for the name, which is filled in for every reader anew."""
    return f'<span class="mention">{escape(tokens[index].content)}</span>'


def _roll(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """As it was written; a page puts the outcome there."""
    return f'<span class="roll">{escape(tokens[index].content)}</span>'


def _block(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return f"<pre><code>{escape(tokens[index].content)}</code></pre>"


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    href = str(tokens[index].attrGet("href") or "")
    return f'<a href="{escape(href)}" target="_blank">' if is_link(href) else ""


def _link_close(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Beside words that hide or disguise where a link goes stands its host."""
    start = next(place for place in range(index, -1, -1) if tokens[place].type == "link_open")
    href = str(tokens[start].attrGet("href") or "")
    if not is_link(href):
        return ""
    words = "".join(token.content for token in tokens[start + 1 : index])
    return "</a>" if says(words, href) else f'</a> <span class="host">({escape(host_of(href))})</span>'


def host_of(address: str) -> str:
    """Where a link goes: the host as the network knows it, or who gets the mail."""
    parts = urlsplit(address)
    if parts.scheme.lower() == "mailto":
        return parts.path
    return parts.netloc.rpartition("@")[2]


def says(words: str, href: str) -> bool:
    """Whether the words of a link say where it goes. Whoever is named before an `@` is not the host."""
    host = host_of(href).lower()
    if "@" in urlsplit(href).netloc or not host:
        return False
    try:
        named = (host_of(words.strip()) or words.strip()).lower()
    except ValueError:
        return False
    return named in (host, host.removeprefix("www."))


RULES: dict[str, Rule] = {
    "spoiler_open": _as('<span class="spoiler"><span>'),
    "spoiler_close": _as("</span></span>"),
    "heading_open": _heading,
    "heading_close": _as("</strong></p>\n"),
    "mention": _mention,
    "roll": _roll,
    "fence": _block,
    "link_open": _link_open,
    "link_close": _link_close,
}
