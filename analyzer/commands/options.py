"""Arguments and options that several commands have."""

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
