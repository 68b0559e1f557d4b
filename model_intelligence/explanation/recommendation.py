"""A recommendation as it is stored, with the frozen copy of what it was decided on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

Dossier = dict[str, Any]  # JSON-ready: it is stored, and a body is rendered from it years later


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A stored recommendation; `decision` is the frozen copy of what it was decided on."""

    id: int
    created_at: datetime
    status: str
    use_case: str
    current_model: str
    recommended_model: str
    reasoning: str
    composite_score: Decimal
    expected_cost_delta_pct: Decimal | None
    expected_quality_delta_pct: Decimal | None
    confidence: Decimal
    evidence: dict[str, Any]
    decision: Dossier
    evidence_digest: str
    pull_request_url: str | None
    setting: dict[str, Any] | None = None
