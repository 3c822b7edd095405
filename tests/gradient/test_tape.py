from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import trace_stack

from exmc.gradient.library import GETITEM
from exmc.gradient.tape import Recording, Step, Tape, step_of

Z = np.array([0.5, -1.0, 2.0])


def names(tape: Tape) -> list[str]:
    return [step.name for step in tape.steps]


def test_steps_stand_in_the_order_in_which_they_ran() -> None:
    with Recording() as tape:
        z = tape.begin(Z)
        anp.sum(anp.exp(z) * z[0])
    assert names(tape) == ["the input", "exp", "__getitem__", "multiply", "sum"]
    assert [step.number for step in tape.steps] == list(range(5))
    assert repr(tape.steps[1]) == "<step 1: exp>"


def test_a_step_knows_what_it_was_applied_to() -> None:
    with Recording() as tape:
        anp.sum(2.0 * tape.begin(Z), axis=0)
    root, product, total = tape.steps
    assert product.arguments == (2.0, root)
    assert (product.places, product.parents) == ((1,), (root,))
    assert total.keywords == {"axis": 0}
    np.testing.assert_array_equal(product.value, 2.0 * Z)


def test_both_places_of_one_value_are_kept() -> None:
    with Recording() as tape:
        z = tape.begin(Z)
        anp.multiply(z, z)
    root, square = tape.steps
    assert square.arguments == (root, root)


def test_comparisons_are_steps_that_take_no_gradient() -> None:
    with Recording() as tape:
        z = tape.begin(Z)
        anp.where(z > 0, z, 1.0)
    _, comparison, choice = tape.steps
    assert not comparison.active
    assert choice.active
    assert list(choice.ways_back()) == [(1, tape.steps[0])]
    assert list(comparison.ways_back()) == []


def test_questions_of_shape_are_no_steps() -> None:
    with Recording() as tape:
        z = tape.begin(Z)
        assert (anp.size(z), anp.ndim(z), anp.shape(z), len(z)) == (3, 1, (3,), 3)
    assert names(tape) == ["the input"]


def test_a_constant_array_is_kept_as_it_was() -> None:
    weights = np.ones(3)
    with Recording() as tape:
        z = tape.begin(Z)
        anp.multiply(z, weights)
        weights[:] = 7.0
        anp.multiply(z, weights)
    np.testing.assert_array_equal(tape.steps[1].arguments[1], np.ones(3))
    np.testing.assert_array_equal(tape.steps[2].arguments[1], np.full(3, 7.0))


def test_an_array_that_did_not_change_is_the_same_array_again() -> None:
    weights = np.array([1.0, np.nan, 2.0])
    with Recording() as tape:
        z = tape.begin(Z)
        anp.multiply(z, weights)
        anp.add(z, weights)
    assert tape.steps[1].arguments[1] is tape.steps[2].arguments[1]
    assert not tape.steps[1].arguments[1].flags.writeable


def test_an_array_that_cannot_change_is_not_copied() -> None:
    weights = np.arange(3.0)
    weights.flags.writeable = False
    with Recording() as tape:
        anp.multiply(tape.begin(Z), weights)
    assert tape.steps[1].arguments[1] is weights


def test_an_index_is_kept_as_it_was() -> None:
    index = np.array([0, 2])
    with Recording() as tape:
        tape.begin(Z)[index, None]
        index[:] = 1
    step = tape.steps[1]
    assert step.function is GETITEM
    np.testing.assert_array_equal(step.arguments[1][0], [0, 2])


def test_a_value_leads_back_to_its_step_on_its_own_tape_only() -> None:
    with Recording() as outer, Recording() as inner:
        z = inner.begin(Z)
        assert step_of(anp.exp(z), inner) is inner.steps[1]
        assert step_of(z, outer) is None
        assert step_of(3.0, inner) is None
        assert isinstance(step_of(inner.box(inner.steps[1]), inner), Step)


def test_a_recording_that_fails_leaves_autograd_as_it_was() -> None:
    depth = trace_stack.top
    with pytest.raises(ZeroDivisionError), Recording():
        raise ZeroDivisionError
    assert trace_stack.top == depth
