"""A value of a program that is being built."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from exmc.gradient.program import Attribute, DataArray, Shape

    Attributes: TypeAlias = tuple[tuple[str, Attribute], ...]


@dataclass(slots=True, eq=False)  # not frozen: that costs half the time of building
class Node:
    """One operation on other nodes; equal to itself only. Nobody changes it.

    Attributes:
        op: Its name, as in a program.
        args: Nodes it reads.
        shape: Of its value.
        attributes: By name, in alphabetical order.
        value: What it is if that is known: of a constant, a float; of data, the
            array, which nobody may change.
        number: Order of creation in its builder; larger than those of its args.
    """

    op: str
    args: tuple[Node, ...]
    shape: Shape
    attributes: Attributes = ()
    value: float | DataArray | None = None
    number: int = -1

    def __getitem__(self, name: str) -> Attribute:
        for key, value in self.attributes:
            if key == name:
                return value
        raise KeyError(name)

    @property
    def size(self) -> int:
        """Number of entries."""
        return prod(self.shape)

    @property
    def is_index(self) -> bool:
        """Whether it is int64 data, which only gather and scatter read."""
        return self.op == "index"

    def __repr__(self) -> str:
        args = " ".join(f"%{arg.number}" for arg in self.args)
        return f"%{self.number} = {self.op} {args} : {list(self.shape)}"
