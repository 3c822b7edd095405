"""Operations that work entry by entry, on lanes of any width."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from exmc.gradient.program import FOLDS
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from exmc.numerics.elementary import ELEMENTARY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.program import Instruction, Program

SHARING: Final = frozenset(("sigmoid", "softplus"))
"""Functions that ask for exp(-|x|): the same for x and for -x."""


class Remembering(LlvmLanes):
    """Lanes that write no instruction twice; for one block of a loop's body."""

    def __init__(self, lanes: LlvmLanes) -> None:
        """Write where other lanes write."""
        super().__init__(lanes.assembler, lanes.width)
        self._known: dict[str, LlvmValue] = {}
        self._negated: dict[str, LlvmValue] = {}

    def emit(self, text: str) -> LlvmValue:
        """Add an instruction, or return the value of an equal one."""
        if text.startswith("load"):  # memory may have changed
            return super().emit(text)
        if text not in self._known:
            self._known[text] = super().emit(text)
            if text.startswith("fneg"):
                operand = LlvmValue(self, text.rsplit(" ", 1)[1])
                self._negated[self._known[text].text] = operand
        return self._known[text]

    def abs(self, x: LlvmValue) -> LlvmValue:
        """Return |x|, which is that of -x."""
        return super().abs(self._negated.get(x.text, x))


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
    value: LlvmValue = ELEMENTARY[op](lanes, x)
    return value


def sharing(program: Program) -> frozenset[int]:
    """Return the operations that share an exponential with another."""
    together: defaultdict[int, list[int]] = defaultdict(list)
    for number, node in program:
        if node.op in SHARING:
            together[_size_of(program, node.args[0])].append(number)
    groups = (group for group in together.values() if len(group) > 1)
    return frozenset(number for group in groups for number in group)


def _size_of(program: Program, number: int) -> int:
    """Return what has the same absolute value, without a sign."""
    node = program.instructions[number]
    return node.args[0] if node.op == "neg" else number
