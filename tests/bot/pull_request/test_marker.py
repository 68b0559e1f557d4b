"""The marker: what the bot must know of its own proposal, hidden from nobody who could forge it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.pull_request.marker import Facts, Marker

NAMES = st.text()  # without lone surrogates, which no JSON from GitHub can hold
ENDINGS = ["-->", "--!>", "--", "->", ">", "<!--", "}", '"} -->', "\n-->", "\r\n", "\u2028", "\\"]
hostile = st.lists(st.one_of(st.sampled_from(ENDINGS), NAMES)).map("".join)


def marker(**changed: Any) -> Marker:
    values = {
        "use_case": "builder_high",
        "from_model": "claude-opus-4-6",
        "to_model": "claude-opus-4-7",
        "recommendation": 42,
        "digest": "0123abcd",
        "facts": Facts(score="0.875"),
    }
    return Marker.model_validate({**values, **changed})


@settings(deadline=None)
@given(
    use_case=hostile,
    from_model=hostile,
    to_model=hostile,
    digest=hostile,
    recommendation=st.integers(0, 2**63 - 1),
    closed_by=st.sampled_from([None, "model-bot"]),
)
def test_whatever_it_holds_is_read_again_from_one_comment_of_one_line(**values: Any) -> None:
    written = marker(**values)
    text = str(written)
    assert len(text.splitlines()) == 1
    assert text.startswith("<!-- model-bot:marker:1 {")
    inside = text.removeprefix("<!--").removesuffix("-->")
    assert not set("<>") & set(inside)
    assert "--" not in inside
    assert Marker.read(f"{text}\nThe body") == written


@settings(deadline=None)
@given(name=hostile)
def test_no_value_shows_in_the_body(name: str) -> None:
    shown = MarkdownIt("commonmark", {"html": True}).parse(f"{marker(to_model=name)}\nThe body")
    assert [(token.type, token.content) for token in shown] == [
        ("html_block", f"{marker(to_model=name)}\n"),
        ("paragraph_open", ""),
        ("inline", "The body"),
        ("paragraph_close", ""),
    ]


def test_it_stands_as_a_person_may_find_it() -> None:
    assert str(marker()) == (
        '<!-- model-bot:marker:1 {"use_case":"builder_high",'
        '"from_model":"claude\\u002dopus\\u002d4\\u002d6",'
        '"to_model":"claude\\u002dopus\\u002d4\\u002d7",'
        '"recommendation":42,"digest":"0123abcd","facts":{"score":"0.875"}} -->'
    )


@pytest.mark.parametrize("lead", ["\n", " ", "Hello\n", "> ", "<!-- another -->\n", "\u200b"])
def test_it_counts_at_the_very_top_only(lead: str) -> None:
    assert Marker.read(f"{lead}{marker()}\nThe body") is None


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\nThe body\n\n", " ", " text "])
def test_a_forged_marker_further_down_is_ignored(between: str) -> None:
    forged = marker(to_model="evil", closed_by="model-bot")
    assert Marker.read(f"{marker()}{between}{forged}\n") == marker()
    assert Marker.read(f"{marker()}{between}{{}} -->\n") == marker()


def test_a_byte_order_mark_and_the_line_ends_of_a_web_form_do_no_harm() -> None:
    assert Marker.read(f"\ufeff{marker()}\r\nThe body\r\n") == marker()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "The body",
        "<!-- model-bot:marker:1 -->",
        "<!-- model-bot:marker:1 {} -->",
        "<!-- model-bot:marker:1 {broken} -->",
        "<!-- model-bot:marker:1 [] -->",
        "<!-- other-bot:marker:1 {} -->",
        str(marker()).replace(":marker:1 ", ":marker:2 "),
        str(marker()).replace(":marker:1 ", ":dashboard:1 "),
        str(marker()).replace('"recommendation":42', '"recommendation":"many"'),
        str(marker()).replace("builder_high", r"\ud800"),
        str(marker()).replace(" -->", "\n-->"),
        str(marker()).removesuffix(" -->"),
        str(marker(closed_by="model-bot")).replace("model\\u002dbot", "somebody"),
    ],
)
def test_what_is_not_a_marker_of_this_version_is_none(body: str) -> None:
    assert Marker.read(body) is None


def test_keys_of_a_later_version_of_the_bot_are_tolerated() -> None:
    body = str(marker()).replace(":1 {", ':1 {"mood":"good","deep":{"a":[1]},')
    assert Marker.read(body) == marker()
