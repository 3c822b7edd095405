from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.tree import TESTS, functions, modules, parse

# A law or an end-to-end test speaks for these; a file of their own would repeat it.
SPOKEN_FOR_ELSEWHERE: dict[str, str] = {
    "run/run.py": "an interface; its laws are in inference/test_local_run.py",
}


def has_behaviour(tree: ast.Module) -> bool:
    return any(
        not (len(f.body) == 1 and isinstance(f.body[0], ast.Expr))
        for f in functions(tree)
    )


def has_table_of_laws(module: Path) -> bool:
    """Families and transforms are rows of one table instead of files of tests."""
    return module.parts[0] in {"distributions", "transforms", "constraints"}


def test_every_module_with_functions_has_a_mirrored_test() -> None:
    missing = [
        str(m)
        for m in modules()
        if has_behaviour(parse(m))
        and str(m) not in SPOKEN_FOR_ELSEWHERE
        and not has_table_of_laws(m)
        and m.name != "__init__.py"
        and not (TESTS / m.parent / f"test_{m.name}").exists()
    ]
    assert missing == []


def test_no_exemption_is_left_over() -> None:
    assert [m for m in SPOKEN_FOR_ELSEWHERE if Path(m) not in modules()] == []
