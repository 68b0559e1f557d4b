"""Benchmarks that have stopped, or that no longer measure what they are cited for."""

from collections.abc import Mapping

# By the names of the benchmark and of the source that publishes it, in small letters.
_AIDER = "no results have been added since October 2025"
# "Why SWE-bench Verified no longer measures frontier coding capabilities", OpenAI, February 2026.
_SWE_BENCH = (
    "OpenAI, which helped to make it, stopped reporting it in February 2026: flawed tests, and "
    "solutions in training data"
)
_STATUS: Mapping[str, str] = {
    **dict.fromkeys(("aider", "aider polyglot"), _AIDER),
    **dict.fromkeys(("swe-bench", "swe-bench verified"), _SWE_BENCH),
}


def status_of(name: str) -> str | None:
    """What to know of a benchmark or its source; None for one that is alive and undisputed."""
    return _STATUS.get(name.strip().lower())
