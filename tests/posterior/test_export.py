"""Draws for ArviZ."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from exmc.errors import MissingExtraError, OptionError
from exmc.frames import Schema, VariableSchema
from exmc.posterior import Posterior
from tests.posterior.runs import a_posterior


def test_a_datatree_has_the_same_labelled_draws() -> None:
    posterior = a_posterior()
    tree = posterior.to_datatree()
    for name in posterior:
        np.testing.assert_array_equal(tree["posterior"][name], posterior[name])
    for name in posterior.stats:
        np.testing.assert_array_equal(tree["sample_stats"][name], posterior.stats[name])
    assert tree["posterior"]["theta"].dims == ("chain", "draw", "school")
    assert list(tree["posterior"]["school"].values) == ["A", "B", "C"]
    assert tree["posterior"]["grid"].dims == ("chain", "draw", "grid_dim_0", "side")


def test_a_datatree_says_where_it_comes_from() -> None:
    attributes = a_posterior((10, 7)).to_datatree()["posterior"].attrs
    assert attributes["inference_library"] == "exmc"
    assert attributes["seed"] == 7
    assert attributes["partial"] == "True"


def test_without_arviz_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "arviz_base", None)
    with pytest.raises(
        MissingExtraError,
        match=r"^to_datatree needs ArviZ: pip install 'exmc\[arviz\]'",
    ):
        a_posterior().to_datatree()


def posterior_of(*variables: VariableSchema) -> Posterior:
    schema = Schema(
        dim=1,
        stats=("lp",),
        variables=variables,
        coords={"g": ("a", "b"), "chain": (1, 2)},
    )
    return a_posterior(schema=schema)


@pytest.mark.parametrize(
    ("variable", "axes"),
    [
        (VariableSchema("g", (2,), ("g",)), ("g_",)),
        (VariableSchema("x", (2,), ("chain",)), ("chain_",)),
        (VariableSchema("x", (2, 2), ("g", "g")), ("g", "g_")),
        (VariableSchema("x", (3,), (None,)), ("x_dim_0_",)),
    ],
    ids=["of the variable", "of arviz", "of the axis before", "of another variable"],
)
def test_no_variable_is_lost_to_an_axis_of_its_name(
    variable: VariableSchema, axes: tuple[str, ...]
) -> None:
    posterior = posterior_of(variable, VariableSchema("x_dim_0"))
    tree = posterior.to_datatree()["posterior"]
    assert tree[variable.name].dims == ("chain", "draw", *axes)
    for name in posterior:
        np.testing.assert_array_equal(tree[name], posterior[name])
    assert list(tree[axes[-1]].values) in (["a", "b"], [1, 2], [0, 1, 2])


@pytest.mark.parametrize("name", ["chain", "draw", "a/b"])
def test_a_name_that_arviz_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(
        OptionError, match=f"^ArviZ cannot hold a variable named '{name}'; rename it "
    ):
        posterior_of(VariableSchema(name)).to_datatree()
