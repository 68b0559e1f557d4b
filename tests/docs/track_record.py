"""`python -m tests.docs.track_record PACK [DATA]`: writes the track record again.

That is docs/track-record.md with its chart, and the counts that bodies quote. DATA is where the
pack's `data/` files lie, as in `model-intel backtest`.
"""

import json
import subprocess
import sys
from pathlib import Path

from model_intelligence.backtest.pack import read_inputs, read_reference, read_truth
from model_intelligence.backtest.past_decisions import past_decisions
from model_intelligence.config.aliases_yaml import read_aliases
from model_intelligence.report.reliability_chart import reliability_chart
from model_intelligence.report.track_record import CHART, page, past_proposals, record_of
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "track-record.md"
COUNTS = ROOT / "model_intelligence" / "explanation" / "track_record.json"


def main(pack: Path, data: Path | None = None) -> None:
    """Decides the whole pack and writes the three files."""
    inputs, aliases = read_inputs(pack, data), read_aliases(ROOT / "config")
    made = [each for _, decided in past_decisions(inputs, aliases) for each in decided]
    record = record_of(pack.resolve().name, made, read_truth(pack), read_reference(pack))
    own = record.figures["own"]
    PAGE.write_text(page([record], f"commit {_commit()}"), encoding="utf-8")
    chart = reliability_chart(own.of_unique, own.of_targets)
    PAGE.with_name(CHART).write_text(chart, encoding="utf-8")
    COUNTS.write_text(json.dumps(past_proposals([record]), indent=1) + "\n", encoding="utf-8")


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
