"""What a call costs: a price at the use case's own mix of tokens. Pure.

Without telemetry of the use case the guide's mix is taken: two prompt tokens to one completion
token. Percentages then hold, amounts of money do not.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.records import Price, PriceTier, RuntimeStats, TokenMix
from model_intelligence.stats.proportions import FEWEST_CALLS

THOUSAND = Decimal(1000)
HUNDRED = Decimal(100)
ZERO = Decimal(0)
LABELS = ("prompt", "cache read", "cache write", "completion", "reasoning")
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


class Rates(NamedTuple):
    """US dollars per 1,000 tokens of each class, in the order of TokenMix.classes."""

    prompt: Decimal
    cache_read: Decimal
    cache_write: Decimal
    completion: Decimal
    reasoning: Decimal


def shares(price: Price, mix: TokenMix) -> tuple[Share, ...]:
    """The arithmetic of one call, class by class; those without tokens are left out."""
    tier = tier_for(price, mix.prompt)
    as_prompt = "no price of its own: as prompt"
    as_completion = "no price of its own: as completion"
    notes = (
        "",
        as_prompt if tier.cache_read_per_1k is None else "",
        as_prompt if tier.cache_write_per_1k is None else "",
        "",
        as_completion if _reasoning_per_1k(price, tier) is None else "",
    )
    billed = zip(LABELS, mix.classes, rates_at(price, mix.prompt), notes, strict=True)
    return tuple(Share(*each) for each in billed if each[1])


def rates_at(price: Price, prompt_tokens: Decimal) -> Rates:
    """What each class costs at that length of prompt.

    A class without a price of its own is billed as what it is a kind of: cached prompt tokens as
    prompt tokens, reasoning as completion.
    """
    tier = tier_for(price, prompt_tokens)
    _, prompt, completion, read, write = tier
    thought = _reasoning_per_1k(price, tier)
    return Rates(
        prompt,
        prompt if read is None else read,
        prompt if write is None else write,
        completion,
        completion if thought is None else thought,
    )


def _reasoning_per_1k(price: Price, tier: PriceTier) -> Decimal | None:
    # Tiers hold no price of reasoning, and the base's does not fit a tier's price of completion.
    return price.reasoning_per_1k if tier.above_prompt_tokens == 0 else None


def tier_for(price: Price, prompt_tokens: Decimal) -> PriceTier:
    """What holds for a prompt of that length; the base price is a tier above zero tokens."""
    base = PriceTier(
        0,
        price.input_per_1k,
        price.output_per_1k,
        price.cache_read_per_1k,
        price.cache_write_per_1k,
    )
    if not price.tiers:
        return base
    # Strictly: "above 200k" leaves 200,000 tokens at the base price.
    reached = [tier for tier in price.tiers if prompt_tokens > tier.above_prompt_tokens]
    return max((base, *reached), key=lambda tier: tier.above_prompt_tokens)


def usd_per_call(price: Price, mix: TokenMix) -> Decimal:
    """US dollars for one call of that mix: the total of its shares, without their words."""
    return bill(rates_at(price, mix.prompt), thousands_of(mix))


def thousands_of(mix: TokenMix) -> Sequence[tuple[int, Decimal]]:
    """The classes that the mix has tokens of, by their place in Rates, in thousands of tokens."""
    return [(place, tokens / THOUSAND) for place, tokens in enumerate(mix.classes) if tokens]


def bill(rates: Rates, thousands: Sequence[tuple[int, Decimal]]) -> Decimal:
    """US dollars for so many thousands of tokens."""
    usd = ZERO
    for place, count in thousands:
        usd += count * rates[place]
    return usd


def total(parts: Iterable[Share]) -> Decimal:
    """The sum of the shares in US dollars."""
    return sum((part.usd for part in parts), ZERO)


def cost_in_words(change_pct: Decimal) -> str:
    """A change in percent, to follow "a call costs": `20.0 % less`, `the same`, a multiple."""
    if change_pct >= HUNDRED:  # a large percentage is easily read as a multiple by mistake
        return f"{f'{1 + change_pct / HUNDRED:.1f}'.removesuffix('.0')}× as much"
    shown = f"{abs(change_pct):.1f}"
    return "the same" if shown == "0.0" else f"{shown} % {'more' if change_pct > 0 else 'less'}"


def price_ratio(change_pct: Decimal | None) -> Decimal:
    """The ratio of two prices, at least 1: half the price is as far away as twice the price."""
    if change_pct is None or change_pct <= -HUNDRED:
        return Decimal("Infinity")
    ratio = 1 + change_pct / HUNDRED
    return max(ratio, 1 / ratio)


def usd_per_month(price: Price, mix: TokenMix) -> Decimal | None:
    """US dollars for thirty days at the volume that was seen; None without traffic."""
    calls = mix.calls_a_month
    return None if calls is None else usd_per_call(price, mix) * calls
