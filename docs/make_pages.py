"""Writes what the documentation takes from the code: `python docs/make_pages.py [PAGE...]`, all pages if none is named.

A generated part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; all else in a page is written by hand.
`--check` writes nothing, names the pages that differ from the code, and exits with 1 if there is one.
"""

import ast
import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PART = re.compile(r"<!-- begin (.+?) -->\n.*?<!-- end \1 -->\n", re.DOTALL)
WIDTH = 100  # columns of a command's help


def tables() -> str:
    """Return every column of every table."""
    from analyzer import schema

    return schema.as_markdown()


def not_measured() -> str:
    """Return the columns that this release leaves null, or gives one value, by table."""
    from analyzer import schema

    lines = []
    for table in schema.TABLES:
        empty = [column for column in table.columns if table is not schema.FINDINGS and not column.cells]
        if empty:
            named = (f"`{each.name}`" + (f" (`{each.constant}`)" if each.constant else "") for each in empty)
            lines.append(f"- {table.name}: {', '.join(named)}")
    return "\n".join(lines) + "\n"


def diagram() -> str:
    """Return the transition table as a Mermaid diagram, resets left out: they would cross every other arrow."""
    from reconstruct.states import TRANSITIONS, State

    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state.text}" as {state.name}' for state in State]
    for state, moves in TRANSITIONS.items():
        lines += [f"    {state.name} --> {target.name}: {event.text}" for event, target in moves.items()]
    return "\n".join([*lines, "```"]) + "\n"


def matrix() -> str:
    """Return every move of every state, resets too; a dot where an event leaves a state as it is."""
    from reconstruct.states import BEYOND_FIGURE_5, Event, State, moves

    def cell(state: State, event: Event) -> str:
        target = moves(state).get(event)
        mark = " (\\*)" if (state, event) in BEYOND_FIGURE_5 else ""
        return "·" if target is None else target.text + mark

    rows = [[f"**{state.text}**", *(cell(state, event) for event in Event)] for state in State]
    return markdown_table(["state", *(event.text for event in Event)], rows)


def refusals() -> str:
    """Return the rules by which the receiver drops a segment: those that the module of refusals names."""
    from reconstruct.rules import Rule

    source = (ROOT / "reconstruct" / "acceptance.py").read_text("utf-8")
    named = [rule for rule in Rule if f"Rule.{rule.name})" in source]
    return markdown_table(["reason", "source"], [[rule.template.replace("|", "\\|"), rule.source] for rule in named])


def commands() -> str:
    """Return the help of every command, as the command prints it."""
    import click

    from analyzer.cli import PROGRAM, tcpscope

    def section(title: str, command: click.Command, parent: click.Context | None) -> str:
        name = title.split()[-1]
        context = command.make_context(name, [], parent, resilient_parsing=True, terminal_width=WIDTH)
        return f"## {title}\n\n```\n{command.get_help(context).rstrip()}\n```\n"

    top = tcpscope.make_context(PROGRAM, [], resilient_parsing=True)
    sections = [section(PROGRAM, tcpscope, None)]
    for name in tcpscope.list_commands(top):
        command = tcpscope.get_command(top, name)
        assert command is not None  # it was listed
        sections.append(section(f"{PROGRAM} {name}", command, top))
    return "\n".join(sections)


def sections_of_cases() -> str:
    """Return the entries that a case can have, and how each finds its rows."""
    from analyzer.cases import KEYS, ONE_ROW_BY_FRAME, TABLES, WITH_FRAMES

    rows = []
    for section, table in TABLES.items():
        keys = ", ".join(f"`{key}`" for key in KEYS[table])
        frames = "`frame`, `frames`, `only`" if table in WITH_FRAMES else ""
        found = ", ".join(filter(None, [keys, "`frame`" if table in ONE_ROW_BY_FRAME else ""]))
        rows.append([f"`[[{section}]]`", table, found, frames, "" if table == "skipped" else "`count`"])
    return markdown_table(["entry", "table", "looked up by", "frames", "number of rows"], rows)


def facts_of_cases() -> str:
    """Return the facts about a capture that a case can state."""
    from analyzer.cases import FACTS

    return markdown_table(["fact", "holds"], [[f"`{name}`", cells.value] for name, cells in FACTS.items()])


