"""Named arrays cut from rows."""

from __future__ import annotations

import numpy as np
import pytest

from exmc.posterior.labelled import (
    ChainLabelledDraws,
    LabelledDraws,
    stat_fields,
    variable_fields,
)
from tests.posterior.runs import SCHEMA, some_rows

BLOCKS = [some_rows(6, seed=1), some_rows(4, seed=2)]


def test_an_array_holds_the_draws_that_every_chain_has() -> None:
    draws = LabelledDraws(BLOCKS, variable_fields(SCHEMA))
    assert draws["mu"].shape == (2, 4)
    assert draws["grid"].shape == (2, 4, 2, 2)
    np.testing.assert_array_equal(draws["theta"][1, 3], BLOCKS[1][3, 8:11])


def test_a_matrix_is_in_c_order() -> None:
    grid = LabelledDraws(BLOCKS, variable_fields(SCHEMA))["grid"]
    np.testing.assert_array_equal(grid[0, 0].ravel(), BLOCKS[0][0, 11:15])


def test_one_chain_has_all_its_draws() -> None:
    draws = ChainLabelledDraws(BLOCKS[0], variable_fields(SCHEMA))
    assert draws["theta"].shape == (6, 3)


def test_statistics_have_the_types_of_what_they_mean() -> None:
    stats = LabelledDraws(BLOCKS, stat_fields(SCHEMA))
    assert [stats[name].dtype for name in stats] == [np.float64, np.int64, np.bool_]


def test_an_array_may_be_written_without_touching_the_draws() -> None:
    draws = LabelledDraws(BLOCKS, variable_fields(SCHEMA))
    draws["mu"][:] = 0.0
    assert (draws["mu"] != 0.0).all()


def test_an_unknown_name_lists_the_known_ones() -> None:
    draws = LabelledDraws(BLOCKS, variable_fields(SCHEMA))
    with pytest.raises(
        KeyError, match="^Nothing is called 'tau' here; the names are mu, th"
    ):
        draws["tau"]
    assert draws.get("tau") is None
    assert "tau" not in draws
