"""Log-densities as straight-line programs; for now, functions as data."""

from __future__ import annotations

from exmc.gradient.trace import TracedFunction, record

__all__ = ["TracedFunction", "record"]
