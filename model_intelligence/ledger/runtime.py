"""The ledger of what windows of calls showed: a window that late calls changed is a revision."""

from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelRuntimeStats

LEDGER = Ledger(
    ModelRuntimeStats,
    ("window_start", "window_end", "provider", "model", "role", "use_case"),
    seen="computed_at",
)
