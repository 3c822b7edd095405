"""Writes a program as a Python function: names, lines, and what is known beforehand.

The function has two parts. What depends on data alone is computed once, when the
function is bound to its data; the rest at each call. A value that is read once stands
where it is read, unless its text is long.
"""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

from exmc.gradient.attributes import places_of
from exmc.gradient.source.expression import ATOM, Expression, atom
from exmc.gradient.source.places import Part, covers, writes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.gradient.program import Instruction, Program

    Rule: TypeAlias = "Callable[[Writer, Instruction], Expression]"

LONGEST: Final = 72
"""Characters of an expression that may stand inside of another."""

FEWEST: Final = 4
"""Numbers read from one array that make a list of it worth while."""


class Writer:
    """The source of one program in the making.

    A rule turns an instruction into an expression; it asks for what the instruction
    reads by number.
    """

    def __init__(self, program: Program, rules: Mapping[str, Rule]) -> None:
        self.program = program
        self._beforehand: list[str] = []
        self._lines: list[str] = []
        self._rules = rules
        self._uses = Counter(n for _, node in program for n in node.args)
        self._uses.update((program.scalar, program.vector))
        self._elements = Counter(
            node.args[0] for _, node in program if node.op == "view" and not node.shape
        )
        self._values: dict[int, Expression] = {}
        self._fixed: set[int] = set()
        self._current = 0
        self._known: set[str] = set()

    def source(self) -> str:
        """Return the source of `bind(data, otherwise)`, which gives the function."""
        for n, node in self.program:
            if not (n == self.program.vector and self._is_written_at_once(node)):
                self._define(n, node)
        self._write_vector()
        self._lines.append(f"return {self._values[self.program.scalar].text}")
        names = "".join(f"d{slot}, " for slot in range(len(self.program.slots)))
        parts = [
            "def bind(data, otherwise):",
            *([f"    {names}= data"] if names else []),
            *(f"    {line}" for line in self._beforehand),
            "    def function(z, out):",
            "        try:",
            *(f"            {line}" for line in self._lines),
            "        except (ArithmeticError, ValueError):",
            "            return otherwise(z, out)",
            "    return function",
        ]
        return "\n".join(parts) + "\n"

    # What rules ask for

    def node(self, n: int) -> Instruction:
        """Return the instruction of that number."""
        return self.program.instructions[n]

    def value(self, n: int) -> Expression:
        """Return an expression that may stand once in the text of its reader."""
        return self._values[n]

    def name(self, n: int) -> str:
        """Return text that may be repeated: a name or a number."""
        if not self._is_simple(n):
            self._assign(n)
        return self._values[n].text

    def whole(self, n: int) -> str:
        """Return text of the array in its full shape; an atom."""
        expression, shape = self._values[n], self.node(n).shape
        if expression.real == shape:
            return expression.within(ATOM)
        return self.once(f"w{n}", f"spread({expression.text}, {shape!r})", n)

    def is_open(self, n: int) -> bool:
        """Tell whether a value has no name, and stands in the text of its one reader.

        That reader may then take it apart.
        """
        return self._uses[n] == 1 and not self._is_simple(n) and n not in self._fixed

    def is_fixed(self, n: int) -> bool:
        """Tell whether a value depends on data alone."""
        return n in self._fixed

    def element(self, n: int, place: int) -> str:
        """Return text of one entry, as a Python float."""
        if self._elements[n] < FEWEST or self.is_fixed(n):
            return f"{self.whole(n)}.item({place})"
        flat = "" if len(self.node(n).shape) == 1 else ".ravel()"
        numbers = self.once(f"l{n}", f"{self.whole(n)}{flat}.tolist()", n)
        return f"{numbers}[{place}]"

    def once(self, name: str, text: str, of: int | None = None) -> str:
        """Give a name to something that several may read; return the name.

        Args:
            name: Its own for each thing.
            text: What it is.
            of: The value that it is made from; if None, it needs none.
        """
        if name not in self._known:
            self._known.add(name)
            lines = self._beforehand if of is None else self._section(of)
            lines.append(f"{name} = {text}")
        return name

    def ones(self, size: int) -> str:
        """Return the name of a vector of ones."""
        return self.once(f"ones_{size}", f"ones({size})")

    def assembled(self, node: Instruction) -> Expression:
        """Write the parts of an assemble into an array of its own; return its name."""
        name, parts = f"a{self._current}", self._parts(node)
        make = "empty" if covers(parts, node.size) else "zeros"
        lines = self._section(self._current)
        lines += [f"{name} = {make}({node.size})", *writes(parts, name)]
        reshape = "" if len(node.shape) == 1 else f".reshape{node.shape!r}"
        return atom(f"{name}{reshape}", node.shape)

    # Lines

    def _define(self, n: int, node: Instruction) -> None:
        self._current = n
        leaf = node.op in {"data", "const"}
        if leaf or (node.args and self._fixed.issuperset(node.args)):
            self._fixed.add(n)
        self._values[n] = self._rules[node.op](self, node)
        named = self._uses[n] > 1 or n in self._fixed
        if not self._is_simple(n) and (named or len(self._values[n].text) > LONGEST):
            self._assign(n)

    def _assign(self, n: int) -> None:
        name = f"c{n}" if n in self._fixed else f"t{n}"
        self._section(n).append(f"{name} = {self._values[n].text}")
        self._values[n] = atom(name, self._values[n].real)

    def _section(self, n: int) -> list[str]:
        return self._beforehand if n in self._fixed else self._lines

    def _is_simple(self, n: int) -> bool:
        return self.node(n).op == "const" or self._values[n].text.isidentifier()

    def _is_written_at_once(self, node: Instruction) -> bool:
        return node.op == "assemble" and self._uses[self.program.vector] == 1

    def _parts(self, node: Instruction) -> list[Part]:
        return [
            Part(self._values[n].text, self.node(n).shape, place)
            for n, place in zip(node.args, places_of(node), strict=True)
        ]

    def _write_vector(self) -> None:
        node = self.node(self.program.vector)
        if not self._is_written_at_once(node):
            self._lines.append(f"out[:] = {self._values[self.program.vector].text}")
            return
        parts = self._parts(node)
        if not covers(parts, prod(node.shape)):
            self._lines.append("out.fill(0.0)")
        self._lines += writes(parts, "out")
