from __future__ import annotations

import sys
from pathlib import Path

import pytest

from exmc.native.subset import origin
from exmc.native.subset.origin import sources_of
from exmc.numerics.linear_algebra import gaussian


def kernel(x: float) -> float:
    return x


def test_the_compiler_and_the_elementary_functions_have_a_say() -> None:
    sources = sources_of(kernel)
    for module in ("native/subset/calls.py", "numerics/elementary/exponential.py"):
        assert (Path(origin.__file__).parents[2] / module).read_text() in sources


def test_the_modules_of_a_kernel_and_of_those_it_calls_have_a_say() -> None:
    sources = set(sources_of(kernel)) - set(sources_of(gaussian))
    assert Path(__file__).read_text() in sources
    assert len(sources) == 1


def test_a_change_of_a_source_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "kernel.py"
    copy.write_text(Path(__file__).read_text())
    monkeypatch.setattr(sys.modules[__name__], "__file__", str(copy))
    before = sources_of(kernel)
    assert sources_of(kernel) == before
    copy.write_text(copy.read_text() + "# more\n")
    assert sources_of(kernel) != before
