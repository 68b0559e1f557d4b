"""Price lists and live sources, one file each; a package adds its own by an entry point.

A live source is a `Feed` (settings and a pure `parse`); `sources.http` fetches it.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.sources import (
    aider,
    artificial_analysis,
    bfcl,
    deprecations_info,
    genai_prices_live,
    hacker_news,
    litellm,
    livebench,
    models_dev,
    openrouter,
    reddit,
    swe_bench,
    tau2_bench,
)
from model_intelligence.sources.source import Bundled, Feed

ENTRY_POINTS = "model_intelligence.feeds"
FEEDS: tuple[Feed, ...] = (
    litellm.FEED,
    genai_prices_live.FEED,
    models_dev.FEED,
    openrouter.FEED,
    deprecations_info.FEED,
    *(
        Feed(board.NAME, "benchmarks", board.URL, board.LICENCE, board.parse)
        for board in (aider, bfcl, livebench, swe_bench)
    ),
    tau2_bench.FEED,
    artificial_analysis.FEED,
    hacker_news.FEED,
    reddit.FEED,
)
BUNDLED: tuple[Bundled, ...] = (
    Bundled("genai-prices", "prices", "MIT"),
    Bundled("llmshift", "lifecycles", "MIT"),
)


def feeds(plugins: Iterable[EntryPoint] | None = None) -> tuple[dict[str, Feed], tuple[str, ...]]:
    """name -> every feed, ours and those of installed packages; and what is wrong with the others.

    A package names its feed so: `[project.entry-points."model_intelligence.feeds"]`,
    `ours = "package.module:FEED"`.
    """
    found = {feed.name: feed for feed in FEEDS}
    problems = []
    for plugin in entry_points(group=ENTRY_POINTS) if plugins is None else plugins:
        told = f"the source {plugin.name!r} of {plugin.value} cannot be used: "
        try:
            feed = plugin.load()
        except Exception as error:  # somebody else's module may fail in any way
            problems.append(f"{told}{type(error).__name__}: {error}")
            continue
        if not isinstance(feed, Feed):
            problems.append(f"{told}it is no Feed")
        elif feed.name in found:
            problems.append(f"{told}there is a source {feed.name!r} already")
        else:
            found[feed.name] = feed
    return found, tuple(problems)


def chosen(names: Iterable[str], found: Mapping[str, Feed], *, where: str) -> tuple[Feed, ...]:
    """The named feeds, in that order; ConfigError, saying `where`, for a name that is not known."""
    unknown = ", ".join(repr(name) for name in names if name not in found)
    if unknown:
        raise ConfigError(f"{where}: {unknown} is not a source; there are {', '.join(found)}")
    return tuple(found[name] for name in dict.fromkeys(names))
