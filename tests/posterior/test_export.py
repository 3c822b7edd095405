"""Draws for ArviZ."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from exmc.errors import MissingExtraError
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
