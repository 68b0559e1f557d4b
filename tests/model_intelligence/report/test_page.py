"""The page of `report --format html`, made from real lists and looked at in Chromium."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner, Result

from model_intelligence.cli import app
from tests.conftest import ROOT
from tests.databases import create_database

pytest_plugins = ["tests.browser"]
HOSTILE = "<script>alert(1)</script><img src=https://example.org/x>"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture(scope="module")
def place(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with this repository's config and a database that has read all of it."""
    folder = tmp_path_factory.mktemp("report")
    shutil.copytree(ROOT / "config", folder / "config")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        url = create_database(postgres, "report_page", template)
        patch.setenv("DATABASE_URL", url)
        for command in (("refresh-all",), ("recommend", "--use-case", "builder_high", "--persist")):
            done = run(*command)
            assert done.exit_code == 0, done.output
        yield folder


@pytest.fixture(scope="module")
def written(place: Path) -> Path:
    done = run("report", "--format", "html", "--output", str(place / "models.html"))
    assert (done.exit_code, done.stdout) == (0, f"✓ Report written to: {place / 'models.html'}\n")
    return place / "models.html"


@pytest.fixture
def page(browser: Browser, written: Path) -> Iterator[Page]:
    """The page in a window; what it asks the network for or complains of fails the test."""
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        window = context.new_page()
        asked: list[str] = []
        window.on("request", lambda request: asked.append(request.url))
        window.on("console", lambda message: asked.append(message.text))
        window.goto(written.as_uri())
        yield window
        assert asked == [written.as_uri()]


def test_the_page_needs_nothing_else(written: Path) -> None:
    text = written.read_text()
    assert "<script" not in text
    assert not re.search(r"(src|srcset|data)=|url\(|@import|<link", text)


def test_every_use_case_stands_in_the_first_table_with_its_state(page: Page) -> None:
    names = page.locator("table").first.locator("tbody th").all_inner_texts()
    assert "builder_high" in names
    assert len(names) == 9
    states = set(page.locator("table").first.locator(".state").all_inner_texts())
    assert states <= {"proposed", "kept"}


def test_every_link_within_the_page_leads_somewhere(page: Page) -> None:
    targets = page.eval_on_selector_all(
        "a[href^='#']", "links => links.map(link => link.getAttribute('href').slice(1))"
    )
    assert any(target.startswith("price-") for target in targets)
    assert any(target.startswith("benchmark-") for target in targets)
    found = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(found) == len(set(found))
    assert set(targets) <= set(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_is_not_shut_out(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_reaches_the_use_cases_first(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the use cases")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#use-cases$"))


@pytest.mark.parametrize("width", [1200, 390])
def test_only_tables_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_what_others_wrote_is_text(place: Path, browser: Browser, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(place / "config", config)
    hostile = (config / "models.yaml").read_text().replace("glm-4.6", f"'{HOSTILE}'")
    (place / "config" / "hostile.yaml").write_text(hostile)
    bot = (config / "bot.yaml").read_text().replace("config/models.yaml", "config/hostile.yaml")
    (config / "bot.yaml").write_text(bot)
    done = run("report", "--format", "html", "--config", str(config))
    assert done.exit_code == 0, done.output
    (tmp_path / "page.html").write_text(done.stdout)
    with browser.new_context() as context:
        window = context.new_page()
        window.goto((tmp_path / "page.html").as_uri())
        assert HOSTILE in window.locator("table").first.inner_text()
        assert window.locator("script, img").count() == 0


def test_an_earlier_page_says_so(place: Path) -> None:
    done = run("report", "--format", "html", "--as-of", "2020-01-01")
    assert done.exit_code == 0, done.output
    assert "based on what had been observed by 2020-01-01 00:00 UTC" in done.stdout
    assert "There is no data yet" in done.stdout


def test_one_use_case_alone(place: Path) -> None:
    done = run("report", "--format", "html", "--use-case", "builder_high")
    assert done.exit_code == 0, done.output
    assert 'id="case-builder_high"' in done.stdout
    assert 'id="case-builder_low"' not in done.stdout


def test_a_filter_that_a_page_does_not_have_is_refused(place: Path) -> None:
    done = run("report", "--format", "html", "--status", "proposed")
    assert done.exit_code != 0
    assert "leave out --latest and --status" in str(done.exception)
