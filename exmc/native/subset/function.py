"""Kernels as functions of an LLVM module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from exmc.native.assembler import Assembler
from exmc.native.subset import calls, expressions
from exmc.native.subset import statements as rules
from exmc.native.subset.calls import FAST, llvm_result
from exmc.native.subset.kinds import Value
from exmc.native.subset.scope import Scope
from exmc.native.subset.source import Source, signature_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.native.assembler import Module
    from exmc.native.subset.source import Signature

SMALL: Final = 12
"""Statements, `def` and docstring included, up to which a kernel is written out where
it is called."""

RULES: Final = ({**expressions.RULES, **calls.RULES}, rules.RULES)


def define(module: Module, function: Callable[..., object]) -> tuple[str, Signature]:
    """Write a kernel, and every kernel that it calls, into a module, each once.

    They are internal to the module. A call of one is, in LLVM text,
    `call fastcc T @name(...)`, with two arguments for a vector (pointer, length), three
    for a matrix (pointer, rows, columns), one for anything else.

    Returns:
        The name in the module, and the signature.

    Raises:
        SubsetError: A kernel steps outside the subset.
    """
    signature = signature_of(function)
    name = f"{function.__module__}.{function.__qualname__}"
    module.defined(name, lambda: _text(module, Source(function), name))
    return name, signature


def _text(module: Module, source: Source, name: str) -> str:
    scope = Scope(source, Assembler(module), RULES, lambda f: define(module, f))
    signature = signature_of(source.function)
    accepted = []
    for parameter, kind in signature.parameters:
        names = [f"%{parameter}.{index}" for index in range(len(kind.parts))]
        accepted += [f"{t} {x}" for t, x in zip(kind.parts, names, strict=True)]
        scope.bind(parameter, Value(kind, tuple(names)), source.tree)
    scope.run(source.tree.body)
    if not scope.ended:
        scope.assembler.statement(
            "unreachable" if signature.result.parts else "ret void"
        )
    result = llvm_result(signature)
    head = f"define internal {FAST} {result} @{name}({', '.join(accepted)}) nounwind"
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(source.tree))
    return scope.assembler.body(f"{head} alwaysinline" if statements <= SMALL else head)


def export(module: Module, function: Callable[..., object]) -> None:
    """Write a kernel as one that can be called from outside, by its bare name."""
    name, signature = define(module, function)
    accepted, passed = [], []
    for parameter, kind in signature.parameters:
        for index, part in enumerate(kind.parts):
            extended = "i1 zeroext" if part == "i1" else part
            accepted.append(f"{extended} %{parameter}.{index}")
            passed.append(f"{part} %{parameter}.{index}")
    result = llvm_result(signature)
    outside = "zeroext i1" if result == "i1" else result
    head = f"define {outside} @{function.__name__}({', '.join(accepted)}) nounwind"
    call = f"call {FAST} {result} @{name}({', '.join(passed)})"
    lines = [f"  {call}", "  ret void"]
    if result != "void":
        lines = [f"  %result = {call}", f"  ret {result} %result"]
    module.define(function.__name__, "\n".join([f"{head} {{", *lines, "}", ""]))
