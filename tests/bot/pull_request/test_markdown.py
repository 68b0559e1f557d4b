"""Whatever goes in, GitHub's Markdown shows it and does nothing with it."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.pull_request.markdown import (
    LONGEST_RUN,
    ZERO_WIDTH_SPACE,
    code,
    fenced,
    link,
    plain,
    title,
)

SHA = "0123456789abcdef0123456789abcdef01234567"
HOSTILE = [
    "@user",
    "@org/team",
    "#1",
    "owner/repo#1",
    "GH-1",
    SHA,
    "fixes #1",
    "closes https://github.com/acme/widgets/issues/1",
    "<!-- x -->",
    "--> <!--",
    "<img src=x onerror=alert(1)>",
    "</details><script>alert(1)</script>",
    "![x](http://e/x.png)",
    "[x](javascript:alert(1))",
    "<http://e/>",
    "www.example.org",
    "| a | b |",
    "|",
    r"a\|b",
    r"a\\|b",
    "\\",
    "ends with \\",
    r"\`",
    "`",
    "``` a",
    "a``b`c```",
    "` ` `",
    "`" * 80 + "@user",
    "`" * 300,
    "# heading",
    "- item\n- item",
    "1\n\n---\n\n2",
    "line\r\nline\u2028line\x0bline",
    "\u202egpj.exe\u202c",
    "a\u200bb\ufeff\u2066c\u2069",
    "nul \0 bell \a",
    "lone \ud800 surrogate \udfff",
    "&lt;b&gt; &#64;user",
    "$x$ :tada: ~~no~~ **no** _no_",
    "",
    " \t\n ",
    "x" * 10_000,
    "|`\\" * 3_000,
]
MEANINGFUL = st.sampled_from([*"`|\\<>[]()!*_~#@&$-+=: \n\r\t\0", "\u202e", "\u200b", "<b>", "\\|"])
outside_text = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=())),  # with lone surrogates
    st.lists(st.one_of(MEANINGFUL, st.text(max_size=3))).map("".join),
)
PLACES = {
    "paragraph": "Before {} after",
    "alone": "{}",
    "list item": "- {}",
    "cell": "| a | b |\n|---|---|\n| {} | c |",
    "last cell": "| a | b |\n|---|---|\n| c | {} |",
    "heading of a column": "| {} | b |\n|---|---|\n| c | d |",
}


def tokens(text: str) -> Iterator[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in parser.parse(text):
        yield token
        yield from token.children or ()


def kinds(text: str) -> list[str]:
    return [token.type for token in tokens(text)]


def shown(text: str) -> str:
    """What a code span shows of a text."""
    return re.sub(f"`{{{LONGEST_RUN},}}", "`" * LONGEST_RUN, plain(text)) or "(empty)"


def check_code(text: str, place: str) -> None:
    """In that place the span is all there is, and it holds the text."""
    span = code(text, in_table="|" in place)
    assert "\n" not in span
    assert kinds(place.format(span)) == kinds(place.format("`x`"))
    [found] = [token for token in tokens(place.format(span)) if token.type == "code_inline"]
    assert found.content == shown(text)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@settings(deadline=None, max_examples=50)
@given(text=outside_text)
def test_any_text_is_one_code_span_wherever_it_stands(place: str, text: str) -> None:
    check_code(text, place)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_one_code_span_wherever_it_stands(place: str, text: str) -> None:
    check_code(text, place)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@settings(deadline=None, max_examples=50)
@given(text=outside_text)
def test_a_span_made_for_a_table_does_no_harm_elsewhere(place: str, text: str) -> None:
    assert kinds(place.format(code(text))) == kinds(place.format("`x`"))


def test_code_spans_read_as_people_write_them() -> None:
    assert code("glm-4.7") == "`glm-4.7`"
    assert code("a`b") == "``a`b``"
    assert code("`a`") == "`` `a` ``"
    assert code("a|b") == r"`a\|b`"
    assert code("a|b", in_table=False) == "`a|b`"
    assert code("") == "`(empty)`"
    assert code(" two\nlines ") == "`two lines`"


def test_a_backslash_before_a_border_is_kept_and_the_cell_stays_whole() -> None:
    row = f"| a | b |\n|---|---|\n| {code(chr(92) + '|')} | c |"
    assert kinds(row).count("td_open") == 2
    assert [t.content for t in tokens(row) if t.type == "code_inline"] == [r"\|"]


def test_a_fence_is_never_longer_than_githubs_parser_knows() -> None:
    assert max(map(len, re.findall("`+", code("`" * 5_000)))) <= 80


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_encodable_and_without_format_characters(text: str) -> None:
    clean = plain(text)
    assert clean.encode().decode() == clean
    assert not {unicodedata.category(char) for char in clean} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@settings(deadline=None, max_examples=50)
@given(text=outside_text.filter(lambda text: not re.search(r"[\r\0]", text)))
def test_a_fenced_text_is_one_block_with_the_same_content(text: str) -> None:
    [block] = tokens(fenced(text, "diff"))
    assert (block.type, block.info) == ("fence", "diff")
    assert block.content == text.removesuffix("\n") + "\n"


@pytest.mark.parametrize("text", [*HOSTILE, "a\n```\nb", "````", "~~~\n```", "    ```"])
def test_a_fenced_text_ends_where_it_should(text: str) -> None:
    after = kinds(f"{fenced(text)}\n\nAfter")
    assert after == ["fence", "paragraph_open", "inline", "text", "paragraph_close"]


def test_a_fenced_diff_keeps_its_last_line_of_context_even_if_it_is_blank() -> None:
    assert fenced("-a\n+b\n \n") == "```\n-a\n+b\n \n```"


addresses = st.one_of(
    outside_text,
    st.builds(
        "{}://{}{}".format,
        st.sampled_from(["http", "https", "HTTPS", "javascript", "data", "file"]),
        st.one_of(
            outside_text,
            st.sampled_from(["github.com", "www.GitHub.com.", "user@github.com:443", "a.example"]),
        ),
        st.one_of(st.just(""), outside_text.map("/{}".format), outside_text.map("?{}".format)),
    ),
)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@settings(deadline=None, max_examples=50)
@given(label=outside_text, address=addresses)
def test_a_link_goes_to_the_web_but_never_to_github_itself(
    place: str, label: str, address: str
) -> None:
    found = list(tokens(place.format(link(code(label), address))))
    links = [token for token in found if token.type == "link_open"]
    linked = [t for t in found if t.type not in {"link_open", "link_close"}]
    assert [t.type for t in linked] == kinds(place.format("`x`"))
    assert len(links) <= 1
    for one in links:
        target = re.fullmatch(r"https?://([a-z0-9._-]+)(:\d+)?([/?#].*)?", str(one.attrs["href"]))
        assert target
        assert target[1] not in {"github.com", "www.github.com"}


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
        ("https://example.org/(a)|b`c`", "https://example.org/%28a%29%7Cb%60c%60"),
        ("https://example.org/%E4%B8%AD", "https://example.org/%E4%B8%AD"),
        ("https://example.org/&colon;", "https://example.org/&colon%3B"),
        ("https://example.org:8443/ä", "https://example.org:8443/%C3%A4"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://name:password@example.org/", "https://example.org/"),
        ("https://github.com@example.org/", "https://example.org/"),
        ("https://github.com/a/b/issues/1", "https://redirect.github.com/a/b/issues/1"),
        ("https://GitHub.com:443/a", "https://redirect.github.com/a"),
        ("https://www.github.com/a", "https://redirect.github.com/a"),
        ("https://github.com./a", "https://redirect.github.com/a"),
        ("https://ｇｉｔｈｕｂ.com/a", "https://redirect.github.com/a"),  # full width
        ("https://docs.github.com/a", "https://docs.github.com/a"),
    ],
)
def test_a_web_address_becomes_a_link(address: str, target: str) -> None:
    assert link("label", address) == f"[label](<{target}>)"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "example.org",
        "//example.org",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///path",
        "https://[",
        "https://[::1]/",
        "https://example.org:99999/",
        "https://ex℀mple.org/",
        "https://github%2ecom/",
        "https://exa mple.org/",
        "https://a..b/",
        f"https://{'a' * 64}.example/",
    ],
)
def test_what_is_no_proper_web_address_leaves_the_label_alone(address: str | None) -> None:
    assert link("label", address) == "label"


@settings(deadline=None, max_examples=50)
@given(text=outside_text)
def test_a_title_mentions_nobody_and_refers_to_nothing(text: str) -> None:
    made = title(text)
    assert not re.search(r"[@#]\w|\bGH-\w|://\w", made, re.IGNORECASE)
    visible = made.replace(ZERO_WIDTH_SPACE, "")
    assert not {unicodedata.category(char) for char in visible} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert visible == plain(text)


def test_a_title_of_ordinary_names_is_left_as_it_is() -> None:
    assert title("tidy: glm-4.6 → zai/glm-4.7") == "tidy: glm-4.6 → zai/glm-4.7"
    assert title("fixes #1, @user") == f"fixes #{ZERO_WIDTH_SPACE}1, @{ZERO_WIDTH_SPACE}user"
