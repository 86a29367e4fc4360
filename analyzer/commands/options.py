"""Arguments and options that several commands have."""

from collections.abc import Callable
from typing import Any

import click


class FlowNumber(click.ParamType):  # type: ignore[type-arg] # generic since click 8.4, and older ones will do
    """The number of a connection, from 0."""

    name = "N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; anything else is wrong usage."""
        text = str(value)
        if not (text.isascii() and text.isdecimal()):
            self.fail(
                f"{text!r} is no number of a connection: they count from 0, as Wireshark's tcp.stream", param, ctx
            )
        return int(text)


captures = click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...", type=click.Path())
capture = click.argument("capture", metavar="CAPTURE", type=click.Path())
number = click.argument("number", metavar="N", type=FlowNumber())
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, complete and unshortened.")
allow_partial = click.option(
    "--allow-partial", is_flag=True, help="Exit with 0, not 4, where a capture is damaged before its end."
)

_SET, _SHOW = "chosen", "show_config"


def _heed(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Read the thresholds; the later of the two options prints them where that is asked for."""
    if ctx.resilient_parsing:
        return None
    from analyzer.configuration import configured

    ctx.meta[f"{__name__}.{parameter.name}"] = value
    flags, shown = (ctx.meta.get(f"{__name__}.{name}") for name in (_SET, _SHOW))
    if flags is None or shown is None:
        return None if parameter.name == _SHOW else configured(value)
    chosen = configured(flags)
    if shown:
        from analyzer.terminal.configuration import print_configuration
        from analyzer.terminal.screen import Screen

        print_configuration(Screen(), chosen)
        ctx.exit()
    return chosen


def thresholds(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the thresholds of findings as `chosen`, and the options that set and show them."""
    show = click.option("--show-config", _SHOW, is_flag=True, is_eager=True, expose_value=False, callback=_heed,
                        help="Print every threshold with its unit and what set it, and do nothing else.")  # fmt: skip
    set_one = click.option("--set", _SET, multiple=True, is_eager=True, callback=_heed, metavar="NAME=VALUE",
                           help="Set a threshold, over TCPSCOPE_NAME in the environment and over the nearest "
                                "tcpscope.toml or [tool.tcpscope] of a pyproject.toml. Can be given several times."
                           )  # fmt: skip
    return set_one(show(command))
