from __future__ import annotations

import pytest

from exmc.errors import (
    BadDataError,
    BadParameterError,
    DuplicateNameError,
    InvalidModelError,
    ModelError,
    NoFreeVariableError,
    ShapeMismatchError,
    UnknownVariableError,
)
from exmc.ir.validate import raise_any, validate
from tests.ir.graphs import (
    Data,
    DataRef,
    Deterministic,
    VariableRef,
    constant,
    eight_schools,
    everything,
    far_parents,
    graph_of,
    normal,
    op,
    seen,
)


@pytest.mark.parametrize("make", [eight_schools, everything, far_parents])
def test_a_well_formed_graph_has_no_violation(make: object) -> None:
    assert validate(make()) == ()  # type: ignore[operator]


def test_all_violations_are_found_at_once() -> None:
    graph = graph_of(
        normal("a", 0.0, -1.0),
        normal("b", VariableRef("a", ()), 0.0),
        seen("y", VariableRef("b", ()), [float("nan")]),
    )
    kinds = [type(v) for v in validate(graph)]
    assert kinds == [BadParameterError, BadParameterError, BadDataError]


def test_a_reference_to_nothing_is_found() -> None:
    graph = graph_of(normal("a", 0.0, 1.0), seen("y", VariableRef("nu", ()), [1.0]))
    (violation,) = validate(graph)
    assert isinstance(violation, UnknownVariableError)
    assert str(violation).startswith("Unknown variable 'nu'; define it before it is ")


def test_a_cycle_is_a_reference_to_something_not_yet_defined() -> None:
    graph = graph_of(
        normal("a", VariableRef("b", ()), 1.0), normal("b", VariableRef("a", ()), 1.0)
    )
    (violation,) = validate(graph)
    assert str(violation).startswith("Unknown variable 'b'; define it before")


def test_two_nodes_of_one_name_are_found() -> None:
    (violation,) = validate(graph_of(normal("a", 0.0, 1.0), normal("a", 0.0, 1.0)))
    assert isinstance(violation, DuplicateNameError)
    assert str(violation) == "Duplicate name 'a': two nodes bear it; rename one."


def test_dims_must_have_the_lengths_of_coords() -> None:
    graph = graph_of(
        normal("a", 0.0, 1.0, shape=(3,), dims=("g",)), g=("only", "these two")
    )
    (violation,) = validate(graph)
    assert isinstance(violation, ShapeMismatchError)
    assert str(violation) == (
        "'a' has shape (3,), but its dims ('g',) have lengths {'g': 2} in coords; "
        "correct one of them."
    )


def test_a_model_without_a_free_variable_is_found() -> None:
    (violation,) = validate(graph_of(seen("y", 0.0, [1.0])))
    assert isinstance(violation, NoFreeVariableError)
    assert str(violation) == (
        "No free variable: the model has nothing to sample; leave out observed= of "
        "the quantity that you want to learn about."
    )


def test_an_index_out_of_bounds_is_found_before_anything_is_computed() -> None:
    which = DataRef("i", (1,), "int64")
    graph = graph_of(
        Data("i", constant([5]).value),
        normal("a", 0.0, 1.0),
        Deterministic("d", op("getitem", constant([1.0, 2.0]), which)),
    )
    (violation,) = validate(graph)
    assert str(violation).startswith("[1.0, 2.0][i] points outside [1.0, 2.0] of shape")


def test_nan_in_a_deterministic_is_found() -> None:
    graph = graph_of(
        normal("a", 0.0, 1.0),
        Deterministic("d", op("add", VariableRef("a", ()), constant(float("nan")))),
    )
    (violation,) = validate(graph)
    assert str(violation).startswith("A constant in 'd' has NaN;")


def test_nothing_found_raises_nothing() -> None:
    raise_any(())


def test_the_only_violation_is_raised_itself() -> None:
    with pytest.raises(BadDataError, match="^it is wrong$"):
        raise_any([BadDataError("it is wrong")])


def test_several_violations_are_raised_in_one_a_line_each() -> None:
    violations: list[ModelError] = [BadDataError("first"), BadParameterError("second")]
    with pytest.raises(InvalidModelError) as caught:
        raise_any(violations)
    assert str(caught.value) == "The model has 2 errors:\n  - first\n  - second"
    assert caught.value.violations == tuple(violations)
