"""A pull request as one HTML page, for a reader without GitHub. Outside text stays text."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.forge import Issue, PullRequest
from bot.templating import render


def markdown_to_html(text: str) -> str:
    """GitHub-flavoured Markdown as sanitised HTML without pictures, which would be fetched."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    cells = {"th": {"style"}, "td": {"style"}}  # the parser aligns columns by style
    return nh3.clean(
        parser.render(text),
        tags=nh3.ALLOWED_TAGS - {"img"} | {"details", "summary"},
        attributes={**nh3.ALLOWED_ATTRIBUTES, **cells},
        filter_style_properties={"text-align"},
    )


def page(thread: PullRequest | Issue) -> str:
    """The whole page, readable in light and dark, with nothing loaded from elsewhere."""
    content = Markup(markdown_to_html(thread.body))  # noqa: S704  # sanitised above
    return render("page.html.j2", thread=thread, content=content)
