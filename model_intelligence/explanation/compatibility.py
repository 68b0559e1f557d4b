"""What may behave differently in code after the change, as far as the catalog shows. Pure."""

from collections.abc import Iterator

from model_intelligence.decision.values import Assessment, Candidate


def what_may_break(assessment: Assessment, best: Candidate) -> Iterator[str]:
    """Sentences about the two models; never empty, as a change of model always has an effect."""
    now, new, price = assessment.current, best.model, assessment.current_price
    if price is not None and price.provider != best.price.provider:
        yield (
            f"A different API ({best.price.provider} instead of {price.provider}): "
            "client, credentials, rate limits and error codes differ."
        )
    if now is None or now.family != new.family:
        yield (
            "A different model family: prompts tuned to the old model, sampling parameters, "
            "assistant prefill, tool choice and stop sequences may be refused or behave "
            "differently."
        )
        yield "A different tokenizer: token limits and the number of tokens billed change."
    else:
        yield (
            "The same model family: prompts usually carry over, but sampling parameters and "
            "assistant prefill have been withdrawn within families before, so try them."
        )
    if now is not None and now.context_window_tokens and new.context_window_tokens is None:
        yield "The context window is not published: long prompts may be refused."
    yield "Prompt caches start cold, and answers pinned in tests or snapshots will differ."
