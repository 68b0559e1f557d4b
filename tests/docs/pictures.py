"""`python -m tests.docs.pictures`: takes the pictures of README.md again, from a demonstration."""

import html
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import FloatRect, Page

from tests.browser import chromium
from tests.on_a_terminal import SCRIPTS, on_a_terminal

DOCS = Path(__file__).parents[2] / "docs"
COLUMNS, LINES = 88, 36
TERMINAL = """<body style="margin: 0; background: #0d1117; color: #f0f6fc"><pre style="margin: 22px;
font: 14.5px/1.5 monospace"><b>$ ./run demo</b>\n{}\n…</pre>"""
PAGES = {"pull-request": ("*-builder_high", 1240), "dashboard": ("*-issue", 1160)}


def main() -> None:
    """Writes the four files into docs/."""
    with TemporaryDirectory() as folder, chromium() as browser:
        shown = on_a_terminal("model-bot", "demo", "--folder", folder, columns=COLUMNS)
        page = browser.new_page(color_scheme="light")
        _terminal(page, shown.decode().splitlines()[:LINES])
        for name, (pattern, height) in PAGES.items():
            [file] = Path(folder, "pull-requests").glob(f"{pattern}.html")
            page.set_viewport_size({"width": 1000, "height": height})
            page.goto(file.as_uri())
            page.screenshot(path=DOCS / f"{name}.png")
        _report(page, Path(folder))


def _terminal(page: Page, lines: list[str]) -> None:
    page.set_viewport_size({"width": 920, "height": 790})
    page.set_content(TERMINAL.format(html.escape("\n".join(lines))))
    page.screenshot(path=DOCS / "terminal.png", full_page=True)


def _report(page: Page, folder: Path) -> None:
    """The part on one use case: its chart and the table beside it."""
    written = folder / "report.html"
    subprocess.run(
        [SCRIPTS / "model-intel", "report", "--format", "html", "--output", written],
        env={**os.environ, "DATABASE_URL": f"embedded:{folder / 'postgres'}"},
        check=True,
    )
    page.set_viewport_size({"width": 950, "height": 976})
    page.goto(written.as_uri())
    top, bottom = (_top(page, f"#case-{name}") for name in ("builder_high", "auditor_low"))
    part: FloatRect = {"x": 0.0, "y": top, "width": 950.0, "height": bottom - top}
    page.screenshot(path=DOCS / "report.png", full_page=True, clip=part)


def _top(page: Page, selector: str) -> float:
    place = page.locator(selector).bounding_box()
    assert place is not None
    return place["y"] - 20


if __name__ == "__main__":
    main()
