"""The source of a kernel: its syntax tree, its signature and the names around it."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Final

from exmc.native.subset.kinds import KINDS

if TYPE_CHECKING:
    from exmc.native.subset.kinds import Kind


ABSENT: Final = object()


class SubsetError(SyntaxError):
    """A kernel steps outside the subset; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters, by name and in order, and the result."""

    parameters: tuple[tuple[str, Kind], ...]
    result: Kind


class Source:
    """A function as text.

    Attributes:
        function: Itself.
        tree: Its syntax tree, with the line numbers of the file.
    """

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        self.path = function.__code__.co_filename
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
        ast.increment_lineno(tree, first - 1)
        if not isinstance(tree, ast.FunctionDef):
            raise self.refusal(tree, "a kernel is a plain function, made by def")
        self.tree: ast.FunctionDef = tree

    def refusal(self, node: ast.AST, message: str) -> SubsetError:
        """Return the error that points at a node."""
        line: int = getattr(node, "lineno", 1)
        column: int = getattr(node, "col_offset", 0)
        text = linecache.getline(self.path, line)
        return SubsetError(message, (self.path, line, column + 1, text))

    def lookup(self, node: ast.expr) -> object:
        """Return what `f` or `module.f` means outside the function, or `ABSENT`."""
        match node:
            case ast.Name(name):
                return self.function.__globals__.get(name, ABSENT)
            case ast.Attribute(owner, name):
                module = self.lookup(owner)
                if isinstance(module, ModuleType):
                    return getattr(module, name, ABSENT)
            case _:
                pass
        return ABSENT

    @property
    def signature(self) -> Signature:
        """What it takes and gives, from its annotations."""
        arguments = self.tree.args
        if arguments.defaults or arguments.kwonlyargs or arguments.posonlyargs:
            raise self.refusal(self.tree, "parameters are plain, without defaults")
        if arguments.vararg or arguments.kwarg:
            raise self.refusal(self.tree, "a kernel has a fixed number of parameters")
        parameters = [(a.arg, self._kind(a, a.annotation)) for a in arguments.args]
        return Signature(tuple(parameters), self._kind(self.tree, self.tree.returns))

    def kind(self, annotation: ast.expr) -> Kind:
        """Return the kind that an annotation names."""
        return self._kind(annotation, annotation)

    def _kind(self, node: ast.AST, annotation: ast.expr | None) -> Kind:
        name = "nothing" if annotation is None else ast.unparse(annotation)
        if name not in KINDS:
            known = ", ".join(KINDS)
            raise self.refusal(
                node, f"an annotation is one of {known}; here it is {name}"
            )
        return KINDS[name]
