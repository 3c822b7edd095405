"""Programs as Python source over numpy: what the fast and the strict emitter share."""

from exmc.gradient.source.function import SourceFunction

__all__ = ["SourceFunction"]
