from __future__ import annotations

import pytest

from exmc.distributions import FAMILIES
from tests.model.families import CONTINUOUS, Row, meant_by


@pytest.mark.parametrize("row", CONTINUOUS, ids=lambda row: row.face.__name__)
def test_a_call_declares_the_distribution_it_says(row: Row) -> None:
    assert meant_by(row) == row.means


@pytest.mark.parametrize("row", CONTINUOUS, ids=lambda row: row.face.__name__)
def test_dist_makes_the_same_distribution_outside_a_model(row: Row) -> None:
    assert row.face.dist(*row.given, **row.named) == row.means  # type: ignore[attr-defined]


def test_every_continuous_family_has_a_row() -> None:
    named = {row.face.__name__ for row in CONTINUOUS}
    assert named == {n for n, family in FAMILIES.items() if not family.discrete}
