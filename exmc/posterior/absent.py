"""The error for a name that no draws bear: a lookup of this library and of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.errors import UnknownVariableError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAMES: Final = 20
"""More would hide the sentence they stand in."""


class AbsentNameError(UnknownVariableError, KeyError):
    """A name that is not there; a KeyError too, as any Mapping owes its callers."""

    __str__ = Exception.__str__  # a KeyError would show the sentence in quotes


def absent(name: object, known: Iterable[str]) -> AbsentNameError:
    """Return the error for a name that is not among the known ones."""
    names = list(known)
    listed = ", ".join(names[:MOST_NAMES]) or "none"
    more = len(names) - MOST_NAMES
    rest = f" and {more} more" if more > 0 else ""
    return AbsentNameError(
        f"Nothing is called {name!r} here; the names are {listed}{rest}."
    )
