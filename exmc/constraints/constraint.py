"""What every constraint can say about the set it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.numerics.autodiff import Traceable


class Constraint(Protocol):
    """A set of values, possibly with bounds that are parameters of a family."""

    @property
    def is_fixed(self) -> bool:
        """Tell whether no bound waits for a parameter."""
        ...

    def resolve(self, parameters: Mapping[str, Traceable]) -> Constraint:
        """Return the same set with each named bound replaced by its value.

        Raises:
            KeyError: A bound's name is not among the parameters.
        """
        ...

    def contains(self, values: Traceable) -> Traceable:
        """Tell entry by entry whether values lie in the set; NaN never does."""
        ...

    def describe(self) -> str:
        """Say the set in words that finish the sentence "it must be ..."."""
        ...
