"""What lowering gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.program import DataArray, Program


@dataclass(frozen=True, slots=True, eq=False)
class Lowered:
    """A program and what belongs to it.

    Attributes:
        program: Scalar and vector of a vector z of shape (dim,).
        data: The arrays of its slots, in order.
        mended: Whether its gradient may be finite where autograd's is NaN, because a
            condition chose against an infinite slope.
    """

    program: Program
    data: Sequence[DataArray]
    mended: bool = False
