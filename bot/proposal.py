"""A recommendation as a pull request: branch, title, body, edit. Pure."""

import hashlib
from dataclasses import dataclass

from bot import markdown
from bot.marker import Marker
from bot.templating import render
from model_intelligence.current_models import with_model
from model_intelligence.patcher import unified_diff
from model_intelligence.policy import BotConfig
from model_intelligence.recommendations import Recommendation

BRANCH_PREFIX = "model-bot/"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change of one model name, as it will stand on GitHub."""

    use_case: str
    branch: str
    title: str
    body: str
    marker: Marker
    path: str
    before: str
    after: str

    @property
    def commit_message(self) -> str:
        """What the commit says: the title, and where the evidence stands."""
        return (
            f"{self.title}\n\nThe evidence is in the pull request "
            f"(recommendation {self.marker.recommendation})."
        )

    @property
    def diff(self) -> str:
        """The change as `git apply` reads it."""
        return unified_diff(self.path, self.before, self.after)


def branch_of(use_case: str) -> str:
    """One branch per use case, for ever."""
    return BRANCH_PREFIX + use_case


def propose(item: Recommendation, config: BotConfig, models_text: str) -> Proposal:
    """The proposal for a stored recommendation; PatchRefused when the file cannot be edited."""
    paths = config.policy(item.use_case).paths
    after = with_model(models_text, paths, item.recommended_model)
    title = markdown.title(f"{item.use_case}: {item.current_model} → {item.recommended_model}")
    visible = body_text(item, config, unified_diff(config.models_file, models_text, after))
    digest = hashlib.sha256(f"{title}\n{visible}".encode()).hexdigest()
    marker = Marker(
        use_case=item.use_case,
        from_model=item.current_model,
        to_model=item.recommended_model,
        recommendation=item.id,
        digest=digest,
    )
    return Proposal(
        use_case=item.use_case,
        branch=branch_of(item.use_case),
        title=title,
        body=f"{marker}\n{visible}",
        marker=marker,
        path=config.models_file,
        before=models_text,
        after=after,
    )


def body_text(item: Recommendation, config: BotConfig, diff: str) -> str:
    """What people read, from the frozen copy of the decision alone."""
    return render(
        "pull_request.md.j2",
        item=item,
        decision=item.decision,
        file=config.models_file,
        diff=diff,
    )
