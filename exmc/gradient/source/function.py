"""Source becomes a function when it is bound to its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exmc.gradient.program import DataArray, Program
    from exmc.typing import Density


@dataclass(frozen=True)
class SourceFunction:
    """A program as Python source.

    Attributes:
        program: What it computes.
        source: Of `bind(data, otherwise)`.
        names: What the source may use.
        fallback: Gives, from the data, the function that is asked where Python
            raises: at a division by zero, an overflow, or outside of a domain.
    """

    program: Program
    source: str
    names: Mapping[str, Any]
    fallback: Callable[[Sequence[DataArray]], Density]

    def bind(self, data: Sequence[DataArray]) -> Density:
        """Return `f(z, out)`, which writes the vector and returns the scalar output.

        Both arguments are contiguous float64 vectors without common memory. Infinite
        values and NaN come as they are; numpy's warnings of them are the caller's.

        Args:
            data: One array for each slot, in order; kept.
        """
        otherwise = _Later(self.fallback, data)
        names: dict[str, Any] = dict(self.names)
        exec(compile(self.source, "<exmc program>", "exec"), names)  # noqa: S102 - ours
        try:
            with np.errstate(all="ignore"):
                function: Density = names["bind"](data, otherwise)
        except (ArithmeticError, ValueError):
            return otherwise
        return function


class _Later:
    """A function that is made when it is called first."""

    def __init__(
        self,
        make: Callable[[Sequence[DataArray]], Density],
        data: Sequence[DataArray],
    ) -> None:
        self._make, self._data = make, data
        self._made: Density | None = None

    def __call__(self, z: Any, out: Any) -> float:  # noqa: ANN401 - vectors
        if self._made is None:
            self._made = self._make(self._data)
        return self._made(z, out)
