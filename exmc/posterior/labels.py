"""A name for every number of a draw, such as `theta[A]`."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exmc.frames import Coordinate, VariableSchema


def element_labels(
    variable: VariableSchema, coords: Mapping[str, Sequence[Coordinate]]
) -> list[str]:
    """Return a label for each element in C order; the bare name for a scalar.

    An axis without a name, or a dimension without labels, is numbered from 0.
    """
    if not variable.shape:
        return [variable.name]
    dims = variable.dims or (None,) * len(variable.shape)
    axes = [
        coords.get(dim, range(size)) if dim is not None else range(size)
        for dim, size in zip(dims, variable.shape, strict=True)
    ]
    return [f"{variable.name}[{', '.join(map(str, at))}]" for at in product(*axes)]
