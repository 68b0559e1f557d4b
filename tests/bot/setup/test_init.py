"""`model-bot init` on configs of the shapes that other programs document, and on odd ones."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina
from inline_snapshot import snapshot
from ruamel.yaml import YAML

from bot.forge.git import Git
from bot.forge.local import LocalForge
from bot.run import run
from bot.settings import Settings
from bot.setup import check
from bot.setup.init import SOMEBODY, initialise
from model_intelligence import sources
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import current_models, read_text, with_model
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.evidence.offline_catalog import OfflineCatalog, offline_catalog
from model_intelligence.patcher import scalars
from tests.model_intelligence.sources.server import Answer, serving

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CONFIGS = Path(__file__).parent / "configs"
CONFIG = Path("config")
PREFIX = re.compile(r"(?:[\w-]+(?:/|:(?:(?:chat|messages|responses):)?))?")

# What a person who reads the five files would have the bot look after.
EXPECTED = {
    "litellm": {
        "chat": "openai/gpt-4.1",
        "claude_sonnet_4_5": "anthropic/claude-sonnet-4-5",
        "gemini_flash": "gemini/gemini-2.5-flash",
        "model_list_4": "gpt-4.1-mini",
        "routed": "openrouter/anthropic/claude-sonnet-4.5",
    },
    "promptfoo": {
        "providers_0": "openai:gpt-4.1",
        "providers_1": "openai:chat:gpt-4.1-mini",
        "gpt_4_1_challenger": "anthropic:messages:claude-sonnet-4-5",
        "reasoning": "openai:responses:gpt-5",
        "default_test_options_provider": "openai:gpt-5-mini",
        "assert_1_provider": "google:gemini-2.5-pro",
    },
    "continue": {
        "claude_sonnet": "claude-sonnet-4-5",
        "models_2": "gpt-4.1-mini",
        "codestral": "codestral-2508",
    },
    "helm": {
        "llm": "gpt-4.1",
        "judge": "gpt-5-mini",
        "anthropic_model": "claude-sonnet-4-5",
        "router_model": "gemini-2.5-flash",
        "extra_env_vars_review_model": "gpt-5",
    },
    "guide": {
        "tool_models_tidy_semantic": "glm-4.6",
        "complexity_models_low_builder": "claude-haiku-4-5",
        "complexity_models_low_auditor": "gpt-5-mini",
        "complexity_models_medium_builder": "claude-sonnet-4-5",
        "complexity_models_medium_auditor": "gpt-5",
        "complexity_models_high_builder": "claude-opus-4-6",
        "complexity_models_high_auditor": "gpt-5.4",
        "doctor_models_cheap": "gemini-2.5-flash",
        "doctor_models_strong": "gemini-2.5-pro",
    },
}


def repository(top: Path, files: Mapping[str, str]) -> Path:
    """A git repository in which the files are committed."""
    git = Git(top)
    top.mkdir(exist_ok=True)
    git.run("init", "--quiet", "--initial-branch=main")
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text, encoding="utf-8", newline="")
    git.run("add", ".")
    git.run("commit", "--quiet", "--message=As it is")
    return top


def shape(name: str) -> dict[str, str]:
    folder = CONFIGS / name
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


def init(
    top: Path, *, force: bool = False, dry_run: bool = False, bot: str = SOMEBODY
) -> list[str]:
    said: list[str] = []
    initialise(top, CONFIG, NOW, said.append, bot=bot, force=force, dry_run=dry_run)
    return said


def settings_of(top: Path) -> BotConfig:
    return yaml_file.read(top / "config/bot.yaml", BotConfig)


@pytest.fixture(scope="module")
def catalog() -> OfflineCatalog:
    return offline_catalog(Path("none"), NOW)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_shape_needs_no_edit_by_hand(
    name: str, tmp_path: Path, catalog: OfflineCatalog
) -> None:
    top = repository(tmp_path / "repo", shape(name))
    init(top)
    config = settings_of(top)
    files = {file: read_text(top / file) for file in config.files}
    assert current_models(files, config) == EXPECTED[name]
    assert check.check(top, CONFIG, catalog).problems == ()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_edit_at_each_found_path_changes_that_scalar_alone(name: str, tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", shape(name))
    init(top)
    config = settings_of(top)
    for use_case, declared in config.use_cases.items():
        before = read_text(top / config.file_of(use_case))
        after = with_model(before, declared.paths, "a-new-model")
        old = EXPECTED[name][use_case]
        pairs = zip(scalars(before), scalars(after), strict=True)
        changed = [(was, now) for was, now in pairs if was.value != now.value]
        [(was, now)] = changed
        assert (was.path, was.value, now.value) == (declared.paths[0], old, "a-new-model")
        lines = zip(before.splitlines(), after.splitlines(), strict=True)
        [(line, edited)] = [(line, edited) for line, edited in lines if line != edited]
        assert line.replace(old, "a-new-model", 1) == edited


@pytest.mark.parametrize("name", EXPECTED)
def test_a_dry_run_goes_through_at_once_even_if_every_source_is_down(
    name: str, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path / "repo", shape(name))
    init(top)
    monkeypatch.chdir(top)
    said: list[str] = []
    settings = Settings(database_url=database_url, config_directory=CONFIG, dry_run=True)
    with serving(Answer(503)) as down, stamina.set_testing(True, attempts=1):
        unreachable = tuple(replace(each, url=down.url) for each in sources.SOURCES)
        monkeypatch.setattr(sources, "SOURCES", unreachable)
        outcomes = run(settings, LocalForge(Git(top)), NOW, said.append, lambda _: None)
    assert sum(line.startswith("✗ ") for line in said) == len(sources.on_by_default())
    assert [each.item.use_case for each in outcomes] == list(EXPECTED[name])
    assert not any("is not in the catalog" in each.item.reason for each in outcomes)
    for each in outcomes:
        if each.item.proposal is not None:
            prefix = PREFIX.match(EXPECTED[name][each.item.use_case])
            written = each.item.proposal.marker.to_model
            assert PREFIX.match(written)[0] == prefix[0]  # type: ignore[index]  # matches always


def test_what_is_not_taken_is_told_with_the_reason(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {**shape("helm"), **shape("litellm")})
    said = "\n".join(init(top, dry_run=True))
    assert said.partition("Skipped:\n")[2].partition("\n\n")[0] == snapshot("""\
  config.yaml:27  azure/gpt-4.1-mini: it is the name of your own deployment, not of a model
  config.yaml:38  openai/gpt-oss-120b: its entry has its own address, so the provider is unknown
  config.yaml:51  claude-sonnet-4-5: it refers to the entry named on line 15
  config.yaml:57  gpt-4.1-mini: it refers to the entry named on line 25
  templates/configmap.yaml:7  gpt-4.1: the file is a template (line 6); move the name into a plain YAML file
  values.yaml:29  text-embedding-3-small: it does not generate text, so it is not compared
  values.yaml:32  gpt-4.1-mini: &cheap is shared with its aliases; write it out in each place first
  values.yaml:38  --model=gpt-4.1: the name is a part of a longer value; write it as a value of its own\
