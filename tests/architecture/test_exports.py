from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, modules

PACKAGES = sorted(
    ".".join(("exmc", *m.parent.parts)) for m in modules() if m.name == "__init__.py"
)


@pytest.mark.parametrize("package", [p for p in PACKAGES if p != "exmc.numerics"])
def test_public_names_are_declared_and_exist(package: str) -> None:
    module = importlib.import_module(package)
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_every_folder_is_a_package() -> None:
    folders = {m.parent for m in modules()}
    assert [f for f in folders if not (PACKAGE / f / "__init__.py").exists()] == []
    assert Path("py.typed").name in {p.name for p in PACKAGE.iterdir()}
