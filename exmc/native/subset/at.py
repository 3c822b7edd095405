"""Eight entries of an array at a time, or the fewer that are left at its end.

There are two ways to read and write fewer than eight. Instructions with a mask need no
call, but a processor that has just written by a mask cannot read the entries again
until they have left its buffers. Writing four, two and one entry, by a function of the
module, has no such wait: short vectors that are written in one statement and read in
the next take half the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exmc.native.assembler import Assembler
from exmc.numerics.lanes import LANES

if TYPE_CHECKING:
    from exmc.native.llvm_lanes import LlvmLanes, LlvmValue

EIGHT: Final = "<8 x double>"
ABSENT: Final = "poison"


@dataclass(frozen=True, slots=True)
class At:
    """Where in its arrays a loop stands, with eight entries or more to go.

    Attributes:
        lanes: Of eight.
        index: Of the first lane's entry.
    """

    lanes: LlvmLanes
    index: str

    def pointer(self, base: str) -> str:
        """Return the address of the first lane's entry."""
        place = f"getelementptr inbounds double, ptr {base}, i64 {self.index}"
        return self.lanes.assembler.emit(place)

    def load(self, base: str) -> LlvmValue:
        """Return eight entries; 0.0 in lanes that are absent."""
        return self.lanes.load(self.pointer(base))

    def store(self, value: LlvmValue, base: str) -> None:
        """Write eight entries; none for lanes that are absent."""
        self.lanes.store(value, self.pointer(base))

    def present(self, value: LlvmValue) -> LlvmValue:
        """Return a value with 0.0 in lanes that are absent."""
        return value

    def all(self, mask: LlvmValue) -> LlvmValue:
        """Return a mask with lanes set that are absent."""
        return mask


@dataclass(frozen=True, slots=True)
class Tail(At):
    """Fewer than eight entries.

    Attributes:
        left: How many, as text; 1 to 7.
    """

    left: str

    def load(self, base: str) -> LlvmValue:
        """See `At`."""
        name = self.lanes.assembler.module.defined("exmc.load_tail", self._loader)
        given = f"ptr {self.pointer(base)}, i64 {self.left}"
        return self.lanes.emit(f"call fastcc {EIGHT} @{name}({given})")

    def store(self, value: LlvmValue, base: str) -> None:
        """See `At`."""
        name = self.lanes.assembler.module.defined("exmc.store_tail", self._storer)
        given = f"ptr {self.pointer(base)}, i64 {self.left}, {EIGHT} {value.text}"
        self.lanes.assembler.statement(f"call fastcc void @{name}({given})")

    def present(self, value: LlvmValue) -> LlvmValue:
        """See `At`."""
        chosen = f"select <8 x i1> {self.mask}, {EIGHT} {value.text}"
        return self.lanes.emit(f"{chosen}, {EIGHT} zeroinitializer")

    def all(self, mask: LlvmValue) -> LlvmValue:
        """See `At`."""
        turned = self.lanes.assembler.emit(f"xor <8 x i1> {self.mask}, splat (i1 true)")
        return self.lanes.emit(f"or <8 x i1> {mask.text}, {turned}")

    @property
    def mask(self) -> str:
        """The first lanes, as many as are left."""
        emit = self.lanes.assembler.emit
        one = emit(f"insertelement <8 x i64> poison, i64 {self.left}, i64 0")
        none = "<8 x i64> poison, <8 x i32> zeroinitializer"
        count = emit(f"shufflevector <8 x i64> {one}, {none}")
        numbers = ", ".join(f"i64 {lane}" for lane in range(LANES))
        return emit(f"icmp ult <8 x i64> <{numbers}>, {count}")

    def _loader(self) -> str:
        assembler = Assembler(self.lanes.assembler.module)
        _switch(assembler)
        for count in range(1, LANES):
            assembler.place(f"left{count}")
            value = "zeroinitializer"
            for start, size in pieces(count):
                part = _load(assembler, start, size)
                value = _blend(assembler, value, part, start, size)
            assembler.statement(f"ret {EIGHT} {value}")
        header = f"define internal fastcc {EIGHT} @exmc.load_tail(ptr %p, i64 %left)"
        return assembler.body(f"{header} noinline nounwind")

    def _storer(self) -> str:
        assembler = Assembler(self.lanes.assembler.module)
        _switch(assembler)
        for count in range(1, LANES):
            assembler.place(f"left{count}")
            for start, size in pieces(count):
                _store(assembler, start, size)
            assembler.statement("ret void")
        header = "define internal fastcc void @exmc.store_tail(ptr %p, i64 %left, "
        return assembler.body(f"{header}{EIGHT} %value) noinline nounwind")