""")  # noqa: E501  # as people see it


def test_what_a_stranger_reads(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"app.yaml": "llm:\n  model: gpt-5 # fast\n"})
    assert "\n".join(init(top)) == snapshot("""\
YAML files read: 1; model names that can be managed: 1
  app.yaml:2  llm  gpt-5

With the bundled prices and retirement dates alone, the first run would:
  llm  propose gpt-6-sol of 29 candidates (gpt-5 retires on 2026-12-11, in 18 days)
This preview uses no benchmarks, telemetry or live sources. Without a common benchmark,
only replacements for retiring models are proposed.

wrote config/bot.yaml
wrote .github/workflows/models.yml

Replace OWNER/model-bot in both files with the bot's repository (or use --bot).
Next:
  model-bot check                                   # finds mistakes in bot.yaml
  DATABASE_URL=embedded: model-bot run --dry-run    # prints the plan, writes nothing
Then commit both files, and allow Actions to create pull requests (`model-bot doctor`).\
""")
    assert (top / "config/bot.yaml").read_text(encoding="utf-8") == snapshot("""\
# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/model-bot/main/config/bot.schema.json
# Which models model-bot looks after, and what may be proposed for each.
# `model-bot check` finds mistakes; `model-bot run --dry-run` shows what it would do.
version: 1
models_file: app.yaml # for use cases without a `file`

