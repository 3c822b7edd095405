"""What the columns of a draw mean; sent once, before the first frame.

A row of a frame of draws is [statistics | position | values]: the sampler's
statistics, the unconstrained position of shape (dim,), and the values of the
user's variables, each flattened in C order.
"""

from __future__ import annotations

from math import prod
from typing import Literal, TypeAlias

import msgspec

from exmc.errors import FrameError

Coordinate: TypeAlias = str | int | float | bool
"""A label along a dimension."""


class VariableSchema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One variable of the user's model.

    Attributes:
        name: As in the model.
        shape: Shape of one draw; () for a scalar.
        dims: The name of each axis, None for an axis without one.
        kind: Whether it was sampled or follows from what was.
    """

    name: str
    shape: tuple[int, ...] = ()
    dims: tuple[str | None, ...] = ()
    kind: Literal["free", "deterministic"] = "free"

    @property
    def size(self) -> int:
        """Columns that one draw takes."""
        return prod(self.shape)


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns of a frame of draws.

    Attributes:
        dim: Number of unconstrained coordinates.
        stats: Names of the sampler's statistics, one column each.
        variables: In the order of their columns.
        coords: Labels of each named dimension.
    """

    dim: int
    stats: tuple[str, ...]
    variables: tuple[VariableSchema, ...]
    coords: dict[str, tuple[Coordinate, ...]] = {}

    @property
    def columns(self) -> int:
        """Number of columns of a row."""
        return self._first_value + sum(v.size for v in self.variables)

    @property
    def stats_columns(self) -> slice:
        """Where the statistics stand."""
        return slice(0, len(self.stats))

    @property
    def position_columns(self) -> slice:
        """Where the unconstrained position stands."""
        return slice(len(self.stats), self._first_value)

    @property
    def identity_columns(self) -> slice:
        """Statistics and position: what makes two draws the same draw."""
        return slice(0, self._first_value)

    def variable(self, name: str) -> VariableSchema:
        """Return the variable of that name; KeyError when there is none."""
        return self.variables[self._index(name)]

    def columns_of(self, name: str) -> slice:
        """Return where a variable stands; KeyError when there is none."""
        index = self._index(name)
        start = self._first_value + sum(v.size for v in self.variables[:index])
        return slice(start, start + self.variables[index].size)

    def to_json(self) -> bytes:
        """Return the schema as JSON text in UTF-8."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, text: bytes | str) -> Schema:
        """Read back what to_json wrote.

        Raises:
            FrameError: The text is not a schema of this version.
        """
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as error:
            message = f"Schema is not one of this version of exmc: {error}."
            raise FrameError(message) from error

    @property
    def _first_value(self) -> int:
        return len(self.stats) + self.dim

    def _index(self, name: str) -> int:
        for index, variable in enumerate(self.variables):
            if variable.name == name:
                return index
        raise KeyError(name)
