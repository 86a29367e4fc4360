# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The largest value of the last so many rounds, from three candidates (Kathleen Nichols' filter, as BBR uses it)."""


class WindowedMax:
    """The maximum over a window of rounds, kept in three cells: the best, and two later ones to follow it.

    `best` is the estimate. Values that came after a better one, and are within a quarter or a half of the window from
    it, stand ready for when the best one is too old.
    """

    def __init__(self) -> None:
        """Make a filter that has seen nothing."""
        self.reset(0, 0)

    def reset(self, at: int, value: int) -> None:
        """Forget everything but one value, seen in round `at`."""
        self.best = self.second = self.third = value
        self.best_at = self.second_at = self.third_at = at

    def add(self, window: int, at: int, value: int) -> None:
        """Take a value that was seen in round `at`; what is more than `window` rounds older does not count."""
        if value >= self.best or at - self.third_at > window:
            self.reset(at, value)
        else:
            if value >= self.second:
                self.second = self.third = value
                self.second_at = self.third_at = at
            elif value >= self.third:
                self.third = value
                self.third_at = at
            self._age(window, at, value)

    def _age(self, window: int, at: int, value: int) -> None:
        """Let the later ones move up when the best is too old; give them a later value while it is not."""
        age = at - self.best_at
        if age > window:
            self._move_up(at, value)
            if at - self.best_at > window:
                self._move_up(at, value)
        elif self.second_at == self.best_at and age > window // 4:
            self.second = self.third = value
            self.second_at = self.third_at = at
        elif self.third_at == self.second_at and age > window // 2:
            self.third = value
            self.third_at = at

    def _move_up(self, at: int, value: int) -> None:
        self.best, self.best_at = self.second, self.second_at
        self.second, self.second_at = self.third, self.third_at
        self.third, self.third_at = value, at
