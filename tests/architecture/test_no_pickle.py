"""Nothing is pickled: models and draws travel as data."""

from __future__ import annotations

import ast

from tests.architecture.tree import modules, parse

BANNED = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def pickles_allowed(tree: ast.Module) -> bool:
    """Whether numpy is told that it may unpickle."""
    return any(
        isinstance(node, ast.keyword)
        and node.arg == "allow_pickle"
        and isinstance(node.value, ast.Constant)
        and node.value.value is True
        for node in ast.walk(tree)
    )


def test_no_module_imports_a_pickler() -> None:
    assert [str(m) for m in modules() if imported(parse(m)) & BANNED] == []


def test_no_module_lets_numpy_unpickle() -> None:
    assert [str(m) for m in modules() if pickles_allowed(parse(m))] == []


def test_the_search_would_find_one() -> None:
    assert imported(ast.parse("import pickle")) & BANNED
    assert pickles_allowed(ast.parse("np.load(p, allow_pickle=True)"))
