"""Token counts of every convention as disjoint classes that add up to their totals. Pure.

Sources differ in whether their input count includes cached tokens, and whether their output count
includes reasoning. The convention of the source applies unless the record itself contradicts it:
more cached tokens than input, or a total that only another reading of the counts gives.
"""

from typing import NamedTuple

from model_intelligence.telemetry.event import Unfit

LESS = "the total is less than prompt and completion tokens"


class Counts(NamedTuple):
    """Disjoint classes and totals, in the order of an UsageEvent; None is unknown."""

    input_uncached: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    output: int | None = None
    reasoning: int | None = None
    prompt: int | None = None
    completion: int | None = None
    total: int | None = None


def settle(
    *,
    sent: int | None,
    cache_read: int | None,
    cache_write: int | None,
    received: int | None,
    reasoning: int | None,
    total: int | None,
    cached_included: bool,
    reasoning_included: bool,
) -> Counts:
    """The counts of a source whose `sent` and `received` include the other classes, or do not.

    Tokens not known to be cached count as uncached, those not known to be reasoning as output.
    """
    cached = (cache_read or 0) + (cache_write or 0)
    prompts = _readings(sent, cached, included=cached_included)
    completions = _readings(received, reasoning or 0, included=reasoning_included)
    prompt, completion = prompts[0], completions[0]
    if prompt is not None and completion is not None:
        if total is None:
            total = prompt + completion
        elif prompt + completion != total:
            prompt, completion = _agreeing(prompts, completions, total)
    _never_less(total, prompt, completion)
    return Counts(
        None if prompt is None else prompt - cached,
        cache_read,
        cache_write,
        None if completion is None else completion - (reasoning or 0),
        reasoning,
        prompt,
        completion,
        total,
    )


def _readings(said: int | None, part: int, *, included: bool) -> tuple[int | None, ...]:
    """The totals that `said` can mean, the most likely first."""
    if said is None or not part:
        return (said,)
    if said < part:
        return (said + part,)
    return (said, said + part) if included else (said + part, said)


def _agreeing(
    prompts: tuple[int | None, ...], completions: tuple[int | None, ...], total: int
) -> tuple[int, int]:
    pairs = [(sent, got) for sent in prompts for got in completions]
    known = [(sent, got) for sent, got in pairs if sent is not None and got is not None]
    for sent, got in known:
        if sent + got == total:
            return sent, got
    for sent, got in known:
        if sent + got < total:  # some providers count more than they name
            return sent, got
    raise Unfit(LESS)


def _never_less(total: int | None, prompt: int | None, completion: int | None) -> None:
    if total is not None and total < (prompt or 0) + (completion or 0):
        raise Unfit(LESS)


def checked(counts: Counts) -> Counts:
    """Counts given as classes and totals: derived where missing; Unfit if they disagree."""
    fresh, read, written, output, thought, prompt, completion, total = counts
    prompt = _sum(prompt, fresh, (read or 0) + (written or 0), "prompt_tokens")
    completion = _sum(completion, output, thought or 0, "completion_tokens")
    if prompt is not None and completion is not None:
        total = prompt + completion if total is None else total
    _never_less(total, prompt, completion)
    return Counts(fresh, read, written, output, thought, prompt, completion, total)


def _sum(said: int | None, own: int | None, others: int, name: str) -> int | None:
    if own is None:
        if said is not None and others > said:
            raise Unfit(f"{name} is less than its classes")
        return said
    if said is not None and said != own + others:
        raise Unfit(f"{name} is not the sum of its classes")
    return own + others
