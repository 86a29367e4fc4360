"""What is told of each kind of finding: its meaning, how it is measured, what to do, and when not."""

import tomllib
from dataclasses import dataclass
from importlib import resources

from analyzer.settings import Settings, Told, told

PARTS = {  # of a finding's words, each with its title
    "meaning": "What it means",
    "measured": "How it is measured",
    "remedy": "What to do",
    "unless": "When not to",
    "one_sided": "With one direction only",
}


@dataclass(frozen=True)
class Meaning:
    """The words about one kind of finding, each a few sentences for an operator.

    `meaning` says what it is and why it matters, `measured` how it is found and from which source, `remedy` what to
    change, `unless` when not to, `one_sided` what it is worth where one direction was captured; `settings` names the
    thresholds that it heeds.
    """

    name: str
    meaning: str
    measured: str
    remedy: str
    unless: str
    one_sided: str
    settings: tuple[str, ...]

    def thresholds(self, settings: Settings) -> list[Told]:
        """Return the thresholds that it heeds, with their values."""
        return [each for each in told(settings) if each.name in self.settings]


def meaning_of(name: str) -> Meaning:
    """Return the words about a finding; `KeyError` for a name that no detector has."""
    file = resources.files("analyzer.detectors") / "told" / f"{name}.toml"
    if not file.is_file():
        raise KeyError(name)
    words = tomllib.loads(file.read_text("utf-8"))
    paragraphs = {part: " ".join(words[part].split()) for part in PARTS}
    return Meaning(name=name, **paragraphs, settings=tuple(words["settings"]))
