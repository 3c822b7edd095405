"""The No-U-Turn tree as the papers write it: by recursion, with lists of leaves.

Hoffman & Gelman (2014), algorithm 3; weights, criterion and progressive choice as in
Betancourt (2017), appendix A. Slow, obvious, and without random numbers: given the
directions it returns the probability of every point to become the draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.typing import Density, Vector


@dataclass(frozen=True)
class Leaf:
    position: Vector
    momentum: Vector
    gradient: Vector
    log_density: float

    @property
    def energy(self) -> float:
        return 0.5 * float(np.sum(self.momentum**2)) - self.log_density


@dataclass(frozen=True)
class Tree:
    """What a transition looks at.

    Attributes:
        visited: Positions of all new leaves, in the order of their making.
        depth: Doublings that grew in full.
        status: "grown", "turned" or "diverged".
        chances: Position and probability of each possible draw.
        acceptance: Mean of min(1, weight) over the new leaves.
    """

    visited: list[Vector]
    depth: int
    status: str
    chances: list[tuple[Vector, float]]
    acceptance: float


class Stopped(Exception):  # noqa: N818
    """A subtree turned or diverged."""


class Grower:
    """Grows one tree."""

    def __init__(self, density: Density, first: Leaf, step_size: float) -> None:
        self.density = density
        self.first = first
        self.step_size = step_size
        self.visited: list[Leaf] = []

    def weight(self, leaf: Leaf) -> float:
        return math.exp(self.first.energy - leaf.energy)

    def diverged(self, leaf: Leaf) -> bool:
        return not self.first.energy - leaf.energy > -1000.0

    def neighbour(self, leaf: Leaf, direction: int) -> Leaf:
        """One leapfrog step, in Neal's three lines."""
        step = direction * self.step_size
        half_kick = leaf.momentum + step / 2 * leaf.gradient
        position = leaf.position + step * half_kick
        gradient = np.empty_like(position)
        log_density = self.density(position, gradient)
        momentum = half_kick + step / 2 * gradient
        return Leaf(position, momentum, gradient, log_density)

    def subtree(self, edge: Leaf, direction: int, depth: int) -> list[Leaf]:
        """2**depth new leaves beside an edge, in the order of time."""
        if depth == 0:
            leaf = self.neighbour(edge, direction)
            self.visited.append(leaf)
            if self.diverged(leaf):
                raise Stopped("diverged")
            return [leaf]
        inner = self.subtree(edge, direction, depth - 1)
        outermost = inner[-1] if direction == 1 else inner[0]
        outer = self.subtree(outermost, direction, depth - 1)
        if turned_at_joint(*in_time(inner, outer, direction)):
            raise Stopped("turned")
        left, right = in_time(inner, outer, direction)
        return left + right


def in_time(
    inner: list[Leaf], outer: list[Leaf], direction: int
) -> tuple[list[Leaf], list[Leaf]]:
    return (inner, outer) if direction == 1 else (outer, inner)


def turned(leaves: list[Leaf]) -> bool:
    """Judge the ends of a path by its travel, the integral of the momentum."""
    momenta = np.array([leaf.momentum for leaf in leaves])
    travel = momenta.sum(axis=0) - (momenta[0] + momenta[-1]) / 2
    return bool(momenta[0] @ travel <= 0 or momenta[-1] @ travel <= 0)


def turned_at_joint(left: list[Leaf], right: list[Leaf]) -> bool:
    """Judge the whole, and each half with the nearest leaf of the other."""
    return (
        turned(left + right) or turned([*left, right[0]]) or turned([left[-1], *right])
    )


def grow_tree(
    density: Density,
    position: Vector,
    momentum: Vector,
    step_size: float,
    directions: Sequence[int],
) -> Tree:
    """Double until it turns or diverges, at most once for each direction (1 or -1)."""
    gradient = np.empty_like(position)
    first = Leaf(position, momentum, gradient, density(position, gradient))
    grower = Grower(density, first, step_size)
    path, chances, depth, status = [first], [(first, 1.0)], 0, "grown"
    for direction in directions:
        edge = path[-1] if direction == 1 else path[0]
        try:
            new = grower.subtree(edge, direction, depth)
        except Stopped as stop:
            status = str(stop)
            break
        weights = [grower.weight(leaf) for leaf in new]
        total = sum(weights)
        taken = min(1.0, total / sum(grower.weight(leaf) for leaf in path))
        chances = [(leaf, chance * (1 - taken)) for leaf, chance in chances] + [
            (leaf, taken * weight / total if total > 0.0 else 0.0)
            for leaf, weight in zip(new, weights, strict=True)
        ]
        depth += 1
        left, right = in_time(path, new, direction)
        path = left + right
        if turned_at_joint(left, right):
            status = "turned"
            break
    accepted = [
        0.0 if grower.diverged(leaf) else min(1.0, grower.weight(leaf))
        for leaf in grower.visited
    ]
    return Tree(
        [leaf.position for leaf in grower.visited],
        depth,
        status,
        [(leaf.position, chance) for leaf, chance in chances],
        sum(accepted) / len(accepted),
    )