# Lists that every run fetches: prices, retirement dates and benchmark results. None
# needs a key, and all have open licences. `model-intel sources` shows the others;
# without `sources` nothing is fetched, and only the bundled lists are used.
sources:
  - litellm
  - genai-prices-live
  - models.dev
  - deprecations.info
  - modeldeprecations
  - bfcl
  - epoch
  - lmarena
  - models.dev-benchmarks
  - tau2-bench

defaults:
  providers: [openai] # who may be called, unless a use case says
  task_types: [code, reasoning] # kinds of benchmark that count
  limits: {min_chance: 0.8} # how sure a proposal must be

use_cases:
  llm:
    paths: [[llm, model]]
""")
    assert (top / ".github/workflows/models.yml").read_text(encoding="utf-8") == snapshot("""\
# Opens draft pull requests for the models that config/bot.yaml declares.
name: Models
on:
  schedule: [{cron: "23 5 * * 2,5"}]
  workflow_dispatch:
permissions: {contents: write, pull-requests: write, issues: write, statuses: write}
jobs:
  model-bot: {uses: OWNER/model-bot/.github/workflows/model-bot.yml@main}
""")


@pytest.mark.parametrize(
    "text",
    [
        "description: gpt-5\n",
        "text: We use gpt-5 for everything\n",
        "# gpt-5\nx: 1\n",
        "gpt-5: {price: 3}\n",
        "metadata: {labels: {model: gpt-5}}\n",
        "command: command\nregion: o1\nname: sonar\n",
        "x: |\n  gpt-5\n  gpt-4.1\n",
        "parameters: [{name: model, schema: {enum: [gpt-5]}, example: gpt-5}]\n",
        "tests: [{vars: {model: gpt-5}, assert: [{type: equals, value: gpt-5}]}]\n",
        "model: my-own-model-7\n",
        "x: ''\ny: null\nz: [1, 2.5, true]\n",
    ],
)
def test_what_only_looks_like_a_model_is_not_taken(text: str, tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"a.yaml": text})
    with pytest.raises(ModelIntelligenceError, match="names a model that can be managed"):
        init(top)
    assert not (top / "config").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &m gpt-5\nb: *m\n", "&m is shared with its aliases"),
        ("model: gpt-5\n---\nmodel: gpt-5\n", "several documents of this file have this path"),
        ("model: >-\n  gpt-5\n", "this is a multi-line text"),
        ("m: !env gpt-5\n", "decides what !env means"),
        ("{{ if .x }}\nmodel: gpt-5\n{{ end }}\n", "the file is a template"),
        ("a: [\nmodel: gpt-5\n", "the file is not valid YAML"),
        ("- MODEL=gpt-5\n", "part of a longer value"),
        ("model: elsewhere/gpt-5\n", "no price list has the provider in its prefix"),
        ("provider: ollama\nmodel: gpt-oss-20b\n", "no price list has the provider ollama"),
        ("model: mistral-embed\n", "it does not generate text"),
        ("model: gpt-5\nazure_deployment: x\n", "your own deployment"),
        ("model: gpt-5\nbase_url: http://localhost:1\n", "its own address"),
    ],
)
def test_what_cannot_be_edited_safely_is_named_with_the_reason(
    text: str, reason: str, tmp_path: Path
) -> None:
    top = repository(tmp_path / "repo", {"a.yaml": text, "b.yaml": "model: gpt-5\n"})
    said = "\n".join(init(top, dry_run=True))
    told = said.partition("Skipped:\n")[2].partition("\n\n")[0]
    assert reason in told
    assert "a.yaml:" in told
    assert "file: a.yaml" not in said


def test_a_workflow_file_is_left_to_people(tmp_path: Path) -> None:
    files = {
        ".github/workflows/x.yml": "jobs: {a: {with: {model: gpt-5}}}\n",
        "b.yml": "m: gpt-5\n",
    }
    said = "\n".join(init(repository(tmp_path / "repo", files), dry_run=True))
    assert "the token of a GitHub workflow may not change workflow files" in said


def test_vendored_recorded_and_locked_files_are_not_read(tmp_path: Path) -> None:
    folders = ("node_modules/a", "vendor", "tests/fixtures", "x/testdata")
    files = {f"{folder}/m.yaml": "model: gpt-5\n" for folder in folders}
    files |= {"pnpm-lock.yaml": "model: gpt-5\n", "config/benchmarks.yaml": "model: gpt-5\n"}
    said = init(repository(tmp_path / "repo", {**files, "m.yaml": "model: gpt-5\n"}), dry_run=True)
    assert said[0] == "YAML files read: 1; model names that can be managed: 1"


def test_untracked_and_huge_files_and_links_are_not_read(tmp_path: Path) -> None:
    huge = "model: gpt-5\n" + "#" * 500_000
    top = repository(tmp_path / "repo", {"huge.yaml": huge, "m.yaml": "model: gpt-5\n"})
    (top / "link.yaml").symlink_to("/etc/hostname")
    Git(top).run("add", ".")
    (top / "new.yaml").write_text("model: gpt-5\n")
    said = "\n".join(init(top, dry_run=True))
    assert "Not read (too large, too many, or not UTF-8): huge.yaml, link.yaml" in said
    assert "new.yaml" not in said


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"m.yaml": "model: gpt-5\n", "config/bot.yaml": "mine\n"})
    with pytest.raises(ModelIntelligenceError, match=r"config/bot\.yaml already exists"):
        init(top)
    assert (top / "config/bot.yaml").read_text() == "mine\n"
    assert not (top / ".github").exists()
    init(top, force=True)
    assert "use_cases:" in (top / "config/bot.yaml").read_text()


def test_a_workflow_that_is_there_is_left(tmp_path: Path) -> None:
    path = ".github/workflows/models.yml"
    top = repository(tmp_path / "repo", {"m.yaml": "model: gpt-5\n", path: "mine: 1\n"})
    said = init(top)
    assert f"kept the existing {path}; `--force` replaces it" in said
    assert (top / path).read_text() == "mine: 1\n"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", shape("guide"))
    said = "\n".join(init(top, dry_run=True))
    assert "would write config/bot.yaml:\n\n# yaml-language-server" in said
    assert Git(top).run("status", "--porcelain") == ""


def test_keys_that_yaml_would_read_otherwise_are_quoted(tmp_path: Path) -> None:
    text = "\"on\": {'a, b': {\"it's\": {7: {'gpt: x': gpt-5}}}}\n"
    top = repository(tmp_path / "repo", {"weird name.yaml": text})
    init(top)
    config = settings_of(top)
    [declared] = config.use_cases.values()
    assert declared.paths == (("on", "a, b", "it's", 7, "gpt: x"),)
    assert current_models({"weird name.yaml": text}, config)


def test_names_are_unique_over_all_files(tmp_path: Path) -> None:
    files = dict.fromkeys(("a.yaml", "b.yaml", "x/a.yaml"), "llm: {model: gpt-5}\n")
    top = repository(tmp_path / "repo", files)
    init(top)
    assert list(settings_of(top).use_cases) == ["a_llm", "b_llm", "a_llm_2"]


def test_the_workflow_is_one_that_github_takes(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"m.yaml": "model: gpt-5\n"})
    init(top, bot="acme/model-bot")
    path = top / ".github/workflows/models.yml"
    call = YAML(typ="safe").load(path)["jobs"]["model-bot"]["uses"]
    assert call == "acme/model-bot/.github/workflows/model-bot.yml@main"
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows",
         str(path)],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_it_works_from_a_folder_below_the_top(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"deep/down/m.yaml": "model: gpt-5\n"})
    initialise(
        top / "deep/down", CONFIG, NOW, lambda _: None, bot=SOMEBODY, force=False, dry_run=False
    )
    assert settings_of(top).files == ("deep/down/m.yaml",)


def test_a_dated_name_is_known_by_what_says_when_it_ends(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"m.yaml": "model: claude-3-5-sonnet-20241022\n"})
    init(top)
    assert settings_of(top).defaults.providers == ("anthropic",)


UNLISTED = """\
model_list:
  - model_name: claude-9
    litellm_params: {model: bedrock/us.anthropic.claude-9-v1:0}
  - model_name: large
    litellm_params: {model: mistral/mistral-large-latest}
