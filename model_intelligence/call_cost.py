"""What a call costs: a price at the use case's own mix of tokens. Pure.

Without telemetry of the use case the guide's mix is taken: two prompt tokens to one completion
token. Percentages then hold, amounts of money do not.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.records import Price, PriceTier, RuntimeStats, TokenMix
from model_intelligence.verdicts import FEWEST_CALLS

THOUSAND = Decimal(1000)
ZERO = Decimal(0)
GUIDE_MIX = TokenMix(THOUSAND * 2, ZERO, ZERO, THOUSAND, ZERO, "guide")


class Share(NamedTuple):
    """One class of tokens in one call: how many, at which price per 1,000, for how much."""

    label: str
    tokens: Decimal
    usd_per_1k: Decimal
    note: str = ""

    @property
    def usd(self) -> Decimal:
        """What these tokens of one call cost."""
        return self.tokens * self.usd_per_1k / THOUSAND


def mix_of(stats: RuntimeStats | None) -> TokenMix:
    """The mix of a use case's traffic; the guide's where fewer than 30 calls were seen."""
    if stats is None or stats.calls < FEWEST_CALLS:
        return GUIDE_MIX
    classes = (
        stats.input_uncached_tokens,
        stats.cache_read_tokens,
        stats.cache_write_tokens,
        stats.output_tokens,
        stats.reasoning_tokens,
    )
    days = (stats.window_end - stats.window_start).days
    if stats.input_uncached_tokens is not None and stats.output_tokens is not None:
        fresh, read, write, output, reasoning = (
            Decimal(count or 0) / stats.calls for count in classes
        )
        return TokenMix(fresh, read, write, output, reasoning, "classes", stats.calls, days)
    if stats.prompt_tokens and stats.completion_tokens is not None:
        sent = Decimal(stats.prompt_tokens) / stats.calls
        received = Decimal(stats.completion_tokens) / stats.calls
        return TokenMix(sent, ZERO, ZERO, received, ZERO, "totals", stats.calls, days)
    return GUIDE_MIX


def shares(price: Price, mix: TokenMix) -> tuple[Share, ...]:
    """The arithmetic of one call, class by class; those without tokens are left out.

    A class without a price of its own is billed as what it is a kind of: cached prompt tokens as
    prompt tokens, reasoning as completion.
    """
    tier = tier_for(price, mix.prompt)
    read, write = tier.cache_read_per_1k, tier.cache_write_per_1k
    as_prompt = "no price of its own: as prompt"
    as_completion = "no price of its own: as completion"
    thought = price.reasoning_per_1k if tier.above_prompt_tokens == 0 else None
    found = (
        Share("prompt", mix.input_uncached, tier.input_per_1k),
        _share("cache read", mix.cache_read, read, tier.input_per_1k, as_prompt),
        _share("cache write", mix.cache_write, write, tier.input_per_1k, as_prompt),
        Share("completion", mix.output, tier.output_per_1k),
        _share("reasoning", mix.reasoning, thought, tier.output_per_1k, as_completion),
    )
    return tuple(share for share in found if share.tokens)


def _share(label: str, tokens: Decimal, own: Decimal | None, instead: Decimal, note: str) -> Share:
    return Share(label, tokens, instead, note) if own is None else Share(label, tokens, own)


def tier_for(price: Price, prompt_tokens: Decimal) -> PriceTier:
    """What holds for a prompt of that length; the base price is a tier above zero tokens."""
    base = PriceTier(
        0,
        price.input_per_1k,
        price.output_per_1k,
        price.cache_read_per_1k,
        price.cache_write_per_1k,
    )
    reached = [tier for tier in price.tiers if prompt_tokens > tier.above_prompt_tokens]
    return max((base, *reached), key=lambda tier: tier.above_prompt_tokens)


def usd_per_call(price: Price, mix: TokenMix) -> Decimal:
    """US dollars for one call of that mix."""
    return total(shares(price, mix))


def total(parts: Iterable[Share]) -> Decimal:
    """The sum of the shares in US dollars."""
    return sum((part.usd for part in parts), ZERO)


def usd_per_month(price: Price, mix: TokenMix) -> Decimal | None:
    """US dollars for thirty days at the volume that was seen; None without traffic."""
    calls = mix.calls_a_month
    return None if calls is None else usd_per_call(price, mix) * calls
