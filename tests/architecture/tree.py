"""Where the checkout is, and what Python it holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "exmc"
TESTS = ROOT / "tests"


def modules() -> list[Path]:
    """Every module of the package, relative to it."""
    return sorted(m.relative_to(PACKAGE) for m in PACKAGE.rglob("*.py"))


def parse(module: Path) -> ast.Module:
    """The syntax tree of a module named relative to the package."""
    return ast.parse((PACKAGE / module).read_text())


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
