"""The command that repeats past decisions and judges them by what came later."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.progress import progress
from model_intelligence.commands.shared import CONFIG, ConfigDirectory

if TYPE_CHECKING:
    from model_intelligence.backtest.decide import PastDecision


class BacktestFormat(StrEnum):
    """The format of the figures."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def backtest(
    pack: Annotated[Path, typer.Argument(help="The directory of a backtest pack.")],
    decisions: Annotated[Path, typer.Option(help="Write the decisions here, as JSON lines.")],
    data: Annotated[
        Path | None,
        typer.Option(help="Where the pack's `data/` files lie. Default: ../../data from the pack."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="A source or kind of figures not to judge by; again for more."),
    ] = None,
    output_format: Annotated[
        BacktestFormat,
        typer.Option("--format", help="text, json, or markdown: the page docs/track-record.md."),
    ] = BacktestFormat.TEXT,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Repeat past decisions with what was public then, and judge them by what came later.

    Needs no DATABASE_URL: it works in a temporary database of its own. Of the configuration only
    the aliases are read. Progress and files that could not be read go to standard error.

    Example: model-intel backtest ../shared/trust/pack-2025 --decisions decisions.jsonl
    """
    from model_intelligence.backtest import as_json
    from model_intelligence.backtest.decide import as_line
    from model_intelligence.backtest.judge import judge
    from model_intelligence.backtest.pack import read_reference, read_truth
    from model_intelligence.report import backtest_text, track_record

    truth, left_out = read_truth(pack), tuple(without or ())
    made = _decide(pack, data, config)
    shared.write(decisions, "".join(f"{as_line(decision)}\n" for decision in made))
    match output_format:
        case BacktestFormat.TEXT:
            shared.print_lines(backtest_text.lines(judge(made, truth, left_out)))
        case BacktestFormat.JSON:
            figures = as_json.as_json(judge(made, truth, left_out))
            shared.print_json(pack=pack.resolve().name, without=list(left_out), **figures)
        case BacktestFormat.MARKDOWN:
            others, name = read_reference(pack), pack.resolve().name
            record = track_record.record_of(name, made, truth, others)
            typer.echo(track_record.page([record]), nl=False)


def _decide(pack: Path, data: Path | None, config: Path) -> list["PastDecision"]:
    from model_intelligence.backtest.pack import read_inputs
    from model_intelligence.backtest.past_decisions import past_decisions
    from model_intelligence.config.aliases_yaml import read_aliases

    inputs, made = read_inputs(pack, data), list["PastDecision"]()
    with progress() as show:
        show(f"0 of {len(inputs.days)} dates decided")
        for number, (known, decided) in enumerate(past_decisions(inputs, read_aliases(config)), 1):
            made += decided
            for refused in known.refused:
                show("")
                typer.echo(f"{known.day}: {refused.file.path}: {refused.reason}", err=True)
            show(f"{number} of {len(inputs.days)} dates decided")
    return made
