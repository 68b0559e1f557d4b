"""A small world for the life of pull requests: two use cases, a real forge, and no database."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.apply import RunContext, plan_and_apply
from bot.forge.port import Forge
from bot.forge.retry_rounds import converge
from bot.plan.items import Outcome, Wanted
from bot.pull_request.proposal import branch_of
from model_intelligence.config.bot_yaml import BotConfig, Retirement
from model_intelligence.decision.assess import assess
from model_intelligence.decision.deadline import deadline_of
from model_intelligence.decision.values import Upgrade
from model_intelligence.explanation.dossier import compile_dossier, digest, evidence_ids
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.recommender import reasoning
from model_intelligence.records import BenchmarkKey, BenchmarkResult, Evidence, Model, Price
from model_intelligence.scorecards.values import ScoreCard

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MODELS_FILE = "config/models.yaml"
MODELS = """\
# Which model does what.
tidy: old-a # by hand
build:
  model: old-b
fallbacks: [old-a, other]
"""
BENCHMARK = BenchmarkKey("Board", "1", None, None, "percent")


def config(**changed: object) -> BotConfig:
    """Two use cases, without waiting, unless `changed` says otherwise."""
    values: dict[str, object] = {
        "models_file": MODELS_FILE,
        "defaults": {
            "providers": ["acme"],
            "limits": {"cooldown_days": 0, "minimum_age_days": 0},
        },
        "use_cases": {"tidy": {"paths": [["tidy"]]}, "build": {"paths": [["build", "model"]]}},
    }
    return BotConfig.model_validate({**values, **changed})


def evidence(prices: dict[str, str], scores: dict[str, str], **ends: date) -> Evidence:
    """Models of one provider with a price per 1,000 tokens and a score on one benchmark."""
    models = {
        name: Model(name, "acme", name.split("-", maxsplit=1)[0], name, retires_at=ends.get(name))
        for name in prices
    }
    return Evidence(
        models=models,
        prices={
            (name, "acme"): _price(n, name, cost) for n, (name, cost) in enumerate(prices.items())
        },
        benchmarks={
            name: (_result(n, name, score),) for n, (name, score) in enumerate(scores.items())
        },
    )


def _price(number: int, name: str, cost: str) -> Price:
    return Price(number, name, "acme", name, Decimal(cost), Decimal(cost), "USD", NOW, NOW, "list")


def _result(number: int, name: str, score: str) -> BenchmarkResult:
    return BenchmarkResult(
        number, name, BENCHMARK, Decimal(score), "code", True, "Board", measured_at=date(2026, 1, 1)
    )


PRICES = {"old-a": "2", "old-b": "2", "new-a": "1", "newer-a": "1", "other": "4"}
SCORES = {"old-a": "50", "old-b": "50", "new-a": "60", "newer-a": "70"}


def upgrade(
    use_case: str = "tidy",
    current: str = "old-a",
    target: str = "new-a",
    *,
    ends: date | None = None,
    known_since: date | None = None,
    prices: dict[str, str] | None = None,
    scores: dict[str, str] | None = None,
    settings: BotConfig | None = None,
    now: datetime = NOW,
) -> Wanted:
    """That `target` should replace `current`, on evidence that can be changed."""
    known = evidence({**PRICES, **(prices or {})}, {**SCORES, **(scores or {})})
    if ends is not None:
        model = replace(
            known.models[current], retires_at=ends, retirement_source="https://acme.test/eol"
        )
        known = replace(known, models={**known.models, current: model})
    seen = assess((settings or config()).policy(use_case), current, known, now.date())
    candidate = next(each for each in seen.candidates if each.spelling == target)
    deadline = deadline_of(seen.current, Retirement(), now.date())
    decision = Upgrade(seen, candidate, reasoning(candidate, use_case), deadline)
    dossier = compile_dossier(decision)
    item = Recommendation(
        id=1,
        created_at=NOW,
        status="proposed",
        use_case=use_case,
        current_model=current,
        recommended_model=target,
        reasoning=decision.reasoning,
        composite_score=candidate.score.total,
        expected_cost_delta_pct=candidate.cost_delta_pct,
        expected_quality_delta_pct=candidate.quality_delta_pct,
        confidence=candidate.score.confidence,
        evidence=evidence_ids(dossier),
        decision=dossier,
        evidence_digest=digest(dossier),
        pull_request_url=None,
    )
    return Wanted(use_case, current, dossier["verdict"], item, deadline, known_since)


def no_change(use_case: str = "build", current: str = "old-b", **changed: object) -> Wanted:
    """That a use case stays as it is."""
    values: dict[str, object] = {"reason": f"nothing beats {current}"}
    return Wanted(use_case, current, **{**values, **changed})  # type: ignore[arg-type]


@dataclass
class World:
    """Runs of the bot's second half against one forge."""

    forge: Forge
    settings: BotConfig = field(default_factory=config)
    now: datetime = NOW
    said: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    cards: list[ScoreCard] = field(default_factory=list)

    def run(self, *wanted: Wanted) -> list[Outcome]:
        """One run; what is not named is `upgrade()` for tidy and nothing for build."""
        named = {each.use_case: each for each in wanted}
        every = [named.get("tidy") or upgrade(), named.get("build") or no_change()]
        return converge(lambda: self._round(every), self.said.append, self.waits.append)

    def _round(self, wanted: list[Wanted]) -> list[Outcome]:
        config = self.settings
        branches = {branch_of(use_case): config.file_of(use_case) for use_case in config.use_cases}
        repository = self.forge.read(config.files, None, branches)
        current = {each.use_case: each.current for each in wanted}
        context = RunContext(self.settings, self.forge, self.now, self.said.append)
        return plan_and_apply(wanted, current, repository, self.cards, context)
