"""The sentence about a name that no draws bear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.errors import AbsentNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAMES: Final = 20
"""More would hide the sentence they stand in."""


def absent(name: object, known: Iterable[str]) -> AbsentNameError:
    """Return the error for a name that is not among the known ones."""
    names = list(known)
    listed = ", ".join(names[:MOST_NAMES]) or "none"
    more = len(names) - MOST_NAMES
    rest = f" and {more} more" if more > 0 else ""
    return AbsentNameError(
        f"Nothing is called {name!r} here; the names are {listed}{rest}."
    )
