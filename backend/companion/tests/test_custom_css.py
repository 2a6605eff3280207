"""A storyteller's own CSS: what passes stays inside of the stage, what could reach out or hide a trick is named."""

import re

import pytest
from pydantic import ValidationError

from companion.custom_css import checked, scoped
from contract.overlays import MAX_CSS, CreateOverlay
from rules.errors import Invalid


@pytest.mark.parametrize(
    ("css", "result"),
    [
        (".name { color: red }", "#stage .name{color:red}"),
        (".a, .b > .c { opacity: .5 }", "#stage .a,#stage .b > .c{opacity:.5}"),
        ("#stage { --accent: #f0f; }", "#stage{--accent:#f0f}"),
        ('#stage[data-tier="large"] .card { width: 20rem }', '#stage[data-tier="large"] .card{width:20rem}'),
        (".gauge:not(.k-hp) .label { display: none !important }", None),
        (".card { background: linear-gradient(#000, rgb(10 20 30 / 50%)) }", None),
        (".name { border-top: 1px solid; -webkit-text-stroke: 1px #000 }", None),
        ("/* nothing */", ""),
        ("", ""),
    ],
)
def test_what_is_harmless_passes_held_to_the_stage(css: str, result: str | None) -> None:
    found = scoped(checked(css))
    if result is not None:
        assert re.sub(r"\s+", " ", found).replace(": ", ":") == result
    assert not found or found.startswith("#stage")


@pytest.mark.parametrize(
    "css",
    [
        '@import "https://example.com/x.css";',
        "@import url(//example.com/x.css);",
        "@font-face { font-family: x; src: url(x) }",
        "@media screen { .a { color: red } }",
        ".a { background: url(https://example.com/pixel.png) }",
        '.a { background: url("https://example.com/pixel.png") }',
        ".a { background: \\75rl(https://example.com/pixel.png) }",
        '.a { background: image-set("x.png" 1x) }',
        ".a { --trick: url(https://example.com) }",
        '.a { background: src("x") }',
        ".a { width: expression(alert(1)) }",
        ".a { behavior: url(#default) }",
        ".a { -moz-binding: none }",
        ".a { position: fixed }",
        ".a { z-index: 9 }",
        ".a { top: 0; left: 0 }",
        ".a { inset: 0 }",
        ".a { content: 'Buy now' }",
        ".a { cursor: none }",
        ".a { color: red",
        ".a { .b { color: red } }",
        ".a { color }",
        "{ color: red }",
        ".a, { color: red }",
        "<style> .a { color: red }",
        ".a { color: rgb(0,0,0 }",
        ".a { width: calc" + "(" * 200 + "1px" + ")" * 200 + " }",
        "} html { color: red }",
    ],
)
def test_what_could_reach_out_is_refused_or_does_nothing(css: str) -> None:
    try:
        passed = checked(css)
    except Invalid as refused:
        assert "Line 1" in refused.detail  # noqa: PT017
        passed = ""
    found = scoped(css)
    assert all(rule.startswith("#stage") for rule in re.split(r"(?<=})", found) if rule)
    for word in ("url", "import", "expression", "position", "z-index", "content", "behavior", "example.com"):
        assert word not in found
    if passed:
        assert found.count("{") == found.count("}") == 1


def test_a_string_cannot_end_the_style_element() -> None:
    assert "<" not in scoped('.a { font-family: "</style><script>alert(1)</script>" }')


@pytest.mark.parametrize("selector", ["#stage ~ *", "#stage + p", "html", ":root", "body *", "#stagelike"])
def test_no_selector_leaves_the_stage(selector: str) -> None:
    (rule,) = scoped(f"{selector} {{ color: red }}").splitlines()
    assert rule.startswith("#stage ")


def test_only_so_much_of_it() -> None:
    with pytest.raises(ValidationError):
        CreateOverlay(name="Large", css="a" * (MAX_CSS + 1))
    with pytest.raises(ValidationError):
        CreateOverlay(name="Large", css="@import url(x);" * 70_000)
    with pytest.raises(Invalid, match="At most 200 rules"):
        checked(".a{color:red}" * 201)
    with pytest.raises(Invalid, match="At most 60"):
        checked(".a{" + "color:red;" * 61 + "}")
    assert len(scoped(".a{color:red}" * 1_000_000)) < MAX_CSS * 3


def test_each_problem_is_named_with_its_line() -> None:
    with pytest.raises(Invalid) as refused:
        checked(".a { color: red }\n.b { position: fixed }\n@import 'x';")
    assert "Line 2: “position”" in refused.value.detail
    assert "Line 3: @import" in refused.value.detail
