"""Exit codes: 0 success, 1 something to fix, 2 incorrect usage, 3 internal error."""

import sys
import traceback
from collections.abc import Callable

from model_intelligence.errors import ModelIntelligenceError, UsageError

FIXABLE, USAGE, BUG = 1, 2, 3


def run(app: Callable[[], object]) -> None:
    """Runs a command line; prints errors and exits with the matching code."""
    try:
        app()
    except ModelIntelligenceError as error:
        for line in str(error).splitlines():
            print(f"error: {line}", file=sys.stderr)  # noqa: T201
        raise SystemExit(USAGE if isinstance(error, UsageError) else FIXABLE) from None
    except KeyboardInterrupt:
        # 128 + 2: what a shell reports of a program that SIGINT ended.
        raise SystemExit(130) from None
    except Exception:
        traceback.print_exc()
        raise SystemExit(BUG) from None
