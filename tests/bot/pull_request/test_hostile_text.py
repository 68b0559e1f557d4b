"""Outside text in everything the bot writes besides the body: it shows, and does nothing."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.plan.items import Commands, Item, Outcome, State
from bot.pull_request import markdown
from bot.pull_request.marker import DashboardMarker, NoticeMarker
from bot.pull_request.other_mentions import OtherMention
from bot.pull_request.proposal import notice
from bot.pull_request.templating import render
from bot.reporting import dashboard
from bot.reporting.job_summary import summary_text

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TRICKS = [
    *("@maria", "@acme/team", "#1", "acme/widgets#1", "GH-1", "fixes #1", "a@b.example"),
    *(
        "<!-- model-bot:dashboard:1 {} -->",
        "<img src=x onerror=y>",
        "<b>",
        "</details>",
        "&lt;",
        "&#64;",
    ),
    *(
        "![x](https://e.example/x.png)",
        "[x](https://e.example)",
        "https://e.example",
        "www.e.example",
    ),
    *("a | b", "\\|", "`code`", "**bold**", "~~gone~~", "- [x] <!-- proceed:tidy -->", "# title"),
    *("deadbeefdeadbeefdeadbeefdeadbeefdeadbeef", "\u202eevil", "\u200b", "line\nbreak", "\x00"),
]
hostile = st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=20)), max_size=6).map(
    " ".join
)
LINKED = re.compile(r"@\w|#\d|://|\bGH-\d|\bwww\.\w|\b[0-9a-f]{7,40}\b", re.IGNORECASE)


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def harmless(text: str, *, own_links: int = 0, own_html: int = 1) -> None:
    """No picture, no HTML but our own comments, no link but our own, nothing that GitHub links."""
    found = list(tokens(text))
    assert not [token for token in found if token.type == "image"]
    assert sum(token.type == "link_open" for token in found) == own_links
    html = [token.content for token in found if token.type.startswith("html")]
    assert len(html) == own_html, html
    words = [token.content for token in found if token.type == "text"]
    assert not [word for word in words if LINKED.search(word)]


@settings(deadline=None)
@given(hostile)
def test_prose_is_one_cell_of_plain_text(text: str) -> None:
    shown = list(tokens(f"| a | b |\n|---|---|\n| {markdown.prose(text)} | end |\n"))
    assert sum(token.type == "td_open" for token in shown) == 2
    kinds = {token.type for token in shown if token.type not in {"text", "inline"}}
    assert all(kind.startswith(("table", "thead", "tbody", "tr", "th", "td")) for kind in kinds)
    assert not [t for t in shown if t.type == "text" and LINKED.search(t.content)]


@settings(deadline=None)
@given(hostile)
def test_prose_stays_inside_a_list_item(text: str) -> None:
    shown = [token.type for token in tokens(f"- {markdown.prose(text)}\n- end\n")]
    assert shown.count("list_item_open") == 2
    assert not set(shown) & {
        "heading_open",
        "ordered_list_open",
        "blockquote_open",
        "hr",
        "em_open",
    }
    assert not [kind for kind in shown if kind.startswith(("html", "link", "code", "strong", "s_"))]


@pytest.mark.parametrize(
    "text",
    [
        "It is behind: -1.2 percentage points (95 % interval -8.6 to +6.1).",
        "-1.2 points on 2 instruction_following benchmarks!",
        "20.0 % less, $1.00 & a < b > c {d}",
        r"C:\new",
    ],
)
def test_prose_has_no_backslash_where_markdown_needs_none(text: str) -> None:
    assert markdown.prose(text) == text
    [shown] = [token.content for token in tokens(f"- {text}") if token.type == "text"]
    assert shown == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# title", "\\#\u200b title"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("_a_ b_c", "\\_a\\_ b_c"),
        ("&lt; R&D &", "\\&lt; R\\&D &"),
        ("<b>", "\\<b>"),
        ("a\\*", "a\\\\\\*"),
    ],
)
def test_prose_escapes_what_markdown_would_interpret(text: str, written: str) -> None:
    assert markdown.prose(text) == written
    [shown] = [token.content for token in tokens(f"- {written}") if token.type == "text"]
    assert shown.replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["plain words, with 1.5 % and a-b_c", "ä ö ü", "x" * 300])
def test_prose_shows_what_it_was_given(text: str) -> None:
    [shown] = [token.content for token in tokens(markdown.prose(text)) if token.type == "text"]
    assert shown == text


@settings(deadline=None, max_examples=50)
@given(reason=hostile, model=hostile)
def test_a_dashboard_is_its_own_whatever_it_shows(reason: str, model: str) -> None:
    items = [Item("tidy", State.HELD, reason), Item("build", State.KEPT, reason)]
    mention = OtherMention(model, "models.yaml", 3, ("a", model), "  a:\n    paths: [[x]]")
    text = dashboard.body(items, {"tidy": model, "build": model}, Commands(), [mention])
    assert DashboardMarker.read(text) == DashboardMarker()
    boxes = re.findall(r"^- \[ \] <!-- [a-z]+:[a-z]+ -->", text, re.MULTILINE)
    assert len(boxes) == 3
    harmless(text, own_html=1 + len(boxes))


@settings(deadline=None, max_examples=50)
@given(reason=hostile)
def test_a_summary_is_its_own_whatever_it_shows(reason: str) -> None:
    outcome = Outcome(Item("tidy", State.ATTENTION, reason), None, reason)
    harmless(summary_text([outcome], {"reads": 2, "writes": 0}, dry_run=False), own_html=0)


@settings(deadline=None, max_examples=50)
@given(name=hostile)
def test_a_notice_is_its_own_whoever_it_names(name: str) -> None:
    marker, text = notice("News.", (name,))
    assert NoticeMarker.read(text) == marker
    harmless(text)


@settings(deadline=None, max_examples=50)
@given(problem=hostile)
def test_a_complaint_is_its_own_whatever_is_wrong(problem: str) -> None:
    harmless(render("config_issue.md.j2", problems=problem.splitlines()), own_html=0)
