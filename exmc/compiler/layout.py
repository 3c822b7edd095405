"""Where each variable stands in the flat unconstrained vector."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.ir.expression import Shape
    from exmc.ir.graph import ModelGraph


@dataclass(frozen=True, slots=True)
class Segment:
    """The coordinates of one variable, in C order of its entries.

    Attributes:
        name: The user's name of the variable.
        start: First coordinate.
        shape: Shape of the variable.
        labels: One name a coordinate, such as "tau" or "theta[B]".
    """

    name: str
    start: int
    shape: Shape
    labels: tuple[str, ...]

    @property
    def stop(self) -> int:
        """The coordinate after the last."""
        return self.start + len(self.labels)

    @property
    def part(self) -> int | slice:
        """What to index the vector with: a number for a scalar."""
        return slice(self.start, self.stop) if self.shape else self.start


@dataclass(frozen=True, slots=True)
class Layout:
    """The segments of the vector, in the order of the model."""

    segments: tuple[Segment, ...]

    @property
    def dim(self) -> int:
        """Number of coordinates."""
        return self.segments[-1].stop if self.segments else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The label of each coordinate."""
        return tuple(label for s in self.segments for label in s.labels)


def layout_of(graph: ModelGraph) -> Layout:
    """Lay out the sampled variables of a graph in their order."""
    segments: list[Segment] = []
    start = 0
    for node in graph.sampled:
        labels = _labels(graph, node.name, node.shape, node.dims)
        segments.append(Segment(node.name, start, node.shape, labels))
        start += prod(node.shape)
    return Layout(tuple(segments))


def _labels(
    graph: ModelGraph, name: str, shape: Shape, dims: tuple[str | None, ...]
) -> tuple[str, ...]:
    if not shape:
        return (name,)
    named = dims or (None,) * len(shape)
    axes = [
        range(length) if dim is None else graph.coords[dim]
        for dim, length in zip(named, shape, strict=True)
    ]
    return tuple(f"{name}[{','.join(map(str, entry))}]" for entry in product(*axes))
