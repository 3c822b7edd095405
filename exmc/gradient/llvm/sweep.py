"""One pass over all entries of a shape: what is needed in it, and what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.gradient.llvm.block import Block
from exmc.gradient.program import POINTWISE, lane_axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exmc.gradient.llvm.effect import Effect
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.program import Shape
    from exmc.native.llvm_lanes import LlvmValue


@dataclass(frozen=True)
class Sweep:
    """A pass in the making.

    Attributes:
        frame: The function.
        shape: Whose entries it goes through.
        effects: What is done, in order.
        values: Numbers of all values that it makes or reads, in order.
    """

    frame: Frame
    shape: Shape
    effects: tuple[Effect, ...]
    values: tuple[int, ...]

    @property
    def axis(self) -> int:
        """The lane axis."""
        return lane_axis(self.shape)

    @property
    def length(self) -> int:
        """Entries along the lane axis."""
        return self.shape[self.axis]

    def scalars(self) -> dict[int, LlvmValue]:
        """Write each scalar into eight lanes."""
        numbers = (n for n in self.values if not self.frame.node(n).shape)
        return {number: self.frame.spread(number) for number in numbers}

    def block(
        self,
        index: Sequence[Index],
        live: int,
        made: Mapping[int, LlvmValue],
        within: Index = 0,
    ) -> Block:
        """Return a block of this pass; see `Block`."""
        return Block(self.frame, self.axis, index, live, made, within)

    def do(self, block: Block) -> None:
        """Write what is done for a block."""
        for effect in self.effects:
            effect.at(block)


def needed(frame: Frame, roots: Iterable[int]) -> tuple[int, ...]:
    """Return the values that a pass makes or reads for the sake of some of them."""
    found: set[int] = set()
    left = [*roots]
    while left:
        number = left.pop()
        if number in found:
            continue
        found.add(number)
        node = frame.node(number)
        if node.shape and frame.access(number) is None:
            left += node.args if node.op in POINTWISE else _scalar_args(frame, number)
    return tuple(sorted(found))


def _scalar_args(frame: Frame, number: int) -> list[int]:
    return [arg for arg in frame.node(number).args if not frame.node(arg).shape]
