"""The fast functions compute what programs mean, to rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.gradient.numpy_emitter import emit_numpy
from tests.gradient.closeness import assert_close_to_plain
from tests.gradient.programs import OPS, Case, programs

few = settings(max_examples=3, derandomize=True, database=None, deadline=None)


def outputs(case: Case) -> tuple[float, np.ndarray]:
    out = np.full(case.program.width, np.nan)
    with np.errstate(all="ignore"):
        scalar = emit_numpy(case.program).bind(case.data)(case.z, out)
    assert type(scalar) is float
    return scalar, out


@pytest.mark.parametrize("op", OPS)
@few
@given(st.data())
def test_each_operation_agrees_with_the_plain_one(op: str, data: st.DataObject) -> None:
    case = data.draw(programs(op))
    assert_close_to_plain(case, *outputs(case))


@pytest.mark.slow
@settings(few, max_examples=300)
@given(programs())
def test_programs_agree_with_their_plain_evaluation(case: Case) -> None:
    assert_close_to_plain(case, *outputs(case))
