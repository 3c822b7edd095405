from __future__ import annotations

import pytest

from exmc import model as face
from exmc.distributions import FAMILIES
from exmc.errors import BadParameterError
from tests.model.families import DISCRETE, Row, meant_by


@pytest.mark.parametrize("row", DISCRETE, ids=lambda row: row.face.__name__)
def test_a_call_declares_the_distribution_it_says(row: Row) -> None:
    assert meant_by(row, observed=[1, 0]) == row.means


@pytest.mark.parametrize("row", DISCRETE, ids=lambda row: row.face.__name__)
def test_dist_makes_the_same_distribution_outside_a_model(row: Row) -> None:
    assert row.face.dist(*row.given, **row.named) == row.means  # type: ignore[attr-defined]


def test_every_discrete_family_has_a_row() -> None:
    named = {row.face.__name__ for row in DISCRETE}
    assert named == {n for n, family in FAMILIES.items() if family.discrete}


@pytest.mark.parametrize(
    ("named", "got"), [({}, "neither"), ({"p": 0.5, "logit_p": 0.0}, "both")]
)
def test_exactly_one_of_p_and_logit_p_is_given(
    named: dict[str, float], got: str
) -> None:
    message = (
        f"^Bernoulli needs exactly one of p and logit_p, got {got}; pass a probability "
        f"as p or log-odds as logit_p.$"
    )
    with pytest.raises(BadParameterError, match=message), face.Model():
        face.Bernoulli("x", observed=1, **named)  # type: ignore[arg-type]
