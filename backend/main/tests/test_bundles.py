"""Styles and scripts joined for a page: what is for readers of the code is not sent."""

import pytest

from main import bundles

MODULE = """import { $ } from "./dom.js";

/**
 * Does something.
 */
export function act(/** @type {string} */ where) {
  // why
  const place = /** @type {Element} */ ($(where)); // the only one

  return `https://example.org // ${place.id}`;
}
"""


def test_a_module_is_sent_without_its_comments_and_blank_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"page.js": MODULE, "dom.js": "export const $ = 1;\n"}
    monkeypatch.setattr(bundles, "_read", lambda folder, name: files[name])
    _, _, page = bundles._scripts(["page"]).partition("const $page")
    assert page.splitlines() == [
        " = (() => {",
        "const { $ } = $dom;",
        "function act(where) {",
        "const place = ($(where));",
        "return `https://example.org // ${place.id}`;",
        "}",
        "return { act };",
        "})();",
    ]
