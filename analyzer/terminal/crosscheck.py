"""The screen of `tcpscope crosscheck`: our kinds and tshark's labels in a table, every difference with its reason."""

from collections.abc import Iterator, Sequence

from analyzer.capture.ledger import Skip
from analyzer.capture.reader import printable
from analyzer.crosscheck.compare import NO_NOTE, Crosscheck, Group, ranked
from analyzer.crosscheck.differences import NOT_EXPLAINED
from analyzer.crosscheck.labels import Label, Mark
from analyzer.terminal import units
from analyzer.terminal.screen import BAD, GOOD, QUIET, WARNING, Part, Screen
from analyzer.terminal.table import Field, needed, print_table

FRAMES_SHOWN = 12  # of one reason
_LEAD = 13  # columns of the words before a paragraph
_AGREES, _DIFFERS = (GOOD, WARNING)


def print_crosscheck(
    screen: Screen, name: str, version: str, made: Crosscheck, skips: dict[int, Skip], limit: int
) -> None:
    """Print a comparison with tshark `version`; `limit` frames of each reason, -1 for all."""
    screen.title(printable(name), f"beside tshark {printable(version)}")
    same = made.segments - made.differing
    share = f" ({units.figures(100 * same / made.segments)} %)" if made.segments else ""
    told = f"{units.counted(made.segments, 'segment')} · {units.count(same)} called the same{share} · "
    told += f"{units.count(made.differing)} called otherwise, {units.count(made.not_explained)} of them not explained"
    screen.paragraph(told)
    if made.segments:
        _print_labels(screen, made)
        _print_marks(screen, made)
    _print_groups(screen, "What is called otherwise, and why", ranked(made.labels_differ), limit)
    _print_groups(screen, "What is noted otherwise, and why", ranked(made.marks_differ), limit)
    _print_others(screen, made, skips, limit)


def _print_labels(screen: Screen, made: Crosscheck) -> None:
    """Print how often each kind met each label: as a matrix where there is room for it, else as a list."""
    labels = sorted({label for _, label in made.table})
    kinds = sorted({kind for kind, _ in made.table})
    screen.heading("Labels", "tcpscope down, tshark across")
    fields = [Field("", [(kind.text, "") for kind in kinds])]
    for label in labels:
        cells = [_count(made.table[kind, label], not made.otherwise[kind, label]) for kind in kinds]
        fields.append(Field(label.text, cells, right=True))
    if needed(fields) <= screen.width:
        print_table(screen, fields)
        return
    pairs = sorted(made.table, key=lambda pair: (pair[0], -made.table[pair], pair[1]))
    print_table(screen, [
        Field("tcpscope", [(kind.text, "") for kind, _ in pairs]),
        Field("tshark", [(label.text, "") for _, label in pairs]),
        Field("segments", [_count(made.table[pair], not made.otherwise[pair]) for pair in pairs], right=True),
    ])  # fmt: skip


def _count(number: int, same: bool) -> Part:
    """Return a count of the table."""
    if number == 0:
        return "·", QUIET
    return units.count(number), _AGREES if same else _DIFFERS


def _print_marks(screen: Screen, made: Crosscheck) -> None:
    """Print what both tools note beside the label."""
    marks = [mark for mark in Mark if any(key[0] is mark for key in made.marks)]
    if not marks:
        return
    screen.heading("Notes beside the label")
    columns = (("both", True, True), ("tcpscope alone", True, False), ("tshark alone", False, True))
    fields = [Field("", [(mark.text, "") for mark in marks])]
    for title, ours, theirs in columns:
        cells = [_count(made.marks[mark, ours, theirs], ours and theirs) for mark in marks]
        fields.append(Field(title, cells, right=True))
    print_table(screen, fields)


def _print_groups(screen: Screen, title: str, groups: Sequence[Group], limit: int) -> None:
    """Print the differences, a reason after the other."""
    if not groups:
        return
    screen.heading(title)
    for group in groups:
        style = BAD if group.reason is NOT_EXPLAINED else WARNING
        count = units.counted(len(group.frames), "frame")
        screen.line(("  ● ", style), (group.reason.name, "bold"), (f"  {count}", QUIET))
        said = [
            f"{ours} beside {theirs} ({units.count(number)})" for (ours, theirs), number in group.said.most_common()
        ]
        screen.paragraph(", ".join(said), "", _LEAD + 4, "    called")
        screen.paragraph(group.reason.wireshark, QUIET, _LEAD + 4, "    Wireshark")
        screen.paragraph(group.reason.tcpscope, QUIET, _LEAD + 4, "    tcpscope")
        screen.paragraph(_frames(group.frames, limit), "", _LEAD + 4, "    frames")


def _said(group: Group) -> Iterator[str]:
    """Yield what both tools said, the most frequent first."""
    for (ours, theirs), number in group.said.most_common():
        yield f"{_named(ours)} beside {_named(theirs)} ({units.count(number)})"


def _named(said: str) -> str:
    """Return what a tool said, also where that is nothing."""
    return {Label.NONE.text: "no label", NO_NOTE: "nothing"}.get(said, said)


def _frames(frames: Sequence[int], limit: int) -> str:
    """Return frames in a list, and how many more there are."""
    shown = frames if limit < 0 else frames[:limit]
    more = len(frames) - len(shown)
    listed = ", ".join(map(str, shown))
    if not more:
        return listed
    return f"{listed} and {units.count(more)} more" if listed else f"{units.count(more)}, which --limit leaves out"


def _print_others(screen: Screen, made: Crosscheck, skips: dict[int, Skip], limit: int) -> None:
    """Print the frames that only one of the tools takes for TCP."""
    if not made.skipped and not made.missed:
        return
    screen.heading("TCP to one of the tools only")
    reasons = {skip: [frame for frame in made.skipped if skips.get(frame) is skip] for skip in Skip}
    for skip, frames in reasons.items():
        if frames:
            screen.paragraph(_frames(frames, limit), "", indent=4, first="")
            screen.paragraph(f"tshark alone: {skip.text}", QUIET, indent=4)
    if made.missed:
        screen.paragraph(_frames(made.missed, limit), "", indent=4)
        screen.paragraph("tcpscope alone: tshark found no TCP in it", QUIET, indent=4)