router: {fallback_model: claude-9}
vendor_model: gpt-helper/app-1.0
image: registry/gpt-4-proxy:1.2
model: gpt-5
"""


def test_a_name_that_no_list_has_is_told_where_a_model_belongs(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"m.yaml": UNLISTED})
    said = "\n".join(init(top, dry_run=True))
    assert said.partition("Skipped:\n")[2].partition("\n\n")[0] == snapshot("""\
  m.yaml:3  bedrock/us.anthropic.claude-9-v1:0: no bundled list has this name
  m.yaml:5  mistral/mistral-large-latest: a rolling alias, whose model changes over time\
""")  # as people see it


def test_a_file_of_unlisted_names_alone_is_told_too(tmp_path: Path) -> None:
    top = repository(tmp_path / "repo", {"m.yaml": "model: claude-nonsense-9\n"})
    said: list[str] = []
    with pytest.raises(ModelIntelligenceError, match="names a model that can be managed"):
        initialise(top, CONFIG, NOW, said.append, bot=SOMEBODY, force=False, dry_run=True)
    assert "  m.yaml:1  claude-nonsense-9: no bundled list has this name" in said


def test_a_snapshot_is_looked_at_as_its_model(tmp_path: Path) -> None:
    dated = "model: claude-sonnet-4-5-20250929\n"
    said = init(repository(tmp_path / "repo", {"m.yaml": dated}))
    assert [line.split(" of ")[0].split() for line in said if " retires on " in line] == [
        ["m", "propose", "claude-sonnet-5-5"]
    ]


def test_a_snapshot_that_no_list_prices_any_more_is_replaced_in_its_own_way(
    tmp_path: Path,
) -> None:
    dated = "model: anthropic/claude-3-5-haiku-20241022\n"
    said = init(repository(tmp_path / "repo", {"m.yaml": dated}))
    assert [line.split(" of ")[0].split() for line in said if " was retired on " in line] == [
        ["m", "propose", "anthropic/claude-haiku-4-5-20251001"]
    ]


def test_bedrocks_names_are_taken_with_the_list_that_has_them(tmp_path: Path) -> None:
    text = (
        "model: us.anthropic.claude-sonnet-4-5-20250929-v1:0\n"
        "other: {model: bedrock/eu.anthropic.claude-3-7-sonnet-20250219-v1:0, "
        "api_base: 'https://bedrock-runtime.eu-west-1.amazonaws.com'}\n"
    )
    top = repository(tmp_path / "repo", {"m.yaml": text})
    said = "\n".join(init(top))
    settings = settings_of(top)
    providers = [settings.policy(name).providers for name in settings.use_cases]
    assert providers == [("aws-us",), ("aws-eu",)]
    assert {"litellm", "deprecations.info"} <= set(settings.sources)
    assert said.count("; only live sources list it, see `sources`") == 2
    assert check.check(top, CONFIG, offline_catalog(top / CONFIG, NOW)).problems == ()


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelIntelligenceError, match="not a git repository"):
        init(tmp_path)


def test_the_guides_example_is_the_shipped_one() -> None:
    assert shape("guide")["models.yaml"] == (CONFIGS.parents[3] / "config/models.yaml").read_text()


def test_the_copies_in_a_checkout_are_whole(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "all")
    top = repository(tmp_path / "all", {})
    init(top)
    assert len(settings_of(top).use_cases) == sum(map(len, EXPECTED.values()))
