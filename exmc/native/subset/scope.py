"""A kernel while it is being written: its variables, its blocks, its conversions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from exmc.native.assembler import Assembler
from exmc.native.llvm_lanes import LlvmLanes, literal
from exmc.native.subset.kinds import BOOL, FLOAT, INT, Kind, Value, number
from exmc.native.subset.source import signature_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping

    from exmc.native.subset.source import Signature, Source, SubsetError

    ValueRule: TypeAlias = "Callable[[Scope, Any], Value]"
    StatementRule: TypeAlias = "Callable[[Scope, Any], None]"
    Definer: TypeAlias = Callable[[Callable[..., object]], tuple[str, Signature]]


class Scope:
    """What the rules of expressions and statements share.

    Attributes:
        source: The kernel.
        assembler: Its lines.
        result: The kind that it returns.
        define: Writes another kernel into the module; gives its name and signature.
        loops: Labels (continue, break) of the loops around, the innermost last.
        ended: Whether the block is closed, so that nothing more belongs in it.
    """

    def __init__(
        self,
        source: Source,
        assembler: Assembler,
        rules: tuple[Mapping[type, ValueRule], Mapping[type, StatementRule]],
        define: Definer,
    ) -> None:
        self.source = source
        self.assembler = assembler
        self.define = define
        self.result = signature_of(source.function).result
        self.loops: list[tuple[str, str]] = []
        self.ended = False
        self._values, self._statements = rules
        self._variables: dict[str, tuple[Kind, tuple[str, ...]]] = {}

    def refusal(self, node: ast.AST, message: str) -> SubsetError:
        """Return the error that points at a node."""
        return self.source.refusal(node, message)

    # --- parts of the kernel -------------------------------------------------------

    def value(self, node: ast.expr) -> Value:
        """Write an expression."""
        rule = self._values.get(type(node))
        if rule is None:
            raise self.refusal(node, f"{type(node).__name__} is not in the subset")
        return rule(self, node)

    def run(self, statements: list[ast.stmt]) -> None:
        """Write statements, up to the first that ends the block."""
        for node in statements:
            if self.ended:
                return
            rule = self._statements.get(type(node))
            if rule is None:
                raise self.refusal(node, f"{type(node).__name__} is not in the subset")
            rule(self, node)

    def number(self, node: ast.expr, kind: Kind) -> str:
        """Write an expression of one part; return it as a kind."""
        return self.converted(self.value(node), kind, node).text

    def converted(self, value: Value, kind: Kind, node: ast.AST) -> Value:
        """Return a value as another kind: an int as a float, or as it is."""
        if value.kind is kind:
            return value
        if (value.kind, kind) != (INT, FLOAT):
            raise self.refusal(node, f"this is {value.kind.name}, not {kind.name}")
        if re.fullmatch(r"-?\d+", value.text):
            return number(FLOAT, literal(float(value.text)))
        return number(FLOAT, self.emit(f"sitofp i64 {value.text} to double"))

    def condition(self, node: ast.expr) -> str:
        """Write an expression that decides something."""
        value = self.value(node)
        if value.kind is INT:
            return self.emit(f"icmp ne i64 {value.text}, 0")
        return self.converted(value, BOOL, node).text

    def probe(self, node: ast.expr) -> Kind:
        """Return the kind of an expression, without writing it."""
        assembler, self.assembler = self.assembler, Assembler(self.assembler.module)
        kind = self.value(node).kind
        self.assembler, self.ended = assembler, False
        return kind

    # --- variables -----------------------------------------------------------------

    def kind_of(self, name: str) -> Kind | None:
        """Return the kind of a variable, or None if there is none of this name."""
        return self._variables[name][0] if name in self._variables else None

    def read(self, name: str) -> Value:
        """Return a variable's value."""
        kind, slots = self._variables[name]
        parts = zip(kind.parts, slots, strict=True)
        return Value(kind, tuple(self.emit(f"load {t}, ptr {s}") for t, s in parts))

    def bind(self, name: str, value: Value, node: ast.AST) -> None:
        """Give a variable a value; its first one decides its kind."""
        if name not in self._variables:
            slots = tuple(self.assembler.reserve(part) for part in value.kind.parts)
            self._variables[name] = value.kind, slots
        kind, slots = self._variables[name]
        converted = self.converted(value, kind, node)
        for part, text, slot in zip(kind.parts, converted.parts, slots, strict=True):
            self.assembler.statement(f"store {part} {text}, ptr {slot}")

    # --- lines ---------------------------------------------------------------------

    @property
    def lanes(self) -> LlvmLanes:
        """Scalars as numbers that write instructions."""
        return LlvmLanes(self.assembler, 1)

    def emit(self, text: str) -> str:
        """Add an instruction that has a value."""
        return self.assembler.emit(text)

    def label(self, stem: str) -> str:
        """Return a new label."""
        return self.assembler.fresh(stem)

    def jump(self, label: str) -> None:
        """Close the block, if it is open."""
        if not self.ended:
            self.assembler.jump(label)
        self.ended = True

    def branch(self, condition: str, yes: str, no: str) -> None:
        """Close the block by a condition."""
        self.assembler.branch(condition, yes, no)
        self.ended = True

    def place(self, label: str) -> None:
        """Begin a block; the one before it runs on into this one."""
        self.jump(label)
        self.assembler.place(label)
        self.ended = False