@dataclass(frozen=True, slots=True)
class Masked(Tail):
    """Fewer than eight entries, by masks."""

    def load(self, base: str) -> LlvmValue:
        """See `At`."""
        callee = f"{EIGHT} @llvm.masked.load.v8f64.p0"
        declared = f"declare {callee}(ptr, i32, <8 x i1>, {EIGHT})"
        self.lanes.assembler.declare(declared)
        rest = f"<8 x i1> {self.mask}, {EIGHT} zeroinitializer"
        given = f"ptr {self.pointer(base)}, i32 8, {rest}"
        return self.lanes.emit(f"call {callee}({given})")

    def store(self, value: LlvmValue, base: str) -> None:
        """See `At`."""
        callee = "void @llvm.masked.store.v8f64.p0"
        self.lanes.assembler.declare(f"declare {callee}({EIGHT}, ptr, i32, <8 x i1>)")
        place = f"ptr {self.pointer(base)}, i32 8, <8 x i1> {self.mask}"
        given = f"{EIGHT} {value.text}, {place}"
        self.lanes.assembler.statement(f"call {callee}({given})")


def pieces(count: int) -> list[tuple[int, int]]:
    """Return where pieces of four, two and one begin, and their sizes."""
    found, start = [], 0
    for size in (4, 2, 1):
        if count & size:
            found.append((start, size))
            start += size
    return found


def _switch(assembler: Assembler) -> None:
    cases = " ".join(f"i64 {count}, label %left{count}" for count in range(2, LANES))
    assembler.statement(f"switch i64 %left, label %left1 [ {cases} ]")


def _load(assembler: Assembler, start: int, size: int) -> str:
    place = assembler.emit(f"getelementptr inbounds double, ptr %p, i64 {start}")
    part = assembler.emit(f"load <{size} x double>, ptr {place}, align 8")
    lanes = [
        f"i32 {lane - start}" if 0 <= lane - start < size else f"i32 {ABSENT}"
        for lane in range(LANES)
    ]
    both = f"<{size} x double> {part}, <{size} x double> poison"
    return assembler.emit(f"shufflevector {both}, <8 x i32> <{', '.join(lanes)}>")


def _blend(assembler: Assembler, value: str, part: str, start: int, size: int) -> str:
    lanes = [
        LANES + lane if 0 <= lane - start < size else lane for lane in range(LANES)
    ]
    order = ", ".join(f"i32 {lane}" for lane in lanes)
    both = f"{EIGHT} {value}, {EIGHT} {part}"
    return assembler.emit(f"shufflevector {both}, <8 x i32> <{order}>")


def _store(assembler: Assembler, start: int, size: int) -> None:
    order = ", ".join(f"i32 {start + lane}" for lane in range(size))
    both = f"{EIGHT} %value, {EIGHT} poison"
    part = assembler.emit(f"shufflevector {both}, <{size} x i32> <{order}>")
    place = assembler.emit(f"getelementptr inbounds double, ptr %p, i64 {start}")
    assembler.statement(f"store <{size} x double> {part}, ptr {place}, align 8")
