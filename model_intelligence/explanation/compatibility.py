"""What may behave differently in code after the change, as far as the catalog tells. Pure."""

from collections.abc import Iterator

from model_intelligence.decision.values import Assessment, Candidate


def what_may_break(seen: Assessment, best: Candidate) -> Iterator[str]:
    """Sentences about the two models; never empty, for a change of model is never nothing."""
    now, new = seen.current, best.model
    if seen.current_price is not None and seen.current_price.provider != best.price.provider:
        yield (
            f"Another API ({best.price.provider} instead of {seen.current_price.provider}): "
            "client, credentials, rate limits and error codes differ."
        )
    if now is None or now.family != new.family:
        yield (
            "Another family: prompts tuned to the old model, sampling parameters, assistant "
            "prefill, tool choice and stop sequences may be refused or mean something else."
        )
        yield "Another tokenizer: limits counted in tokens, and the number of tokens billed, move."
    else:
        yield (
            "The same family: prompts usually carry over, yet sampling parameters and assistant "
            "prefill have been withdrawn within families before; try them."
        )
    if now is not None and now.context_window_tokens and new.context_window_tokens is None:
        yield "The context window is not published: long prompts may be refused."
    yield "Cached prompts start cold, and answers pinned in tests or snapshots will differ."
