from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from exmc.native.object_cache import ObjectCache
from exmc.native.subset import kernels as kernels_module
from exmc.native.subset.kernels import Kernel, Kernels
from exmc.typing import Density, Integers, Matrix, Vector
from tests.native.levels import HERE

pytestmark = pytest.mark.native


def total(v: Vector, m: Matrix, c: Integers, factor: float, turn: bool) -> float:
    """Add up."""
    return float(v[0] + m[0, 0] + c[0]) * factor if not turn else -factor


def value(density: Density, v: Vector) -> float:
    return density(v, v)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    kernels = Kernels(total, value)
    return kernels.load(kernels.compiled())["total"]


V, M, C = np.ones(2), np.ones((2, 2)), np.ones(2, np.int64)


def test_a_kernel_is_called_as_the_function_it_is_made_from(kernel: Kernel) -> None:
    assert kernel(V, M, C, 2.0, False) == total(V, M, C, 2.0, False) == 6.0
    assert kernel(V, M, C, 2, True) == -2.0
    assert (kernel.__name__, kernel.__doc__) == ("total", "Add up.")


@pytest.mark.parametrize(
    ("place", "wrong", "message"),
    [
        (0, [1.0], "argument 'v' of total: expected an array of float64"),
        (0, np.ones(2, np.float32), r"'v' of total: .* got dtype\('float32'\)"),
        (0, np.ones(4)[::2], "expected 1 axes, C-contiguous"),
        (0, M, r"got shape \(2, 2\)"),
        (1, np.ones((2, 3)).T, "numpy.ascontiguousarray makes a copy"),
        (2, V, "expected an array of int64"),
    ],
)
def test_an_argument_of_another_type_is_refused_before_anything_runs(
    kernel: Kernel, place: int, wrong: object, message: str
) -> None:
    arguments: list[object] = [V, M, C, 2.0, False]
    arguments[place] = wrong
    with pytest.raises(TypeError, match=message):
        kernel(*arguments)


def test_a_wrong_number_of_arguments_is_refused(kernel: Kernel) -> None:
    with pytest.raises(ValueError, match="shorter"):
        kernel(V)


def test_a_density_in_python_is_refused() -> None:
    kernels = Kernels(value)
    native = kernels.load(kernels.compiled())["value"]
    with pytest.raises(TypeError, match="'density' of value: expected a density in"):
        native(lambda _x, _g: 0.0, V)


def test_kernels_have_the_same_bits_at_every_level() -> None:
    kernels = Kernels(total)
    results = {
        kernels.load(kernels.compiled(level))["total"](V / 3.0, M, C, 0.1, False)
        for level in HERE
    }
    assert results == {total(V / 3.0, M, C, 0.1, False)}


def test_a_kernel_with_some_arguments_fixed_takes_the_others(kernel: Kernel) -> None:
    bound = kernel.bound(m=M, turn=False)
    assert bound(V, C, 2.0) == kernel(V, M, C, 2.0, False)
    assert bound(2.0 * V, C, 1.0) == kernel(2.0 * V, M, C, 1.0, False)
    fixed = np.full((2, 2), 5.0)
    one = kernel.bound(v=V, m=fixed, c=C, turn=False)
    fixed[0, 0] = 7.0
    assert one(1.0) == 9.0


def test_fixed_and_other_arguments_are_checked_all_the_same(kernel: Kernel) -> None:
    with pytest.raises(TypeError, match="argument 'm' of total: expected 2 axes"):
        kernel.bound(m=V)
    bound = kernel.bound(v=V, m=M)
    with pytest.raises(TypeError, match="argument 'c' of total: expected an array"):
        bound(V, 1.0, False)
    with pytest.raises(ValueError, match="shorter"):
        bound(C)


def test_kept_kernels_are_compiled_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ObjectCache(tmp_path)
    first = Kernels(total).kept(cache)
    monkeypatch.setattr(kernels_module, "export", None)  # needed to write LLVM text
    assert Kernels(total).kept(cache) == first


def test_other_sources_are_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ObjectCache(tmp_path)
    Kernels(total).kept(cache)
    monkeypatch.setattr(kernels_module, "sources_of", lambda *_: ["changed"])
    Kernels(total).kept(cache)
    assert len(list(tmp_path.iterdir())) == 2
