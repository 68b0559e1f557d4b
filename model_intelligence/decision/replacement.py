"""What replaces a model that ends: the same price tier, a longer life, then the chance. Pure."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from model_intelligence.decision.judgement import DOUBTED, VETO, is_shown_better
from model_intelligence.decision.values import Assessment, RankedCandidate
from model_intelligence.pricing.call_cost import price_ratio

LASTING = timedelta(days=365)  # a replacement that ends sooner ranks behind those that do not
CHEAPEST_PCT, DEAREST_PCT = Decimal(-70), Decimal(100)  # 0.3 to 2 times the price: the same tier

_Group = Callable[[RankedCandidate], bool]


def replacement_of(assessment: Assessment, proposed: str | None) -> int | None:
    """The place of the best replacement; None only where nothing else may be called.

    _Group by group the likeliest to be better; where neither model of a pair has a result, what the
    provider recommends or else the newest; at last, the least bad. `proposed`, what an open pull
    request names, stays as long as it is as good a choice as a new one.
    """
    lasting = _lasting(assessment)
    groups = [list(filter(group, lasting)) for group in _GROUPS]
    choices = (_choice(group, assessment, proposed) for group in groups)
    best = next(filter(None, choices), None) or min(lasting, key=_surest_first, default=None)
    return None if best is None else assessment.ranked.index(best)


def _lasting(assessment: Assessment) -> list[RankedCandidate]:
    """The candidates that no rule puts last, as far as there are any others."""
    kept = list(assessment.ranked)
    horizon = assessment.today + LASTING
    rules: tuple[_Group, ...] = (
        lambda each: each.outlook.fits_the_work,
        lambda each: each.verdict is None or each.verdict.kind != "worse",
        # Age before life: a list's "not sooner than" can make every newer model look short-lived.
        lambda each: each.outlook.released is not None and not each.outlook.is_older,
        lambda each: each.model.retires_at is None or each.model.retires_at > horizon,
        lambda each: each.price.agreement not in DOUBTED,
    )
    for rule in rules:
        kept = list(filter(rule, kept)) or kept
    return kept


def _choice(
    group: Sequence[RankedCandidate], assessment: Assessment, proposed: str | None
) -> RankedCandidate | None:
    """The best of a group, or what is proposed already if it is one of the likely ones."""
    likely = [each for each in group if is_shown_better(each) or (each.outlook.better or 0) >= VETO]
    unknown = [each for each in group if each.outlook.better is None]
    choices = likely or unknown
    stays = next((each for each in choices if each.spelling == proposed), None)
    rank = _surest_first if likely else partial(_advised_first, assessment.advised)
    return stays or min(choices, key=rank, default=None)


def _advised_first(advised: str | None, each: RankedCandidate) -> tuple[bool, int, Decimal, str]:
    """Where nothing is measured: the provider's advice, then the newest, then the closest price."""
    name, newest = each.model.model_id, -(each.outlook.released or date.min).toordinal()
    return name != advised, newest, price_ratio(each.cost_delta_pct), name


def _surest_first(each: RankedCandidate) -> tuple[float, Decimal, str]:
    return -(each.outlook.better or 0), each.usd_per_call, each.model.model_id


def _in_price_tier(each: RankedCandidate) -> bool:
    cost = each.cost_delta_pct
    return cost is not None and CHEAPEST_PCT <= cost <= DEAREST_PCT


def _is_at_most_twice(each: RankedCandidate) -> bool:
    return each.cost_delta_pct is not None and each.cost_delta_pct <= DEAREST_PCT


def _stays(each: RankedCandidate) -> bool:
    return each.outlook.moves is None


_GROUPS: tuple[_Group, ...] = (
    lambda each: is_shown_better(each) and _is_at_most_twice(each),
    lambda each: _stays(each) and each.outlook.same_tier and _in_price_tier(each),
    lambda each: _stays(each) and each.outlook.same_tier and _is_at_most_twice(each),
    lambda each: _stays(each) and _in_price_tier(each),
    lambda each: _stays(each) and _is_at_most_twice(each),
    _in_price_tier,
    _stays,
    lambda _: True,
)
