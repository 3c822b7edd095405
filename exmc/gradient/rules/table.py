"""Which rules are tried for which operation, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.gradient.plain_builder import Rules

RULES: Final[Rules] = {}
