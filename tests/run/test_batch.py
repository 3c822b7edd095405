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
    with pytest.raises(
        UnknownVariableError, match=r"^No variable 'tau' in this run; it has mu, theta"
    ):
        BATCH["tau"]
