"""The code that a command ends with."""

from collections.abc import Callable

import pytest

from model_intelligence.commands import exit_codes
from model_intelligence.errors import ModelIntelligenceError, UsageError


def ending(error: BaseException) -> Callable[[], None]:
    def app() -> None:
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ModelIntelligenceError("x"), 1),
        (UsageError("x"), 2),
        (ZeroDivisionError("x"), 3),
        (KeyboardInterrupt(), 130),
        (SystemExit(0), 0),
    ],
)
def test_each_end_has_its_code(error: BaseException, code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        exit_codes.run(ending(error))
    assert ended.value.code == code


def test_every_line_of_a_problem_is_an_error_line_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        exit_codes.run(ending(ModelIntelligenceError("a:1: x\na:2: y")))
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "error: a:1: x\nerror: a:2: y\n")


def test_a_bug_is_shown_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        exit_codes.run(ending(ZeroDivisionError("oops")))
    assert "ZeroDivisionError: oops" in capsys.readouterr().err
