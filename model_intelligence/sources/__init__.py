"""The one registry of sources, one file each; a package adds its own by an entry point.

A `Source` is its settings and a pure `parse`; `sources.http` and `sources.pages` fetch it.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.observations.listing import Lifecycle, Release
from model_intelligence.sources import (
    aider,
    artificial_analysis,
    bfcl,
    deprecations_info,
    epoch,
    genai_prices,
    genai_prices_live,
    hacker_news,
    litellm,
    livebench,
    llmshift,
    lmarena,
    modeldeprecations,
    models_dev,
    models_dev_benchmarks,
    openrouter,
    openrouter_benchmarks,
    reddit,
    release_dates,
    swe_bench,
    tau2_bench,
)
from model_intelligence.sources.source import BundledSource, Source

ENTRY_POINTS = "model_intelligence.sources"
SOURCES: tuple[Source, ...] = (
    litellm.SOURCE,
    genai_prices_live.SOURCE,
    models_dev.SOURCE,
    openrouter.SOURCE,
    deprecations_info.SOURCE,
    modeldeprecations.SOURCE,
    aider.SOURCE,
    bfcl.SOURCE,
    livebench.SOURCE,
    epoch.SOURCE,
    lmarena.SOURCE,
    models_dev_benchmarks.SOURCE,
    openrouter_benchmarks.SOURCE,
    swe_bench.SOURCE,
    tau2_bench.SOURCE,
    artificial_analysis.SOURCE,
    hacker_news.SOURCE,
    reddit.SOURCE,
)
TASK_TYPES = frozenset[str]().union(*(source.task_types for source in SOURCES))
BUNDLED: tuple[BundledSource, ...] = (
    BundledSource("genai-prices", "prices", "MIT"),
    BundledSource(llmshift.NAME, "lifecycles", "MIT"),
    BundledSource(modeldeprecations.BUNDLED_NAME, "lifecycles", "MIT"),
    BundledSource(release_dates.NAME, "releases", "MIT"),
)

# Licences that let anybody fetch a list and use it in a product. Non-commercial ones, terms of use
# and no licence at all are for the user to accept.
OPEN_LICENCES = frozenset({"MIT", "Apache-2.0", "CC-BY-4.0"})


def on_by_default() -> tuple[str, ...]:
    """What a new bot.yaml fetches: open lists that need no key and are still kept up to date.

    Opinions are left out: they never decide, and cost two requests for each model.
    """
    return tuple(
        source.name
        for source in SOURCES
        if source.access is None
        and source.licence in OPEN_LICENCES
        and source.kind != "opinions"
        and status_of(source.name) is None
    )


def bundled_ends() -> dict[str, list[Lifecycle]]:
    """source -> what it says of ends; nothing of a package that is not installed."""
    deprecations = [row for row in modeldeprecations.bundled() if isinstance(row, Lifecycle)]
    return {
        llmshift.NAME: list(llmshift.lifecycles()),
        modeldeprecations.BUNDLED_NAME: deprecations,
    }


def bundled_releases() -> list[Release]:
    """Release dates that are known without a network."""
    deprecations = [row for row in modeldeprecations.bundled() if isinstance(row, Release)]
    return [*release_dates.releases(), *deprecations, *llmshift.releases()]


def bundled_editions() -> dict[str, str]:
    """source -> the version of its bundled list."""
    editions = {
        genai_prices.NAME: genai_prices.edition(),
        llmshift.NAME: llmshift.edition(),
        modeldeprecations.BUNDLED_NAME: modeldeprecations.EDITION,
    }
    return {source: edition for source, edition in editions.items() if edition}


def registered(
    plugins: Iterable[EntryPoint] | None = None,
) -> tuple[dict[str, Source], tuple[str, ...]]:
    """name -> source, ours and installed ones; and why plug-ins that cannot be used are not.

    A package adds its source by an entry point of the group ENTRY_POINTS:
    `ours = "package.module:SOURCE"`.
    """
    found = {source.name: source for source in SOURCES}
    problems = []
    for plugin in entry_points(group=ENTRY_POINTS) if plugins is None else plugins:
        refused = f"the source {plugin.name!r} of {plugin.value} cannot be used: "
        try:
            source = plugin.load()
        except Exception as error:  # somebody else's module may fail in any way
            problems.append(f"{refused}{type(error).__name__}: {error}")
            continue
        if not isinstance(source, Source):
            problems.append(f"{refused}it is not a Source")
        elif source.name in found:
            problems.append(f"{refused}there already is a source {source.name!r}")
        else:
            found[source.name] = source
    return found, tuple(problems)


def chosen(names: Iterable[str], found: Mapping[str, Source], *, where: str) -> tuple[Source, ...]:
    """The named sources, in that order; ConfigError, which says `where`, for an unknown name."""
    unknown = ", ".join(repr(name) for name in names if name not in found)
    if unknown:
        raise ConfigError(f"{where}: {unknown} is not a source; there are {', '.join(found)}")
    return tuple(found[name] for name in dict.fromkeys(names))
