"""Eight entries of an array at a time, or the fewer that are left at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.numerics.lanes import LANES

if TYPE_CHECKING:
    from exmc.native.assembler import Assembler
    from exmc.native.llvm_lanes import LlvmLanes, LlvmValue


@dataclass(frozen=True, slots=True)
class At:
    """Where in its arrays a loop stands.

    Attributes:
        lanes: Of eight.
        index: Of the first lane's entry.
        mask: Lanes that exist, or "" if all do.
    """

    lanes: LlvmLanes
    index: str
    mask: str = ""

    def pointer(self, base: str) -> str:
        """Return the address of the first lane's entry."""
        place = f"getelementptr inbounds double, ptr {base}, i64 {self.index}"
        return self.lanes.assembler.emit(place)

    def load(self, base: str) -> LlvmValue:
        """Return eight entries."""
        pointer = self.pointer(base)
        if not self.mask:
            return self.lanes.load(pointer)
        callee = "<8 x double> @llvm.masked.load.v8f64.p0"
        self.lanes.assembler.declare(
            f"declare {callee}(ptr, i32, <8 x i1>, <8 x double>)"
        )
        rest = f"<8 x i1> {self.mask}, <8 x double> zeroinitializer"
        return self.lanes.emit(f"call {callee}(ptr {pointer}, i32 8, {rest})")

    def store(self, value: LlvmValue, base: str) -> None:
        """Write eight entries, or those that exist."""
        pointer = self.pointer(base)
        if not self.mask:
            self.lanes.store(value, pointer)
            return
        callee = "void @llvm.masked.store.v8f64.p0"
        self.lanes.assembler.declare(
            f"declare {callee}(<8 x double>, ptr, i32, <8 x i1>)"
        )
        given = f"<8 x double> {value.text}, ptr {pointer}, i32 8, <8 x i1> {self.mask}"
        self.lanes.assembler.statement(f"call {callee}({given})")


def tail_mask(assembler: Assembler, left: str) -> str:
    """Return the mask of the first lanes, as many as are left."""
    one = assembler.emit(f"insertelement <8 x i64> poison, i64 {left}, i64 0")
    none = "<8 x i64> poison, <8 x i32> zeroinitializer"
    count = assembler.emit(f"shufflevector <8 x i64> {one}, {none}")
    numbers = ", ".join(f"i64 {lane}" for lane in range(LANES))
    return assembler.emit(f"icmp ult <8 x i64> <{numbers}>, {count}")
