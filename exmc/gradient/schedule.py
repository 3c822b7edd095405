"""In which order, and in which loops, a program is computed.

Instructions are dealt out to levels. A level first takes single steps, in the order of
the program: scalars, recurrences, linear algebra. Then come its loops, one for each
shape: everything of a level that has the same shape is computed side by side, entry
by entry, so that intermediate values never leave the processor's registers.

An operation that works entry by entry costs no level. What reads entries of its
argument out of turn (a view, a gather) or needs all of them (a sum) comes a level
later, unless the argument is the input or data, which lie in memory from the start.
For a log-density this lets the forward and the backward pass over the observations
share one loop.

Values are made when a step of a loop asks for them. One that steps of several loops
ask for is stored by the first, or made again where that is cheaper.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from exmc.gradient.program import LEAVES, POINTWISE, lane_axis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exmc.gradient.program import Instruction, Program, Shape

ALONE: Final = frozenset(
    ("recur", "cholesky", "cholesky_back", "solve_lower", "gaussian")
)
"""Operations that are steps of their own, outside of loops."""

MEMORY: Final = ALONE | {"scatter", "assemble", "sum", "amax", "project"}
"""Operations whose value, if it is an array, stands in memory when they are done."""

CHEAP: Final = frozenset(("add", "mul", "neg", "abs", "max", "min", "where"))

AGAIN: Final = 3
"""Operations up to which a value is made again rather than stored and loaded."""

Kind: TypeAlias = Literal["compute", "store", "keep", "place", "output"]


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something to be done.

    Attributes:
        number: Of the instruction.
        part: For "place": which part of an assemble.
        kind: "compute" it; "store" its value in row-major order; "keep" its value in
            any order, for later loops of its shape; "place" a part into the memory of
            an assemble; "output": write the vector output.
    """

    number: int
    part: int = 0
    kind: Kind = "compute"


@dataclass(frozen=True, slots=True)
class Loop:
    """Steps that share one pass over all entries of a shape."""

    shape: Shape
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Single steps, in order, and then loops, in any order."""

    single: tuple[Step, ...]
    loops: tuple[Loop, ...]


def schedule(program: Program) -> tuple[Level, ...]:
    """Deal a program's instructions out to levels."""
    return _Scheduler(program).levels()


def summed(program: Program, step: Step) -> int:
    """Return the number of the array whose entries a step of a loop goes through."""
    node = program.instructions[step.number]
    if step.kind == "place":
        return node.args[step.part]
    if step.kind == "compute":
        return node.args[1] if node.op == "project" else node.args[0]
    return step.number


def is_alone(program: Program, node: Instruction) -> bool:
    """Tell whether an operation is a step of its own.

    A scatter is one if lanes do not run in the order in which it has to add.
    """
    if node.op != "scatter":
        return node.op in ALONE
    (shape, *_) = (arg.shape for arg in program.args(node))
    return not shape or lane_axis(shape) != len(shape) - 1


