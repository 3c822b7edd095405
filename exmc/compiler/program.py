"""A straight-line program over slots: what is left of a model to be computed.

Whatever depends on constants and data alone is computed while the program is built.
The rest is a list of steps, each a function of earlier slots, so that evaluating a
model costs no decision and no look-up by name.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NewType, TypeAlias

import numpy as np

from exmc.ir.expression import EXPRESSIONS, Constant, Op, toposort

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exmc.ir.expression import Argument, Expression

Slot = NewType("Slot", int)
"""The place of a value in a program's memory."""

Held: TypeAlias = Any
"""An array, a traced value, a literal, a family or a transform."""


class ProgramBuilder:
    """Writes a program for one table of functions.

    Args:
        functions: `PLAIN` or `TRACED` of exmc.ir.operations.
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._functions = functions
        self._memory: list[Held] = []
        self._known: list[bool] = []
        self._steps: list[tuple[Slot, Callable[..., Any], tuple[Slot, ...]]] = []
        self._named: dict[str, Slot] = {}
        self._written: dict[int, tuple[Expression, Slot]] = {}

    def known(self, value: Held) -> Slot:
        """Return a slot that holds a value from the start."""
        return self._slot(value, known=True)

    def input(self) -> Slot:
        """Return a slot that the caller of the program fills."""
        return self._slot(None, known=False)

    def is_known(self, slot: Slot) -> bool:
        """Tell whether a slot's value is the same at every run."""
        return self._known[slot]

    def value(self, slot: Slot) -> Held:
        """Return the value of a known slot."""
        return self._memory[slot]

    def bind(self, name: str, slot: Slot) -> None:
        """Let references to a variable or to data mean this slot."""
        self._named[name] = slot

    def named(self, name: str) -> Slot:
        """Return the slot that a name means."""
        return self._named[name]

    def apply(self, function: Callable[..., Any], *slots: Slot) -> Slot:
        """Return the slot of a function of others; computed now if they are known."""
        if all(self._known[slot] for slot in slots):
            with np.errstate(all="ignore"):
                return self.known(function(*(self._memory[slot] for slot in slots)))
        out = self._slot(None, known=False)
        self._steps.append((out, function, slots))
        return out

    def expression(self, root: Expression) -> Slot:
        """Return the slot of an expression; a part shared by two is computed once."""
        for part in toposort([root]):
            if id(part) not in self._written:
                self._written[id(part)] = part, self._write(part)
        return self._written[id(root)][1]

    def program(self, inputs: Sequence[Slot], outputs: Sequence[Slot]) -> Program:
        """Return the program from some slots to others; unused steps are left out."""
        needed, steps = set(outputs), []
        for step in reversed(self._steps):
            if step[0] in needed:
                needed.update(step[2])
                steps.append(step)
        memory = tuple(self._memory)
        return Program(memory, tuple(reversed(steps)), tuple(inputs), tuple(outputs))

    def _write(self, part: Expression) -> Slot:
        match part:
            case Constant():
                return self.known(part.value if part.shape else part.value[()])
            case Op():
                function = self._functions[part.function]
                if part.keywords:
                    function = partial(function, **dict(part.keywords))
                return self.apply(function, *map(self._argument, part.arguments))
            case _:
                return self._named[part.name]

    def _argument(self, argument: Argument) -> Slot:
        if isinstance(argument, EXPRESSIONS):
            return self._written[id(argument)][1]
        return self.known(argument)

    def _slot(self, value: Held, *, known: bool) -> Slot:
        self._memory.append(value)
        self._known.append(known)
        return Slot(len(self._memory) - 1)


class Program:
    """Steps in order; calling it runs them on fresh memory. O(steps).

    Args:
        memory: Initial values of all slots.
        steps: (slot to fill, function, slots to read).
        inputs: Slots filled by the arguments.
        outputs: Slots returned.
    """

    __slots__ = ("_inputs", "_memory", "_outputs", "_steps")

    def __init__(
        self,
        memory: tuple[Held, ...],
        steps: tuple[tuple[Slot, Callable[..., Any], tuple[Slot, ...]], ...],
        inputs: tuple[Slot, ...],
        outputs: tuple[Slot, ...],
    ) -> None:
        self._memory = memory
        self._steps = steps
        self._inputs = inputs
        self._outputs = outputs

    def __call__(self, *arguments: Held) -> list[Held]:
        """Return the outputs for these inputs, arrays or traced values."""
        memory = list(self._memory)
        for slot, argument in zip(self._inputs, arguments, strict=True):
            memory[slot] = argument
        for out, function, slots in self._steps:
            memory[out] = function(*[memory[slot] for slot in slots])
        return [memory[slot] for slot in self._outputs]
