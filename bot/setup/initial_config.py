"""The first bot.yaml and the workflow that runs the bot, as text. Pure."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.setup.find_models import Found
from model_intelligence.config.bot_yaml import Defaults, YamlPath
from model_intelligence.sources import on_by_default

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[./-][A-Za-z0-9_]+)*")
# What YAML 1.1 reads as a boolean or as null.
_WORDS_OF_YAML = frozenset({"false", "n", "no", "null", "off", "on", "true", "y", "yes"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A use case to be declared, and who may be called for it."""

    name: str
    found: Found
    provider: str


def bot_yaml(drafts: Sequence[Draft], bot: str) -> str:
    """The text of bot.yaml; `bot` is the bot's own repository, owner/name."""
    file = Counter(each.found.file for each in drafts).most_common(1)[0][0]
    provider = Counter(each.provider for each in drafts).most_common(1)[0][0]
    defaults = Defaults()
    return "\n".join(
        [
            f"# yaml-language-server: $schema=https://raw.githubusercontent.com/{bot}"
            "/main/config/bot.schema.json",
            "# Which models model-bot looks after, and what may be proposed for each.",
            "# `model-bot check` finds mistakes; `model-bot run --dry-run` shows what it would do.",
            "version: 1",
            f"models_file: {_scalar(file)} # for use cases without a `file`",
            "",
            "# Lists that every run fetches: prices, retirement dates and benchmark results. None",
            "# needs a key, and all have open licences. `model-intel sources` shows the others;",
            "# without `sources` nothing is fetched, and only the bundled lists are used.",
            "sources:",
            *(f"  - {name}" for name in on_by_default()),
            "",
            "defaults:",
            f"  providers: [{_scalar(provider)}] # who may be called, unless a use case says",
            f"  task_types: [{', '.join(defaults.task_types)}] # kinds of benchmark that count",
            f"  limits: {{min_chance: {defaults.limits.min_chance}}} # how sure a proposal must be",
            "",
            "use_cases:",
            *(line for each in drafts for line in _use_case(each, file, provider)),
            "",
        ]
    )


def workflow(bot: str, config: str) -> str:
    """The workflow that runs the bot twice a week; `config` is the directory of bot.yaml."""
    # The caller grants the permissions, because a called workflow cannot have more than its caller.
    # The minute is an odd one: at the full hour, when most workflows are due, GitHub starts them
    # late.
    call = f"{bot}/.github/workflows/model-bot.yml@main"
    given = "" if config == "config" else f", with: {{config: {_scalar(config)}}}"
    return f"""\
# Opens draft pull requests for the models that {config}/bot.yaml declares.
name: Models
on:
  schedule: [{{cron: "23 5 * * 2,5"}}]
  workflow_dispatch:
permissions: {{contents: write, pull-requests: write, issues: write, statuses: write}}
jobs:
  model-bot: {{uses: {call}{given}}}
"""


def _use_case(draft: Draft, file: str, provider: str) -> list[str]:
    own: Mapping[str, str] = {
        "file": "" if draft.found.file == file else _scalar(draft.found.file),
        "paths": f"[{_path(draft.found.path)}]",
        "providers": "" if draft.provider == provider else f"[{_scalar(draft.provider)}]",
    }
    return [f"  {draft.name}:", *(f"    {key}: {value}" for key, value in own.items() if value)]


def _path(path: YamlPath) -> str:
    return f"[{', '.join(_scalar(key) if isinstance(key, str) else str(key) for key in path)}]"


def _scalar(text: str) -> str:
    """The text as YAML reads it back, in a list too."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    # A string of JSON is a double-quoted scalar of YAML.
    return json.dumps(text, ensure_ascii=False)
