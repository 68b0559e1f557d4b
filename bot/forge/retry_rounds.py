"""Repeats a round until it ends without a doubt about what was written."""

from collections.abc import Callable
from typing import TypeVar

from bot.forge.port import ForgeDoubt, ForgeError

_Result = TypeVar("_Result")
Sleep = Callable[[float], None]

# With 2, 4 and 8 seconds between them a hiccup passes; an outage is left to the next run.
ROUNDS = 4
LONGEST_WAIT_SECONDS = 60.0


def converge(round_: Callable[[], _Result], log: Callable[[str], None], sleep: Sleep) -> _Result:
    """The result of the first round without a doubt.

    Each round reads everything anew, so it finds what took effect. Waits as long as the forge
    asks, within limits; ForgeError after the last round, and the next run goes on from there.
    """
    for number in range(1, ROUNDS + 1):
        try:
            return round_()
        except ForgeDoubt as doubt:
            if number == ROUNDS:
                raise ForgeError(
                    f"{doubt}; gave up after {ROUNDS} rounds, what was done stays done, and the "
                    "next run goes on from there"
                ) from doubt
            asked = doubt.wait_seconds
            wait = min(2.0**number if asked is None else asked, LONGEST_WAIT_SECONDS)
            log(f"{doubt}; reading again in {wait:.0f} s")
            sleep(wait)
    raise AssertionError("unreachable")
