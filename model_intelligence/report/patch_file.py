"""A recommendation as a patch file: the guide's comment lines, then a diff for `git apply`."""

from pathlib import Path

from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import one_model, read_text, with_model
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.patcher import unified_diff
from model_intelligence.report.terminal_text import patch_header

UNPATCHABLE = {"rejected", "implemented", "superseded"}


def patch_text(item: Recommendation, config: BotConfig, top: Path) -> str:
    """The patch against the file as it is now; ModelIntelligenceError where it no longer fits.

    `top` is the folder from which the config names files.
    """
    if item.status in UNPATCHABLE:
        raise ModelIntelligenceError(
            f"recommendation {item.id} is {item.status}, so it yields no patch; "
            "`model-intel report --status proposed` lists those that do"
        )
    paths = config.policy(item.use_case).paths
    file = config.file_of(item.use_case)
    before = read_text(top / file)
    now = one_model(before, paths)
    if now != item.current_model:
        raise ModelIntelligenceError(
            f"recommendation {item.id} replaces {item.current_model}, but {file} "
            f"has {now} for {item.use_case}; run `model-intel recommend` again"
        )
    after = with_model(before, paths, item.recommended_model)
    header = "\n".join(patch_header(item))
    return f"{header}\n\n{unified_diff(file, before, after)}"
