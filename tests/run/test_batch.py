from __future__ import annotations

import numpy as np
import pytest

from exmc.errors import UnknownVariableError
from exmc.frames import Phase
from exmc.run import Batch
from tests.inference.rows import SCHEMA, rows

BATCH = Batch(chain=1, phase=Phase.DRAW, first_draw=5, rows=rows(5, 3), schema=SCHEMA)


def test_variables_come_in_their_own_shape() -> None:
    assert BATCH["mu"].tolist() == [5.0, 6.0, 7.0]
    assert BATCH["theta"].shape == (3, 2)
    assert len(BATCH) == 3


def test_statistics_come_by_name() -> None:
    assert set(BATCH.stats) == set(SCHEMA.stats)
    np.testing.assert_array_equal(BATCH.stats["lp"], [5.0, 6.0, 7.0])


def test_an_unknown_name_says_which_there_are() -> None:
    message = "^Nothing is called 'tau' here; the names are mu, theta"
    with pytest.raises(UnknownVariableError, match=message):
        BATCH["tau"]


def test_its_repr_is_short() -> None:
    assert repr(BATCH) == "<Batch of chain 1: 3 DRAW rows from 5>"
