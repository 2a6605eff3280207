"""What a page in the pseudo-language shows that is not marked for translation."""

import re
from html.parser import HTMLParser

from contract.translation import CLOSING, OPENING

LETTER = re.compile(r"[^\W\d_]")
# Attributes that somebody reads or hears.
READ = (
    "title",
    "aria-label",
    "aria-valuetext",
    "aria-description",
    "placeholder",
    "alt",
    "label",
    "hx-confirm",
)
BUTTONS = ("submit", "button", "reset")
# A title names what people typed and the site beside the words of its page.
NOT_SHOWN = ("script", "style", "template", "title")
EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


def outside(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what stands outside of brackets, and how many are open at the end."""
    left = []
    for sign in text:
        if sign == CLOSING:
            depth -= 1
        elif sign == OPENING:
            depth += 1
        elif not depth:
            left.append(sign)
    return "".join(left), depth


def unmarked(text: str) -> str:
    """Return what is not marked of a plain text; empty if all of it is."""
    left, _depth = outside(text)
    return left.strip() if LETTER.search(left) else ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.depth = 0
        self.found: list[str] = []

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        silent = self.silent or values.get("translate") == "no" or tag in NOT_SHOWN
        read = [name for name in READ if name in values]
        if tag == "input" and values.get("type") in BUTTONS:
            read.append("value")
        for name in read:
            if not silent and not self.depth and (text := unmarked(values[name] or "")):
                self.found.append(f"<{tag} {name}>: {text}")
        if tag not in EMPTY:
            self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _silent in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        left, self.depth = outside(data, self.depth)
        if LETTER.search(left):
            self.found.append(f"<{self.open[-1][0] if self.open else ''}>: {' '.join(left.split())}")


def unmarked_on(html: str) -> list[str]:
    """List what is not marked on a page: texts and attributes outside of brackets and of `translate="no"`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.depth == 0, "a bracket is not closed"
    return reader.found
