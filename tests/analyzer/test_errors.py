"""Every error that a user may see has an exit code of its own kind."""

import pytest

from analyzer.errors import (
    EXIT_DONE,
    EXIT_NO_TOOL,
    EXIT_PARTIAL,
    EXIT_SAID_NO,
    EXIT_UNREADABLE,
    EXIT_USAGE,
    CaptureError,
    TcpscopeError,
    ToolError,
    UsageError,
)


def test_exit_codes_are_those_that_the_documentation_tells() -> None:
    codes = (EXIT_DONE, EXIT_SAID_NO, EXIT_USAGE, EXIT_UNREADABLE, EXIT_PARTIAL, EXIT_NO_TOOL)
    assert codes == (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(("error", "code"), [(CaptureError, 3), (UsageError, 2), (TcpscopeError, 2), (ToolError, 5)])
def test_an_error_carries_its_exit_code_and_its_text(error: type[TcpscopeError], code: int) -> None:
    with pytest.raises(TcpscopeError, match="one line") as raised:
        raise error("one line")
    assert raised.value.exit_code == code
