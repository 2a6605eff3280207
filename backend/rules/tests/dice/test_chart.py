from xml.etree import ElementTree as xml

from rules.odds import chart
from rules.odds.chart import Bar

BARS = [
    Bar("Critical win", 0.125, "critical", 0.5),
    Bar("Failure", 0.875, "failure"),
    Bar("Botch", 0.0, "botch"),
]
SVG = "{http://www.w3.org/2000/svg}"


def test_numbers_never_claim_certainty() -> None:
    shown = [chart.percent(share) for share in (0, 0.0001, 0.0625, 0.9999, 1)]
    assert shown == ["0.0%", "<0.1%", "6.3%", ">99.9%", "100.0%"]


def test_the_svg_is_told_to_those_who_do_not_see_it() -> None:
    tree = xml.fromstring(chart.svg('Pool "7" <&> more', BARS, "Night Owl"))
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == "night-owl-title night-owl-desc"
    title, desc = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.get("id"), title.text) == ("night-owl-title", 'Pool "7" <&> more')
    assert desc.text == "Critical win 12.5% (expected 50.0%); Failure 87.5%; Botch 0.0%"
    texts = [text.text for text in tree.iter(f"{SVG}text")]
    assert texts == ['Pool "7" <&> more', "Critical win", "12.5%", "Failure", "87.5%", "Botch", "0.0%"]


def test_the_svg_takes_the_colour_of_its_surroundings() -> None:
    picture = chart.svg("Odds", BARS)
    assert "currentColor" in picture
    assert "#" not in picture


def test_a_bar_is_as_long_as_its_share() -> None:
    tree = xml.fromstring(
        chart.svg("Odds", [Bar("Half", 0.5), Bar("Too much", 7.0), Bar("Less than none", -1.0)])
    )
    widths = [float(rect.get("width", 0)) for rect in tree.iter(f"{SVG}rect")][1::2]
    assert widths == [chart.BAR_WIDTH / 2, chart.BAR_WIDTH, 0]


def test_good_and_bad_differ_in_shape() -> None:
    tones = ["critical", "success", "failure", "total_failure", "messy", "bestial", "neutral"]
    assert len({chart.shape_of(tone) for tone in tones}) == len(tones)
    assert chart.shape_of("botch") == chart.shape_of("bestial")


def test_long_and_many_stay_within_the_picture() -> None:
    picture = chart.svg("x" * 500, [Bar("A label far longer than its column", 0.1)] * 100)
    height = chart.TOP + chart.MAX_BARS * chart.ROW + chart.EDGE
    assert xml.fromstring(picture).get("viewBox") == f"0 0 {chart.WIDTH} {height}"
    assert "A label far longer than…" in picture
    assert chart.svg("Nothing", []).endswith("</svg>")
