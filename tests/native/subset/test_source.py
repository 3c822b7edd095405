from __future__ import annotations

import ast
import math
from collections.abc import Callable

import pytest

from exmc.native.subset.kinds import DENSITY, FLOAT, INT, NONE, VECTOR
from exmc.native.subset.source import ABSENT, Source, SubsetError, signature_of
from exmc.typing import Density, Vector

LIMIT = 3.0


def kernel(density: Density, v: Vector, n: int, x: float) -> None:  # noqa: ARG001 - a parameter
    v[n] = x


def without_result(x: float):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return x


def with_default(x: float = 1.0) -> float:
    return x


def with_star(*x: float) -> float:
    return x[0]


def of_text(x: str) -> float:
    return len(x)


def test_a_signature_is_read_from_annotations() -> None:
    signature = signature_of(kernel)
    kinds = [("density", DENSITY), ("v", VECTOR), ("n", INT), ("x", FLOAT)]
    assert list(signature.parameters) == kinds
    assert signature.result is NONE


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (without_result, "return: an annotation is one of .*here it is nothing"),
        (with_default, "parameters are plain, without defaults"),
        (with_star, "without defaults and without stars"),
        (of_text, "here it is str"),
    ],
)
def test_a_signature_outside_the_subset_is_refused(
    function: Callable[..., object], message: str
) -> None:
    with pytest.raises(SubsetError, match=message):
        signature_of(function)


def test_annotations_that_are_not_text_are_explained() -> None:
    code = "def early(v: list[float]) -> float:\n    return v[0]\n"
    names: dict[str, Callable[..., object]] = {}
    exec(compile(code, "early.py", "exec", dont_inherit=True), {}, names)  # noqa: S102
    with pytest.raises(SubsetError, match="lacks `from __future__ import annot"):
        signature_of(names["early"])


def test_only_plain_functions_are_kernels() -> None:
    with pytest.raises(SubsetError, match="a kernel is a plain function, made by def"):
        Source(lambda: 0.0)
    with pytest.raises(TypeError, match="a kernel is a plain function.*built-in"):
        signature_of(math.sqrt)


def test_an_error_shows_file_line_and_text() -> None:
    there = Source(kernel)
    error = there.refusal(there.tree.body[0], "no")
    assert error.filename == __file__
    assert error.lineno == kernel.__code__.co_firstlineno + 1
    assert error.text == "    v[n] = x\n"


def test_names_mean_what_they_mean_in_the_module() -> None:
    there = Source(kernel)

    def means(text: str) -> object:
        return there.lookup(ast.parse(text, mode="eval").body)

    assert means("LIMIT") == 3.0
    assert means("math.sqrt") is math.sqrt
    assert means("unknown") is ABSENT
    assert means("LIMIT.real") is ABSENT
