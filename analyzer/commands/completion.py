"""`tcpscope completion`: scripts that let a shell complete commands, options and files."""

import click

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print a script for shell completion.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print a script that teaches a shell to complete tcpscope.

    \b
        bash:  tcpscope completion bash > ~/.local/share/bash-completion/completions/tcpscope
        zsh:   tcpscope completion zsh > a folder of $fpath, as _tcpscope
        fish:  tcpscope completion fish > ~/.config/fish/completions/tcpscope.fish
    """
    from click.shell_completion import get_completion_class

    from analyzer.cli import COMPLETE_VARIABLE, PROGRAM, tcpscope

    kind = get_completion_class(shell)
    assert kind is not None  # click knows all that are offered
    complete = kind(tcpscope, {}, PROGRAM, COMPLETE_VARIABLE)
    click.echo(complete.source_template % complete.source_vars())
    return 0