def label_differences() -> str:
    """Return the mechanisms by which labels and notes of tshark differ from ours."""
    from analyzer.crosscheck.differences import documented

    rows = [[known.name, known.wireshark, known.tcpscope] for known in documented()]
    return markdown_table(["reason", "Wireshark ...", "tcpscope ..."], rows)


def same_labels() -> str:
    """Return which labels of tshark count as the same as each kind."""
    from analyzer.crosscheck.labels import AGREEING, Label

    rows = []
    for kind, labels in AGREEING.items():
        names = ["no label" if label is Label.NONE else f"`{label.field}`" for label in labels]
        rows.append([f"`{kind.text}`", ", ".join(names) or "none has this meaning"])
    return markdown_table(["kind", "the same in tshark"], rows)


def floors() -> str:
    """Return every module with its floor, as the test of imports has it, and the first sentence about it."""
    tree = ast.parse((ROOT / "tests" / "test_floors.py").read_text("utf-8"))
    (table,) = (node.value for node in tree.body if isinstance(node, ast.Assign) and named(node) == "FLOORS")
    heights: dict[str, int] = ast.literal_eval(table)
    rows = []
    for path in (*sorted((ROOT / "reconstruct").rglob("*.py")), *sorted((ROOT / "analyzer").rglob("*.py"))):
        parts = [part for part in path.relative_to(ROOT).with_suffix("").parts if part != "__init__"]
        around = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        floor = next(heights[name] for name in around if name in heights)
        about = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0].replace("\n", " ")
        compiled = "yes" if path.with_suffix(".pxd").exists() else ""
        rows.append((floor, [str(floor), f"`{path.relative_to(ROOT)}`", compiled, about.replace("|", "\\|")]))
    rows.sort(key=lambda row: row[0])
    return markdown_table(["floor", "module", "compiled", "what it is"], [cells for _, cells in rows])


def named(node: ast.Assign) -> str:
    """Return the name that an assignment gives."""
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def bounds() -> str:
    """Return what is held in memory at most, with the constant that says so."""
    rows = []
    for what, module, name, unit, divisor in BOUNDS:
        owner = importlib.import_module(module)
        value = getattr(owner.ReplaySettings if module == "reconstruct.settings" else owner, name) // divisor
        rows.append([what, f"{value:,} {unit}".rstrip(), f"`{module}.{name}`"])
    return markdown_table(["what", "at most", "constant"], rows)


MIB = 1 << 20
BOUNDS = (  # what, the constant that says so, its unit in the page, how many of its own units make one of those
    ("one packet", "analyzer.capture.reader", "MAX_RECORD_BYTES", "MiB", MIB),
    ("one block of pcapng", "analyzer.capture.reader", "MAX_BLOCK_BYTES", "MiB", MIB),
    ("interfaces of a capture", "analyzer.capture.reader", "MAX_INTERFACES", "", 1),
    ("comments that are kept", "analyzer.capture.reader", "MAX_COMMENTS", "", 1),
    ("a dictionary of xz", "analyzer.capture.compressed", "XZ_MEMORY_BYTES", "MiB", MIB),
    ("fragments that wait for the rest of their packet", "analyzer.capture.fragments", "MAX_BYTES", "MiB", MIB),
    ("packets in the making", "analyzer.capture.fragments", "MAX_PACKETS", "", 1),
    ("holes in one direction", "reconstruct.ranges", "MAX_RANGES", "ranges", 1),
    ("sent segments of a direction with their times", "reconstruct.settings", "max_outstanding", "", 1),
    ("the same, where the other direction is not captured", "reconstruct.connection", "MAX_UNHEARD_OUTSTANDING", "", 1),
    ("retransmissions that may still be proven unneeded", "reconstruct.sender_model", "RESENT_KEPT", "", 1),
    ("round-trip samples that are kept one by one", "reconstruct.rtt", "EXACT_SAMPLES", "", 1),
    ("frames that a finding names", "analyzer.findings", "MAX_FRAMES", "", 1),
)

FINDINGS = "docs/findings"


