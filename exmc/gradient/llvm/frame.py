"""What is known while one function is written: where each value of the program is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import place_of
from exmc.gradient.llvm.flow import counted
from exmc.gradient.llvm.memory import Memory, moved, row_major, write
from exmc.gradient.llvm.pointwise import sharing
from exmc.gradient.llvm.shuffle import EIGHT
from exmc.gradient.program import LANES
from exmc.native.assembler import Assembler
from exmc.native.llvm_lanes import LlvmLanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.program import Instruction, Program
    from exmc.native.assembler import Module
    from exmc.native.llvm_lanes import LlvmValue

INPUT: Final = "%z"
OUTPUT: Final = "%out"


class Frame:
    """One function in the making.

    Attributes:
        program: What it computes.
        assembler: Its text.
        one: Lanes of width 1.
        eight: Lanes of width 8.
        memory: Of each array that can be read, by the instruction's number.
        scalars: Of each scalar that has been computed, by the instruction's number.
        sharing: Operations that are written out, for what they share with others.
        work: Float64 numbers of scratch memory that are taken.
    """

    def __init__(self, module: Module, program: Program) -> None:
        self.program = program
        self.assembler = Assembler(module)
        self.one = LlvmLanes(self.assembler, 1)
        self.eight = LlvmLanes(self.assembler, LANES)
        self.memory: dict[int, Memory] = {}
        self.scalars: dict[int, LlvmValue] = {}
        self.sharing = sharing(program)
        self.work = 0
        self._open()

    def node(self, number: int) -> Instruction:
        """Return an instruction."""
        return self.program.instructions[number]

    def buffer(self, size: int) -> str:
        """Return a pointer to so much scratch memory, which begins with a new line."""
        start = self.work
        self.work += -(-size // LANES) * LANES
        return moved(self.assembler, "%work", start)

    def slot(self, value: LlvmValue) -> str:
        """Return a slot for eight lanes that begins with a value."""
        slot = self.assembler.reserve(EIGHT, 64)
        self.eight.store(value, slot)
        return slot

    def plus(self, x: Index, y: Index) -> Index:
        """Return x + y."""
        if isinstance(x, int) and isinstance(y, int):
            return x + y
        return self.assembler.emit(f"add i64 {x}, {y}") if x and y else x or y

    def fill(self, memory: Memory, size: int, value: LlvmValue) -> None:
        """Put a value of eight lanes into all entries of an array, row-major."""
        start, whole = memory.start(self.assembler), size - size % LANES
        if whole:
            with counted(self.assembler, whole, LANES) as index:
                write(self.eight, value, moved(self.assembler, start, index), 1)
        if whole < size:
            rest = moved(self.assembler, start, whole)
            write(self.eight, value, rest, 1, size - whole)

    def access(self, number: int) -> Memory | None:
        """Return where a loop over an array's shape reads it; None if it makes it."""
        node = self.node(number)
        if number in self.memory:
            return self.memory[number]
        if node.op == "view" and node.args[0] in self.memory:
            return self.memory[node.args[0]].viewed(place_of(node))
        return None

    def entry(self, number: int, place: Index) -> str:
        """Return the pointer to an array's entry by its place in row-major order."""
        start = self.memory[number].start(self.assembler)
        return moved(self.assembler, start, place)

    def entry_at(self, number: int, index: Sequence[Index]) -> LlvmValue:
        """Return an entry of an array in memory, or a scalar."""
        if not self.node(number).shape:
            return self.scalar(number)
        return self.one.load(self.memory[number].pointer(self.assembler, index))

    def scalar(self, number: int) -> LlvmValue:
        """Return a scalar's value; it has been computed."""
        if number not in self.scalars:  # what no step computes is a constant
            value = self.node(number)["value"]
            self.scalars[number] = self.one.constant(float(value))  # type: ignore[arg-type]
        return self.scalars[number]

    def spread(self, number: int) -> LlvmValue:
        """Return a scalar's value in each of eight lanes."""
        node = self.node(number)
        if node.op == "const":
            return self.eight.constant(float(node["value"]))  # type: ignore[arg-type]
        return self.eight.spread(self.scalar(number))

    def _open(self) -> None:
        """Write where the arguments are: the context points to data and to work."""
        load = self.assembler.emit
        slots = load("load ptr, ptr %context")
        self.assembler.statement("%places = getelementptr ptr, ptr %context, i64 1")
        self.assembler.statement("%work = load ptr, ptr %places")
        for number, node in self.program:
            if node.op == "input":
                self.memory[number] = row_major(INPUT, node.shape)
            elif node.op == "data":
                place = load(f"getelementptr ptr, ptr {slots}, i64 {node['slot']}")
                array = row_major(load(f"load ptr, ptr {place}"), node.shape)
                self.memory[number] = array
