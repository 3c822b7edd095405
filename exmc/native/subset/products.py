"""Sums of products between parts of matrices, in machine code.

The functions of `exmc.numerics.products`, written for registers: a tile of four rows
and eight columns of c is loaded, takes all its terms, and is stored. Terms come in the
order that the Python functions state, so the bits are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from exmc.native.assembler import Assembler
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from exmc.native.subset.at import At, Masked
from exmc.native.subset.kinds import INT, MATRIX, NONE, Value
from exmc.numerics.lanes import LANES

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from exmc.native.subset.scope import Scope

ROWS: Final = 4
"""Of a tile: its 4 x 8 numbers fill eight registers of four, of sixteen."""

BOUNDS: Final = ("first", "last", "top", "bottom", "left", "right")


@dataclass(frozen=True, slots=True)
class Form:
    """One of the functions.

    Attributes:
        name: In the module.
        instruction: What is done with each product.
        by_rows: Whether a is read as a[k, i] instead of a[i, k].
    """

    name: str
    instruction: str
    by_rows: bool = False

    def __call__(self, scope: Scope, node: ast.Call) -> Value:
        """Write a call in a kernel."""
        if len(node.args) != 3 + len(BOUNDS) or node.keywords:
            raise scope.refusal(node, "it takes three matrices and six bounds")
        arrays = [scope.value(argument) for argument in node.args[:3]]
        if any(array.kind is not MATRIX for array in arrays):
            raise scope.refusal(node, "its first three arguments are matrices")
        passed = [f"ptr {v.parts[0]}, i64 {v.parts[2]}" for v in arrays]
        passed += [f"i64 {scope.number(argument, INT)}" for argument in node.args[3:]]
        module = scope.assembler.module
        name = module.defined(self.name, lambda: _text(Assembler(module), self))
        scope.assembler.statement(f"call fastcc void @{name}({', '.join(passed)})")
        return Value(NONE, ())


SUBTRACT: Final = Form("exmc.subtract_products", "fsub")
SUBTRACT_BY_ROWS: Final = Form("exmc.subtract_row_products", "fsub", by_rows=True)
ADD: Final = Form("exmc.add_products", "fadd")


def _text(assembler: Assembler, form: Form) -> str:
    _over_columns(_Writer(assembler, LlvmLanes(assembler, LANES), form))
    assembler.statement("ret void")
    matrices = ", ".join(f"ptr %{x}, i64 %{x}.width" for x in "cab")
    bounds = ", ".join(f"i64 %{bound}" for bound in BOUNDS)
    return assembler.body(
        f"define internal fastcc void @{form.name}({matrices}, {bounds}) "
        "noinline nounwind"
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    assembler: Assembler
    lanes: LlvmLanes
    form: Form

    def emit(self, text: str) -> str:
        return self.assembler.emit(text)

    def sum(self, x: str, y: str | int) -> str:
        return self.emit(f"add i64 {x}, {y}")

    def place(self, base: str, width: str, row: str, column: str) -> str:
        """Return the address of an entry."""
        index = self.sum(self.emit(f"mul i64 {row}, {width}"), column)
        return self.emit(f"getelementptr inbounds double, ptr {base}, i64 {index}")

    def loop(
        self, first: str, last: str, step: int, body: Callable[[str], None]
    ) -> str:
        """Write a loop while a whole step fits; return where it stopped."""
        slot = self.assembler.reserve("i64")
        self.assembler.statement(f"store i64 {first}, ptr {slot}")
        head, inside, end = (self.assembler.fresh(s) for s in ("head", "body", "end"))
        self.assembler.jump(head)
        self.assembler.place(head)
        index = self.emit(f"load i64, ptr {slot}")
        following = self.sum(index, step)
        fits = self.emit(f"icmp sle i64 {following}, {last}")
        self.assembler.branch(fits, inside, end)
        self.assembler.place(inside)
        body(index)
        self.assembler.statement(f"store i64 {following}, ptr {slot}")
        self.assembler.jump(head)
        self.assembler.place(end)
        return index


def _over_columns(writer: _Writer) -> None:
    """Whole groups of eight columns, then what is left of them."""

    def over_rows(at: At) -> None:
        tile = partial(_tile, writer, at)
        rest = writer.loop("%top", "%bottom", ROWS, partial(tile, ROWS))
        writer.loop(rest, "%bottom", 1, partial(tile, 1))

    whole = At(writer.lanes, "0")
    rest = writer.loop(
        "%left", "%right", LANES, lambda j: over_rows(replace(whole, index=j))
    )
    tail, end = writer.assembler.fresh("tail"), writer.assembler.fresh("end")
    left = writer.emit(f"sub i64 %right, {rest}")
    writer.assembler.branch(writer.emit(f"icmp sgt i64 {left}, 0"), tail, end)
    writer.assembler.place(tail)
    over_rows(Masked(writer.lanes, rest, left))
    writer.assembler.jump(end)
    writer.assembler.place(end)


def _tile(writer: _Writer, at: At, rows: int, top: str) -> None:
    """Take all terms into some rows of eight columns."""
    numbers = [writer.sum(top, row) for row in range(rows)]
    bases = [writer.place("%c", "%c.width", row, "0") for row in numbers]
    slots = [writer.assembler.reserve(writer.lanes.number, 64) for _ in bases]
    for base, slot in zip(bases, slots, strict=True):
        writer.lanes.store(at.load(base), slot)

    def term(i: str) -> None:
        b = at.load(writer.place("%b", "%b.width", i, "0"))
        for number, slot in zip(numbers, slots, strict=True):
            row, column = (number, i) if writer.form.by_rows else (i, number)
            pointer = writer.place("%a", "%a.width", row, column)
            single = LlvmLanes(writer.assembler, 1).load(pointer)
            product = writer.lanes.spread(single) * b
            before = writer.lanes.load(slot)
            after = writer.lanes.binary(writer.form.instruction, before, product)
            writer.lanes.store(LlvmValue(writer.lanes, after.text), slot)

    writer.loop("%first", "%last", 1, term)
    for base, slot in zip(bases, slots, strict=True):
        at.store(writer.lanes.load(slot), base)
