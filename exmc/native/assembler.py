"""Text of LLVM functions, written line by line.

Nothing here needs llvmlite: a module is text until `exmc.native.target` compiles it.
Loops keep their state in slots of the entry block (`reserve`), which LLVM's first pass
turns into registers, so that no caller has to write phi instructions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Module:
    """Declarations and functions of one module, each once and in order of arrival."""

    def __init__(self) -> None:
        self._declarations: dict[str, None] = {}
        self._functions: dict[str, str] = {}

    def declare(self, text: str) -> None:
        """Add a line such as `declare double @llvm.sqrt.f64(double)`, once."""
        self._declarations[text] = None

    def define(self, name: str, text: str) -> None:
        """Add a function's whole text.

        Raises:
            ValueError: Another function of this module has the name.
        """
        if name in self._functions:
            message = f"function {name!r} is defined twice in one module."
            raise ValueError(message)
        self._functions[name] = text

    def defined(self, name: str, write: Callable[[], str]) -> str:
        """Return the name of a function, writing it if it is not there yet."""
        if name not in self._functions:
            self._functions[name] = ""  # holds the place while it is being written
            self._functions[name] = write()
        return name

    @property
    def text(self) -> str:
        """The module as LLVM reads it."""
        return "\n".join([*self._declarations, "", *self._functions.values()])


class Assembler:
    """The lines of one function.

    Attributes:
        module: Where declarations go, and functions that this one calls.
        block: Name of the block that is being written.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.block = "entry"
        self._reserved: list[str] = []
        self._lines: list[str] = []
        self._names = 0

    def fresh(self, stem: str = "t") -> str:
        """Return a name that this function has not used yet, without a sigil."""
        self._names += 1
        return f"{stem}{self._names}"

    def emit(self, text: str) -> str:
        """Add an instruction that has a value; return the value's name, `%tN`."""
        name = f"%{self.fresh()}"
        self._lines.append(f"  {name} = {text}")
        return name

    def statement(self, text: str) -> None:
        """Add an instruction without a value."""
        self._lines.append(f"  {text}")

    def declare(self, text: str) -> None:
        """Add a declaration to the module, once."""
        self.module.declare(text)

    def reserve(self, kind: str, align: int = 8) -> str:
        """Return a pointer to a stack slot of a type, made in the entry block."""
        name = f"%{self.fresh('slot')}"
        self._reserved.append(f"  {name} = alloca {kind}, align {align}")
        return name

    def place(self, label: str) -> None:
        """Begin the block of a label; the block before it has been ended."""
        self._lines.append(f"{label}:")
        self.block = label

    def jump(self, label: str) -> None:
        """End the block."""
        self.statement(f"br label %{label}")

    def branch(self, condition: str, yes: str, no: str) -> None:
        """End the block by an i1 value: to `yes` if it is set, else to `no`."""
        self.statement(f"br i1 {condition}, label %{yes}, label %{no}")

    def body(self, header: str) -> str:
        """Return the function's text.

        Args:
            header: Everything before the brace, such as
                `define double @f(ptr noalias %z) nounwind`.
        """
        lines = [f"{header} {{", "entry:", *self._reserved, *self._lines, "}", ""]
        return "\n".join(lines)
