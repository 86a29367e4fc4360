"""What can go wrong for a user, each with the exit code of the command line."""

EXIT_DONE = 0
EXIT_SAID_NO = 1  # a check or --fail-on said no
EXIT_USAGE = 2
EXIT_UNREADABLE = 3
EXIT_PARTIAL = 4  # what was read before the damage is reported
EXIT_NO_TOOL = 5  # another program that the command needs is missing, or failed


class TcpscopeError(Exception):
    """Something a user can understand and act on, told in one line."""

    exit_code = EXIT_USAGE


class CaptureError(TcpscopeError):
    """A capture that cannot be read from its very beginning."""

    exit_code = EXIT_UNREADABLE


class UsageError(TcpscopeError):
    """A request that makes no sense for this capture or these options."""

    exit_code = EXIT_USAGE


class ToolError(TcpscopeError):
    """Another program that a command needs is not installed, or did not do its work."""

    exit_code = EXIT_NO_TOOL
