"""The page's pure modules, run in the browser: the command line's parser, values and the markdown."""

from typing import Any

import pytest
import pytest_asyncio

pytestmark = pytest.mark.browser

OPTIONS = """[{name: "name", type: 3, required: true}, {name: "hunger", type: 4, min_value: 0, max_value: 5},
  {name: "notes", type: 3, max_length: 20}, {name: "secret", type: 5}]"""

PARSE = f"""async (line) => {{
  const {{ flatten, parseLine, writeLine }} = await import("/page/commandline.js");
  const leaves = flatten([{{ id: "1", type: 1, name: "v", description: "", options: [
    {{ type: 1, name: "new", description: "", options: {OPTIONS} }},
    {{ type: 2, name: "new-group", description: "", options: [
      {{ type: 1, name: "set", description: "", options: [] }}] }}] }}]);
  const parsed = parseLine(line, leaves);
  if (!parsed.leaf) return null;
  const texts = Object.fromEntries([...parsed.entries].map(([name, entry]) => [name, entry.text]));
  return [parsed.leaf.full, texts, parsed.problems.length, writeLine(parsed.leaf, parsed.entries)];
}}"""

LINES = [
    ('/v new name:"Night Owl" hunger:2', ["/v new", {"name": "Night Owl", "hunger": "2"}, 0]),
    ("/v new name:Night Owl hunger:2", ["/v new", {"name": "Night Owl", "hunger": "2"}, 0]),
    ("/v   NEW  name: Owl", ["/v new", {"name": "Owl"}, 0]),
    ("/v new name:“Night Owl” secret:yes", ["/v new", {"name": "Night Owl", "secret": "yes"}, 0]),
    (r'/v new name:"A \"B\" \\"', ["/v new", {"name": 'A "B" \\'}, 0]),
    ("/v new name:O'Hara hunger:1", ["/v new", {"name": "O'Hara", "hunger": "1"}, 0]),
    ("/v new name: hunger:1", ["/v new", {"name": "", "hunger": "1"}, 0]),
    (
        "/v new name:Owl notes:see https://example.com",
        ["/v new", {"name": "Owl", "notes": "see https://example.com"}, 0],
    ),
    ('/v new name:"Owl', ["/v new", {"name": "Owl"}, 1]),
    ("/v new Owl", ["/v new", {}, 1]),
    ("/v new name:Owl hungr:2", ["/v new", {"name": "Owl"}, 1]),
    ("/v new name:Owl name:Tom", ["/v new", {"name": "Owl"}, 1]),
    ("/v new-group set", ["/v new-group set", {}, 0]),
]


@pytest_asyncio.fixture(loop_scope="session")
async def blank(box: Any, new_page: Any) -> Any:
    page = await new_page()
    await page.goto(box.base_url)
    return page


async def test_typed_lines_are_read_and_written_back(blank: Any) -> None:
    for line, expected in LINES:
        parsed = await blank.evaluate(PARSE, line)
        assert parsed[:3] == expected, line
        assert (await blank.evaluate(PARSE, parsed[3]))[1] == {k: v for k, v in parsed[1].items() if v}, line
    assert await blank.evaluate(PARSE, "/vnew name:x") is None


VALUE = f"""async ([name, text]) => {{
  const {{ readValue }} = await import("/page/values.js");
  const result = readValue({OPTIONS}.find((option) => option.name === name), {{ text }}, null);
  return result.error || result.value;
}}"""


async def test_values_are_read_by_their_type(blank: Any) -> None:
    async def read(name: str, text: str) -> Any:
        return await blank.evaluate(VALUE, [name, text])

    assert await read("hunger", "+2") == 2
    assert await read("hunger", "0") == 0
    for wrong in ("6", "-1", "two", "1.5", "1e1"):
        assert await read("hunger", wrong) == "A whole number from 0 to 5, please."
    assert await read("secret", "Yes") is True
    assert await read("secret", "false") is False
    assert await read("secret", "maybe") == "True or false, please."
    assert await read("notes", "x" * 21) == "At most 20 characters; this has 21."
    assert await read("name", "  ") == "Please fill this in."


MARKDOWN = """async (text) => {
  const { markdown } = await import("/page/markdown.js");
  const none = () => null;
  const name = (id) => id === "1" ? "Mira" : "?";
  const directory = { name, role: none, channel: none, world: { me: { id: "1" } } };
  const box = document.createElement("div");
  box.append(markdown(text, directory));
  return box.innerHTML;
}"""

TIMED = f"""async (text) => {{
  const from = performance.now();
  await ({MARKDOWN})(text);
  return performance.now() - from;
}}"""

TEXTS = [
    ("**a** *b* _c_ __d__ ~~e~~", "<strong>a</strong> <em>b</em> <em>c</em> <u>d</u> <s>e</s>"),
    ("***both***", "<em><strong>both</strong></em>"),
    ("snake_case_name 2*3*4", "snake_case_name 2<em>3</em>4"),
    (r"\*plain\*", "*plain*"),
    ("`a **b**`", "<code>a **b**</code>"),
    ("a\nb", "a<br>b"),
    ("> quoted\nnot", "<blockquote>quoted</blockquote>not"),
    ("- a\n- b\n  1. c", '<ul><li>a</li><li>b<ol start="1"><li>c</li></ol></li></ul>'),
    ("# Big\ntext", '<h3 class="md-h1">Big</h3>text'),
    ("<@1> <@2>", '<span class="mention mention-me">@Mira</span> <span class="mention">@?</span>'),
    ("</hero new:12>", '<button type="button" class="mention">/hero new</button>'),
    ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
    ("[x](javascript:alert)", "[x](javascript:alert)"),
    (
        "https://example.com/a.",
        '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer">https://example.com/a</a>.',
    ),
    ("```ansi\n\x1b[1;31mred\x1b[0m\n```", 'class="ansi-bold ansi-31">red</span>'),
    ("```py\nx = 1\n```after", "x = 1</code></pre>after"),
]


async def test_markdown_becomes_nodes(blank: Any) -> None:
    for text, expected in TEXTS:
        assert expected in await blank.evaluate(MARKDOWN, text), text


async def test_long_hostile_markdown_is_quick(blank: Any) -> None:
    for text in ("*_" * 1000, "||" * 1000, "> " * 1000, "[" * 2000, "```" * 700, "- " * 1000, "**a" * 700):
        took = await blank.evaluate(TIMED, text)
        assert took < 1500, text[:10]
