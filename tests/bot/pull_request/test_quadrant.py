"""A page without GitHub shows the chart that a body holds."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from bot.forge.local_pages import markdown_to_html
from bot.pull_request.quadrant import drawn

pytest_plugins = ["tests.browser"]
CHART = """quadrantChart
    x-axis "cheaper call" --> "more expensive call"
    y-axis "worse on benchmarks" --> "better on benchmarks"
    "glm-4.6 (now)": [0.12, 0.06]
    "glm-4.7 (proposed)": [0.94, 0.94]"""
BODY = f"# Body\n\n```mermaid\n{CHART}\n```\n\nAfter it.\n"


def test_marks_stand_where_the_chart_says(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 600})
    page.set_content(markdown_to_html(BODY))
    now, proposed = (each.bounding_box() for each in page.locator("circle").all())
    assert now is not None
    assert proposed is not None
    assert now["x"] < proposed["x"]
    assert now["y"] > proposed["y"]
    frame = page.locator("svg").bounding_box()
    assert frame is not None
    for text in page.locator("svg text").all():
        box = text.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    page.close()


def test_what_stands_around_the_chart_stays() -> None:
    html = markdown_to_html(BODY)
    assert html.count("<svg ") == 1
    assert "quadrantChart" not in html
    assert html.index("<h1>") < html.index("<svg ") < html.index("<p>After it.</p>")


def test_two_charts_are_both_drawn() -> None:
    assert markdown_to_html(BODY + BODY).count("<svg ") == 2


@given(
    label=st.text(
        st.characters(exclude_characters='"', categories=("L", "N", "P", "S", "Zs")), max_size=30
    )
)
def test_a_label_stays_text(label: str) -> None:
    svg = drawn(CHART.replace("glm-4.6 (now)", label))
    assert svg is not None
    shown = [unescape(text) for text in re.findall(r">([^<>]*)</text>", svg)]
    assert len(shown) == 6
    assert label in shown


@pytest.mark.parametrize("other", ["", "graph TD", "quadrantChart", CHART.replace("quadrant", "x")])
def test_any_other_diagram_stays_as_it_is_written(other: str) -> None:
    assert drawn(other) is None
    assert "<svg" not in markdown_to_html(f"```mermaid\n{other}\n```\n")
