"""What a public table and its columns are: names, types, units, meanings, and the core's cells behind them."""

from dataclasses import dataclass
from enum import Enum, IntEnum, auto


class Form(Enum):
    """What a column holds, and so how it is made from the core's cells."""

    INTEGER = auto()
    BOOLEAN = auto()
    NUMBER = auto()
    NAME = auto()  # of a closed list
    TIME = auto()
    MILLISECONDS = auto()
    SECONDS = auto()
    MILLIONTHS = auto()  # of a whole, 0..1
    SPAN = auto()  # between two times, in seconds
    SHARE = auto()  # of one time in another, 0..1
    ADDRESS = auto()
    FLAGS = auto()
    VLAN = auto()
    TUNNEL = auto()
    REASON = auto()  # a rule with its figures, in words
    DETAIL = auto()
    FRAMES = auto()
    TEXT = auto()


_TYPES = {
    Form.INTEGER: "integer",
    Form.TUNNEL: "integer",
    Form.BOOLEAN: "boolean",
    Form.NUMBER: "number",
    Form.MILLISECONDS: "number",
    Form.SECONDS: "number",
    Form.MILLIONTHS: "number",
    Form.SPAN: "number",
    Form.SHARE: "number",
    Form.TIME: "time",
    Form.DETAIL: "JSON object",
    Form.FRAMES: "list of integers",
}  # every other form is text
_CELL_SUFFIX = {Form.TIME: ("", "_ns"), Form.MILLISECONDS: ("_ms", "_ns"), Form.SECONDS: ("_s", "_ns")}
_UNITS = {Form.TIME: "UTC", Form.MILLISECONDS: "ms", Form.SECONDS: "s", Form.SPAN: "s"}


@dataclass(frozen=True)
class Column:
    """One column of a public table.

    `cells` are the columns of the core's row that it is made from, () where this release does not measure it;
    `names` the closed list of what it can say, `constant` what it says where there are no cells, `nullable` whether a
    capture can leave it unknown.
    """

    name: str
    form: Form
    meaning: str
    unit: str = ""
    cells: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    nullable: bool = False
    constant: str | None = None

    @property
    def type(self) -> str:
        """Return the type in one word, as users read it."""
        return _TYPES.get(self.form, "text")

    @property
    def type_text(self) -> str:
        """Return the type, and whether it can be null."""
        return f"{self.type} or null" if self.nullable else self.type

    @property
    def full_meaning(self) -> str:
        """Return the meaning, and the closed list of what it can say."""
        return f"{self.meaning}; one of {', '.join(self.names)}" if self.names else self.meaning


@dataclass(frozen=True)
class Table:
    """One public table: what a row stands for, and its columns in the order in which every output has them."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return the names of the columns in order."""
        return tuple(column.name for column in self.columns)


def texts(names: type[IntEnum]) -> tuple[str, ...]:
    """Return the printed names of an enumeration of the core, at the index of their number."""
    return tuple(member.text for member in names)  # type: ignore[attr-defined] # State and every Name have it


def column(
    name: str,
    form: Form,
    meaning: str,
    unit: str = "",
    cells: tuple[str, ...] | None = None,
    names: type[IntEnum] | None = None,
    nullable: bool = False,
) -> Column:
    """Return a column; without `cells` it is made from the cell of its own name, in nanoseconds for times."""
    suffix, cell_suffix = _CELL_SUFFIX.get(form, ("", ""))
    made_from = (name.removesuffix(suffix) + cell_suffix,) if cells is None else cells
    told = () if names is None else texts(names)
    return Column(name, form, meaning, unit or _UNITS.get(form, ""), made_from, told, nullable)


def count(name: str, meaning: str, unit: str = "segments") -> Column:
    """Return a column that counts and is always known."""
    return column(name, Form.INTEGER, meaning, unit)


def later(name: str, form: Form, meaning: str, unit: str = "") -> Column:
    """Return a column that this release does not measure: it is null."""
    return Column(name, form, meaning, unit, nullable=True)
