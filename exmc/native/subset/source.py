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
    from collections.abc import Callable

    from exmc.native.subset.kinds import Kind


ABSENT: Final = object()
_FUTURE: Final = "; its module lacks `from __future__ import annotations`"


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

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = _plain(function)
        self.path = self.function.__code__.co_filename
        lines, first = inspect.getsourcelines(self.function)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
        ast.increment_lineno(tree, first - 1)
        if not isinstance(tree, ast.FunctionDef):
            raise self.refusal(tree, "a kernel is a plain function, made by def")
        self.tree: ast.FunctionDef = tree

    def refusal(self, node: ast.AST, message: str) -> SubsetError:
        """Return the error that points at a node."""
        line: int = getattr(node, "lineno", 1)
        column: int = getattr(node, "col_offset", 0)
        return _refusal(self.path, line, column, message)

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

    def kind(self, annotation: ast.expr) -> Kind:
        """Return the kind that an annotation names."""
        name = ast.unparse(annotation)
        if name not in KINDS:
            raise self.refusal(annotation, _unknown(name))
        return KINDS[name]


def signature_of(function: Callable[..., object]) -> Signature:
    """Return what a kernel takes and gives, from its annotations, without its source.

    Raises:
        SubsetError: An annotation is missing or unknown, or a parameter is special.
    """
    kernel = _plain(function)
    code = kernel.__code__
    special = code.co_kwonlyargcount or code.co_posonlyargcount or kernel.__defaults__
    if special or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
        message = "parameters are plain, without defaults and without stars"
        raise _refusal(code.co_filename, code.co_firstlineno, 0, message)
    names = code.co_varnames[: code.co_argcount]
    *parameters, result = (_annotated(kernel, name) for name in (*names, "return"))
    return Signature(tuple(zip(names, parameters, strict=True)), result)


def _annotated(kernel: FunctionType, name: str) -> Kind:
    found = kernel.__annotations__.get(name, "nothing")
    text = found if isinstance(found, str) else getattr(found, "__name__", str(found))
    if text not in KINDS:
        code = kernel.__code__
        hint = "" if isinstance(found, str) else _FUTURE
        message = f"{name}: {_unknown(text)}{hint}"
        raise _refusal(code.co_filename, code.co_firstlineno, 0, message)
    return KINDS[text]


def _unknown(name: str) -> str:
    return f"an annotation is one of {', '.join(KINDS)}; here it is {name}"


def _plain(function: Callable[..., object]) -> FunctionType:
    if not isinstance(function, FunctionType):
        message = f"a kernel is a plain function, made by def; this is {function!r}"
        raise TypeError(message)
    return function


def _refusal(path: str, line: int, column: int, message: str) -> SubsetError:
    text = linecache.getline(path, line)
    return SubsetError(message, (path, line, column + 1, text))
