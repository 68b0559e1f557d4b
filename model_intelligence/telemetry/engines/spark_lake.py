"""Calls in a data lake, folded by Spark 4 where its session runs (`pip install model-bot[spark]`).

SPARK_REMOTE or spark-defaults.conf say which cluster; without them Spark runs on this machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.telemetry.engines import FoldedRow

VIEW = "model_bot_events"


class SparkLake:
    """Parquet under a path that Spark reads; it has the columns of `llm_usage_events`."""

    def __init__(self, session: Any, path: str) -> None:
        self._session, self._path = session, path
        # Or days would begin at midnight of the machine that runs the session.
        session.conf.set("spark.sql.session.timeZone", "UTC")
        with _told(path):
            session.read.option("mergeSchema", "true").parquet(path).createOrReplaceTempView(VIEW)

    def run(self, statement: str, since: datetime, until: datetime) -> Iterator[FoldedRow]:
        """The groups of the calls in that time."""
        written = statement.format(events=VIEW)
        values = {"since": since, "until": until}
        with _told(self._path):
            rows = self._session.sql(written, args=values).collect()
        yield from map(tuple, rows)


@contextmanager
def _told(path: str) -> Iterator[None]:
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelIntelligenceError(f"Spark cannot fold {path}: {reason}") from error


@contextmanager
def opened(address: str) -> Iterator[SparkLake]:
    """The calls at `spark:PATH`; UsageError where pyspark is not installed."""
    try:
        from pyspark.sql import SparkSession  # an extra of 400 MB
    except ImportError as error:
        raise UsageError(
            "spark: needs pyspark and Java 17; pip install 'model-bot[spark]'"
        ) from error
    path = address.partition(":")[2]
    with _told(path):
        session = SparkSession.builder.appName("model-bot").getOrCreate()
    try:
        yield SparkLake(session, path)
    finally:
        session.stop()
