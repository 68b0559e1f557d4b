"""Second moments of a call's tokens as sums of products, which cost a fold a fifth less."""

from collections.abc import Sequence

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# `full` is what was sent and not cached, so that `prompt` is full + cached; made is `completion`.
NEW = {
    "prompt_prompt": "full_cached_squared",
    "cached_cached": "cached_squared",
    "completion_completion": "made_squared",
    "prompt_cached": "(full_cached_squared - full_squared + cached_squared) / 2",
    "prompt_completion": "(full_made_squared - full_squared + cached_made_squared"
    " - cached_squared) / 2 - made_squared",
    "cached_completion": "(cached_made_squared - cached_squared - made_squared) / 2",
}
_CC, _PC, _KC = (
    f"coalesce({name}, 0)" for name in ("cached_cached", "prompt_cached", "cached_completion")
)
_FULL = f"prompt_prompt - 2 * {_PC} + {_CC}"
OLD = {
    "full_squared": _FULL,
    "cached_squared": f"CASE WHEN prompt_prompt IS NOT NULL THEN {_CC} END",
    "made_squared": "completion_completion",
    "full_cached_squared": "prompt_prompt",
    "full_made_squared": f"{_FULL} + completion_completion + 2 * (prompt_completion - {_KC})",
    "cached_made_squared": f"{_CC} + completion_completion + 2 * {_KC}",
}


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(before: dict[str, str], after: dict[str, str]) -> None:
    added = ", ".join(f"ADD COLUMN {name} double precision" for name in after)
    filled = ", ".join(f"{name} = {value}" for name, value in after.items())
    dropped = ", ".join(f"DROP COLUMN {name}" for name in before)
    op.execute(f"ALTER TABLE telemetry_daily {added}")
    op.execute(f"UPDATE telemetry_daily SET {filled}")  # noqa: S608  # our own columns
    op.execute(f"ALTER TABLE telemetry_daily {dropped}")
