"""`tcpscope schema`: the columns of the tables."""

import sys

import click


@click.command("schema", short_help="Tell what the columns of the tables mean.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown, as it stands in the documentation.")
def command(as_json: bool, as_markdown: bool) -> int:
    """Tell the columns of every table with type, unit and meaning."""
    from analyzer import schema

    if as_json and as_markdown:
        raise click.UsageError("--json or --markdown, not both.")
    if as_json:
        from analyzer.json_document import write_array

        write_array(sys.stdout, schema.as_json())
    elif as_markdown:
        sys.stdout.write(schema.as_markdown())
    else:
        from analyzer.terminal.schema import print_schema
        from analyzer.terminal.screen import Screen

        print_schema(Screen(), schema.TABLES)
    return 0
