"""Operations that work entry by entry, on lanes of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.program import FOLDS
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from exmc.numerics.elementary import ELEMENTARY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.program import Instruction, Program

SHARING: Final = frozenset(("sigmoid", "softplus"))
"""Functions that ask for the same exponential when they have the same argument."""


class Remembering(LlvmLanes):
    """Lanes that write no instruction twice; for one block of a loop's body."""

    def __init__(self, lanes: LlvmLanes) -> None:
        """Write where other lanes write."""
        super().__init__(lanes.assembler, lanes.width)
        self._known: dict[str, LlvmValue] = {}

    def emit(self, text: str) -> LlvmValue:
        """Add an instruction, or return the value of an equal one."""
        if text.startswith("load"):  # memory may have changed
            return super().emit(text)
        if text not in self._known:
            self._known[text] = super().emit(text)
        return self._known[text]


def applied(
    lanes: LlvmLanes, node: Instruction, values: Sequence[LlvmValue]
) -> LlvmValue:
    """Return the value of a pointwise operation."""
    if node.op not in FOLDS:
        return lanes.apply(node.op, *values)
    total, *rest = values
    for value in rest:
        total = total + value if node.op == "add" else total * value
    return total


def written_out(lanes: LlvmLanes, op: str, x: LlvmValue) -> LlvmValue:
    """Return a function's value without a call of it, so that its parts are shared."""
    value: LlvmValue = ELEMENTARY[op](lanes, LlvmValue(lanes, x.text))
    return value


def sharing(program: Program) -> frozenset[int]:
    """Return the operations that share an exponential with another."""
    ops: dict[int, set[str]] = {}
    for _, node in program:
        if node.op in SHARING:
            ops.setdefault(node.args[0], set()).add(node.op)
    return frozenset(
        number
        for number, node in program
        if node.op in SHARING and len(ops[node.args[0]]) > 1
    )