class _Scheduler:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.when: list[int] = []
        for _, node in program:
            self.when.append(self._level(node))

    def levels(self) -> tuple[Level, ...]:
        single: defaultdict[int, list[Step]] = defaultdict(list)
        loops: defaultdict[tuple[int, Shape], list[Step]] = defaultdict(list)
        for level, step in self._steps():
            shape = self.program.instructions[summed(self.program, step)].shape
            (loops[level, shape] if shape else single[level]).append(step)
        for level, step in self._alone():
            single[level].append(step)
        for level, step in self._stores(loops):
            shape = self.program.instructions[step.number].shape
            loops[level, shape].append(step)
        return tuple(
            Level(tuple(sorted(single[at])), tuple(_loops_of(at, loops)))
            for at in range(1 + max((*single, *(at for at, _ in loops)), default=0))
        )

    # --- the level of each value --------------------------------------------------

    def _level(self, node: Instruction) -> int:
        """Return the first level in which the value can be used."""
        if node.op in LEAVES:
            return 0
        if node.op == "assemble":
            return max(map(self._stored, node.args), default=0)
        if node.op == "project":
            matrix, g = node.args
            return max(self._readable(matrix), self.when[g]) + 1
        if node.op in MEMORY and not is_alone(self.program, node):
            return self.when[node.args[0]] + 1
        usable = self.when.__getitem__ if node.op in POINTWISE else self._readable
        return max(map(usable, node.args))

    def _readable(self, number: int) -> int:
        """Return the level from which a value can be read out of turn."""
        node = self.program.instructions[number]
        if not node.shape or node.op in LEAVES or node.op in MEMORY:
            return self.when[number]
        return self.when[number] + 1

    def _stored(self, number: int) -> int:
        """Return the level from which a copy of a value can be read."""
        return self.when[number] + bool(self.program.instructions[number].shape)

    # --- what is to be done in each -------------------------------------------------

    def _steps(self) -> Iterable[tuple[int, Step]]:
        """Yield what goes through the entries of an array, or of a scalar."""
        for number, node in self.program:
            if node.op == "assemble":
                for part, arg in enumerate(node.args):
                    yield self.when[arg], Step(number, part, "place")
            elif node.op in MEMORY and not is_alone(self.program, node):
                yield self.when[number] - 1, Step(number)
        vector = self.program.instructions[self.program.vector]
        if vector.op not in MEMORY:
            number = self.program.vector
            yield self.when[number], Step(number, kind="output")

    def _alone(self) -> Iterable[tuple[int, Step]]:
        for number, node in self.program:
            scalar = not node.shape and node.op not in MEMORY | {"const"}
            if scalar or is_alone(self.program, node):
                yield self.when[number], Step(number)

    def _stores(
        self, loops: dict[tuple[int, Shape], list[Step]]
    ) -> Iterable[tuple[int, Step]]:
        """Yield what loops have to keep, and in which of them."""
        asked: defaultdict[int, set[int]] = defaultdict(set)
        for (level, _), steps in loops.items():
            for step in steps:
                asked[summed(self.program, step)].add(level)
        read = self._read_out_of_turn()
        for number in sorted(read):
            asked[number].add(self.when[number])
        costs = self._costs(read)
        for number in range(len(self.when) - 1, -1, -1):
            levels = asked[number]
            if not levels or not self._is_made_in_loops(number):
                continue
            if number in read or (len(levels) > 1 and costs[number] > AGAIN):
                levels = {min(levels)}
                kind: Kind = "store" if number in read else "keep"
                yield min(levels), Step(number, kind=kind)
            for arg in self._side_by_side(self.program.instructions[number]):
                asked[arg] |= levels

    def _read_out_of_turn(self) -> set[int]:
        """Return what loops make and somebody reads in another order."""
        read: set[int] = set()
        for _, node in self.program:
            beside = self._side_by_side(node)
            read |= {arg for arg in node.args if arg not in beside}
        return {number for number in read if self._is_made_in_loops(number)}

    def _side_by_side(self, node: Instruction) -> tuple[int, ...]:
        """Return the arguments that a loop over an operation meets entry by entry."""
        if node.op in POINTWISE or node.op == "assemble":
            return node.args
        if node.op == "project":
            return node.args[1:]
        if node.op in MEMORY and not is_alone(self.program, node):
            return node.args[:1]
        return ()

    def _is_made_in_loops(self, number: int) -> bool:
        node = self.program.instructions[number]
        return bool(node.shape) and node.op not in MEMORY and node.op not in LEAVES

    def _costs(self, read: set[int]) -> list[int]:
        """Count the operations that it takes to make each value again."""
        costs: list[int] = []
        for _, node in self.program:
            made = (costs[arg] for arg in self._side_by_side(node) if arg not in read)
            costs.append(self._own_cost(node) + sum(made))
        return costs

    def _own_cost(self, node: Instruction) -> int:
        if not node.shape:
            return 0
        if node.op in LEAVES or node.op in MEMORY or node.op == "view":
            return 1
        return len(node.args) - 1 if node.op in CHEAP else AGAIN


def _loops_of(level: int, loops: dict[tuple[int, Shape], list[Step]]) -> Iterable[Loop]:
    for (at, shape), steps in sorted(loops.items()):
        if at == level:
            yield Loop(shape, tuple(sorted(steps)))