def finding_page(name: str) -> str:
    """Return the page of a kind of finding."""
    from analyzer.settings import Settings
    from analyzer.told import PARTS as PARTS_OF_A_FINDING
    from analyzer.told import meaning_of

    meaning = meaning_of(name)
    lines = [f"# `{name}`", ""]
    for part, title in PARTS_OF_A_FINDING.items():
        lines += [f"## {title}", "", getattr(meaning, part), ""]
    thresholds = meaning.thresholds(Settings())
    if thresholds:
        rows = [[f"`{each.name}`", f"{each.value:,.10g}", each.unit, each.reason] for each in thresholds]
        lines += ["## Thresholds", "", markdown_table(["name", "default", "unit", "why"], rows)]
    return "\n".join(lines).rstrip() + "\n"


def finding_pages() -> dict[Path, str]:
    """Return the pages of all findings, and their index."""
    from analyzer.detectors import DETECTORS
    from analyzer.told import meaning_of

    folder = ROOT / FINDINGS
    pages = {folder / f"{detector.name}.md": finding_page(detector.name) for detector in DETECTORS}
    lines = [
        "# Findings",
        "",
        "What tcpscope diagnoses. `tcpscope explain NAME` prints the same, with your thresholds.",
        "",
    ]
    for detector in DETECTORS:
        first = meaning_of(detector.name).meaning.split(". ")[0].rstrip(".")
        lines.append(f"- [`{detector.name}`]({detector.name}.md): {first}.")
    return pages | {folder / "README.md": "\n".join(lines) + "\n"}


def thresholds() -> str:
    """Return every threshold with its default, why it is that, and the findings that heed it."""
    from analyzer.detectors import DETECTORS
    from analyzer.settings import Settings, told
    from analyzer.told import meaning_of

    meanings = [meaning_of(detector.name) for detector in DETECTORS]
    rows = []
    for each in told(Settings()):
        heed = [f"[`{told.name}`](findings/{told.name}.md)" for told in meanings if each.name in told.settings]
        rows.append([f"`{each.name}`", f"{each.value:,.10g}", each.unit, each.reason, ", ".join(heed)])
    return markdown_table(["name", "default", "unit", "why", "heeded by"], rows)


PARTS: dict[str, Callable[[], str]] = {
    "floors": floors,
    "bounds": bounds,
    "tables": tables,
    "not measured": not_measured,
    "diagram": diagram,
    "matrix": matrix,
    "refusals": refusals,
    "commands": commands,
    "sections of cases": sections_of_cases,
    "facts of cases": facts_of_cases,
    "label differences": label_differences,
    "same labels": same_labels,
    "thresholds": thresholds,
}


def markdown_table(titles: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def renew(page: Path, check: bool) -> bool:
    """Return whether a page differs from the code; write it unless it is only checked."""
    old = page.read_text("utf-8")
    new = PART.sub(lambda part: f"<!-- begin {part[1]} -->\n\n{PARTS[part[1]]()}\n<!-- end {part[1]} -->\n", old)
    if new != old and not check:
        page.write_text(new, "utf-8")
    return new != old


def renew_findings(check: bool) -> list[Path]:
    """Return which pages of findings differ from the code or have no finding; write and remove them unless checked."""
    pages = finding_pages()
    there = set((ROOT / FINDINGS).glob("*.md"))
    outdated = [path for path, text in pages.items() if path not in there or path.read_text("utf-8") != text]
    if not check:
        (ROOT / FINDINGS).mkdir(exist_ok=True)
        for path in outdated:
            path.write_text(pages[path], "utf-8")
        for path in there - set(pages):
            path.unlink()
    return sorted(outdated + list(there - set(pages)))


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; return the exit code."""
    sys.path.insert(0, str(ROOT))
    check = "--check" in arguments
    asked = [Path(argument) for argument in arguments if argument != "--check"]
    outdated = [page for page in asked or sorted((ROOT / "docs").glob("*.md")) if renew(page, check)]
    if not asked:
        outdated += renew_findings(check)
    for page in outdated:
        print(f"{page}: {'differs from the code' if check else 'written'}")
    return 1 if check and outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
