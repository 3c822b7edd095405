"""Named arrays cut from rows of draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.posterior.absent import absent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import DTypeLike, NDArray

    from exmc.frames import Schema
    from exmc.typing import Matrix

_STAT_DTYPES: Final[Mapping[str, DTypeLike]] = {
    "diverging": np.bool_,
    "n_steps": np.int64,
    "tree_depth": np.int64,
}
"""Statistics that travel as float64 and mean something else."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where an array stands in a row, and what it looks like there."""

    columns: slice
    shape: tuple[int, ...] = ()
    dtype: DTypeLike = np.float64


def variable_fields(schema: Schema) -> dict[str, Field]:
    """Return the field of every variable of the model, in its order."""
    return {v.name: Field(schema.columns_of(v.name), v.shape) for v in schema.variables}


def stat_fields(schema: Schema) -> dict[str, Field]:
    """Return the field of every statistic of the sampler, in its order."""
    return {
        name: Field(slice(i, i + 1), (), _STAT_DTYPES.get(name, np.float64))
        for i, name in enumerate(schema.stats)
    }


class LabelledDraws(Mapping[str, "NDArray[Any]"]):
    """Arrays of shape (chain, draw, *shape) by name; each access is a new copy.

    Chains of unequal length give the draws that all of them have.
    """

    def __init__(self, blocks: Sequence[Matrix], fields: Mapping[str, Field]) -> None:
        self._blocks = blocks
        self._fields = fields

    def __getitem__(self, name: str) -> NDArray[Any]:
        field = self._field(name)
        length = min(map(len, self._blocks), default=0)
        stacked = np.stack([b[:length, field.columns] for b in self._blocks])
        shape = (len(self._blocks), length, *field.shape)
        return stacked.reshape(shape).astype(field.dtype, copy=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self)}>"

    def _field(self, name: str) -> Field:
        try:
            return self._fields[name]
        except KeyError:
            raise absent(name, self) from None


class ChainLabelledDraws(LabelledDraws):
    """Arrays of one chain, shape (draw, *shape), by name."""

    def __init__(self, block: Matrix, fields: Mapping[str, Field]) -> None:
        super().__init__([block], fields)

    def __getitem__(self, name: str) -> NDArray[Any]:
        stacked: NDArray[Any] = super().__getitem__(name)[0]
        return stacked
