"""A pull request as one HTML page, for a reader without GitHub. Outside text stays text."""

from hashlib import sha256

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.forge.port import Issue, PullRequest
from bot.pull_request.quadrant import drawn
from bot.pull_request.templating import render


def markdown_to_html(text: str) -> str:
    """GitHub-flavoured Markdown as sanitised HTML without pictures, which would be fetched.

    Charts are drawn here, so they come in after all else was sanitised.
    """
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens, charts = parser.parse(text), dict[str, str]()
    for token in tokens:
        chart = drawn(token.content) if token.info == "mermaid" else None
        if chart is not None:
            # A digest of the whole text: no text can contain its own, so nobody can place a chart
            # by writing.
            place = f"chart-{sha256(f'{len(charts)}{text}'.encode()).hexdigest()}"
            charts[f"<pre><code>{place}\n</code></pre>"] = f'<figure class="chart">{chart}</figure>'
            token.content = f"{place}\n"
    cells = {"th": {"style"}, "td": {"style"}}  # the parser aligns columns by style
    html = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=nh3.ALLOWED_TAGS - {"img"} | {"details", "summary"},
        attributes={**nh3.ALLOWED_ATTRIBUTES, **cells},
        filter_style_properties={"text-align"},
    )
    for place, chart in charts.items():
        html = html.replace(place, chart)
    return html


def page(thread: PullRequest | Issue) -> str:
    """The whole page, readable in light and dark, with nothing loaded from elsewhere."""
    content = Markup(markdown_to_html(thread.body))  # noqa: S704  # sanitised above
    return render("page.html.j2", thread=thread, content=content)
