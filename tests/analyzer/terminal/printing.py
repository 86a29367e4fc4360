"""A screen in memory, for the tests of everything that is printed."""

import io

from analyzer.terminal.screen import Screen


class Paper(Screen):
    """A screen whose lines can be read back."""

    def __init__(self, width: int = 120, colour: bool = False, encoding: str = "utf-8") -> None:
        """Make an empty one."""
        self.written = io.BytesIO()
        self.out = io.TextIOWrapper(self.written, encoding)
        super().__init__(self.out, width, colour)

    @property
    def lines(self) -> list[str]:
        """Return what was printed so far."""
        self.out.flush()
        return self.written.getvalue().decode(self.out.encoding).splitlines()

    def line_with(self, words: str) -> str:
        """Return the one line that holds these words."""
        (found,) = [line for line in self.lines if words in line]
        return found
