"""tcpscope: what the TCP connections of a capture did, and why they were slow."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analyzer.analysis import Analysis, analyze
    from analyzer.settings import Settings

__all__ = ["Analysis", "Settings", "analyze"]


def __getattr__(name: str) -> Any:
    """Load the public names when they are asked for: `import analyzer` alone costs nothing."""
    if name in __all__:
        from analyzer import analysis, settings

        return getattr(settings if name == "Settings" else analysis, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
