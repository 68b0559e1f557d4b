"""Every benchmark of `./run bench`, by name."""

from collections.abc import Mapping

from tests.benchmarks import folding, growth, loading, recommending, scale, starting
from tests.benchmarks.benchmark import Benchmark

BENCHMARKS: Mapping[str, Benchmark] = {
    "recommend": recommending.rows,
    "scale": scale.rows,
    "growth": growth.rows,
    "fold": folding.rows,
    "help": starting.rows,
    "load": loading.rows,
}
