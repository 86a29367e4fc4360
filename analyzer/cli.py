"""The command line: which commands there are, and how every way of ending becomes an exit code."""

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from analyzer.commands.outcome import EXIT_BROKEN_PIPE, EXIT_INTERRUPTED, EXIT_TERMINATED, note
from analyzer.errors import EXIT_USAGE, TcpscopeError

PROGRAM = "tcpscope"
COMPLETE_VARIABLE = "_TCPSCOPE_COMPLETE"  # in which the scripts of `tcpscope completion` ask what could come next
COMMANDS = ("analyze", "flow", "cwnd", "whatif", "replay", "explain", "listeners", "ports", "pools", "crosscheck",
            "report", "export", "schema", "check", "completion")  # fmt: skip
EXIT_CODES = """
\b
Exit codes:
  0  done
  1  a check or --fail-on said no
  2  wrong usage, or something that cannot be written
  3  a capture that cannot be read
  4  a damaged capture: what was read before the damage is reported
  5  tshark, which crosscheck needs, is not installed or failed
"""


class Commands(click.Group):
    """The group of commands; a command's module is imported when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a person needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"analyzer.commands.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong outside of tcpscope becomes one line and an exit code."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except TcpscopeError as error:
            note(str(error))
            return error.exit_code
        except KeyboardInterrupt:
            note("interrupted")
            return EXIT_INTERRUPTED
        except BrokenPipeError:
            _abandon_output()
            return EXIT_BROKEN_PIPE
        except OSError as error:  # a full disk, most of all
            _abandon_output()
            note(str(error.strerror or error).lower())
            return EXIT_USAGE
        return code


def _print_version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Print which tcpscope this is, and end."""
    if not asked or ctx.resilient_parsing:
        return
    from importlib import metadata

    import reconstruct.seq

    try:
        version = metadata.version(PROGRAM)
    except metadata.PackageNotFoundError:
        version = "of an unknown version"  # a source tree that was never installed
    compiled = not (reconstruct.seq.__file__ or "").endswith(".py")
    python = ".".join(map(str, sys.version_info[:3]))
    click.echo(f"{PROGRAM} {version}, {'compiled' if compiled else 'uncompiled'}, Python {python}")
    ctx.exit()


def _show_config(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Print the thresholds of findings, and end."""
    if not asked or ctx.resilient_parsing:
        return
    from analyzer.configuration import configured
    from analyzer.terminal.configuration import print_configuration
    from analyzer.terminal.screen import Screen

    try:
        print_configuration(Screen(), configured())
    except TcpscopeError as error:
        raise click.ClickException(str(error)) from error
    ctx.exit()


@click.command(PROGRAM, cls=Commands, epilog=EXIT_CODES, no_args_is_help=False,
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
              help="Say which tcpscope this is, and whether it is compiled.")  # fmt: skip
@click.option("--show-config", is_flag=True, is_eager=True, expose_value=False, callback=_show_config,
              help="Print the thresholds of findings, and what set each: a file, the environment.")  # fmt: skip
def tcpscope() -> None:
    """Tell what the TCP connections of a packet capture did.

    CAPTURE is a pcap, pcapng or snoop file, compressed or not; "-" reads a pipe. Several are one capture, in order of
    time. Frames and connections have Wireshark's numbers.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line with the arguments, those of the process by default, and end with its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    sys.exit(_run(given))


def _run(arguments: list[str]) -> int:
    """Run a command and return the exit code."""
    if sys.stdout is None:
        note("standard output is closed")
        return EXIT_USAGE
    before = signal.signal(signal.SIGTERM, _terminate)
    _write_everything()
    try:
        if not arguments and COMPLETE_VARIABLE not in os.environ:
            click.echo(tcpscope.get_help(click.Context(tcpscope, info_name=PROGRAM)), err=True)
            return EXIT_USAGE
        code = tcpscope.main(arguments, PROGRAM, COMPLETE_VARIABLE, standalone_mode=False)
    except click.Abort:
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        _tell(error)
        return EXIT_USAGE
    finally:
        signal.signal(signal.SIGTERM, before)
    return code if isinstance(code, int) else 0


def _write_everything() -> None:
    """Let output of any encoding show what it lacks as an escape instead of failing."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a caller may have put something else there
        reconfigure(errors="backslashreplace")


def _tell(error: click.ClickException) -> None:
    """Print what is wrong with the arguments, and where help is."""
    note(error.format_message())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(f"Try '{error.ctx.command_path} --help'.", err=True)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    """End on SIGTERM as on any other error, so that temporary files are removed."""
    raise SystemExit(EXIT_TERMINATED)


def _abandon_output() -> None:
    """Throw away what is still to be written: nobody takes it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    main()
