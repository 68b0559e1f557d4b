"""The page of a pull request: readable, and without anything that runs or loads."""

from html.parser import HTMLParser

import pytest

from bot.forge.local_pages import markdown_to_html, page
from bot.forge.port import PullRequest

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=https://evil.example></object><embed src=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>body { background: url(https://evil.example) }</style>",
    "<base href=https://evil.example><meta http-equiv=refresh content=0>",
    "<form action=https://evil.example><input name=a><button>Go</button></form>",
    "<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>",
    "<a href='javascript:alert(1)' onmouseover=alert(1)>x</a>",
    "<a href=' java&#x09;script:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<JaVaScRiPt:alert(1)>)",
    "[x](vbscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<table><tr><td style='position:fixed;background:url(https://evil.example)'>x</td></tr></table>",
    "<p style='color:red' class=x id=y>x</p>",
    "<video src=https://evil.example autoplay></video><audio src=https://evil.example></audio>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><script>alert(1)</script>-->",
]
LOADS = {"src", "srcset", "data", "background", "poster", "action", "formaction", "xlink:href"}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "link", "base", "meta", "form", "img"}


class Reader(HTMLParser):
    """What a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def pull_request(title: str = "Use new", body: str = "The body") -> PullRequest:
    return PullRequest(
        number=7,
        url="file:///7.html",
        branch="model-bot/builder",
        state="open",
        draft=True,
        title=title,
        body=body,
    )


@pytest.mark.parametrize("place", ["{}", "Before {} after", "| a |\n|---|\n| {} |", "- {}"])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_or_loads_gets_through(text: str, place: str) -> None:
    found = read(markdown_to_html(place.format(text)))
    assert not FORBIDDEN & set(found.tags)
    names = [name for name, _ in found.attributes]
    assert not [name for name in names if name.startswith("on") or name in LOADS]
    links = [value for name, value in found.attributes if name == "href"]
    assert all(link.startswith(("http://", "https://")) for link in links)
    styles = [value for name, value in found.attributes if name == "style"]
    assert all(style in {"text-align:right", "text-align:left", ""} for style in styles)


def test_a_table_keeps_its_alignment() -> None:
    html = markdown_to_html("| a | b | c |\n|---|---:|:---:|\n| 1 | 2 | 3 |")
    styles = [value for name, value in read(html).attributes if name == "style"]
    assert styles == ["text-align:right", "text-align:center"] * 2


def test_what_a_body_is_made_of_is_shown() -> None:
    html = markdown_to_html(
        "<!-- marker -->\n## Head\n\n**bold** ~~out~~ `a<b`\n\n```diff\n-a\n+b\n```\n\n"
        "<details><summary>More</summary>\n\n- [x](https://example.org/)\n\n</details>\n\n<sub>s</sub>"
    )
    assert "marker" not in html
    assert "<h2>Head</h2>" in html
    assert "<strong>bold</strong> <s>out</s> <code>a&lt;b</code>" in html
    assert "<pre><code>-a\n+b\n</code></pre>" in html
    assert "<details><summary>More</summary>" in html
    assert 'href="https://example.org/"' in html
    assert "<sub>s</sub>" in html


def test_a_page_shows_the_title_as_text_and_loads_nothing() -> None:
    html = page(pull_request(title="<script>alert(1)</script> & 'quotes'", body="**The body**"))
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;quotes&#39;") == 2
    assert "<strong>The body</strong>" in html
    assert "#7" in html
    found = read(html)
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert not LOADS & {name for name, _ in found.attributes}
    assert "url(" not in html


def test_a_draft_is_called_one() -> None:
    assert ">Draft</span>" in "".join(page(pull_request()).split("\n"))
