from __future__ import annotations

import inspect
import re

import numpy as np

from exmc import errors
from exmc.errors import (
    BadDataError,
    BadStartError,
    DuplicateNameError,
    ExmcError,
    InvalidModelError,
    SamplingError,
)


def test_the_tree_at_the_top_is_the_tree_of_the_classes() -> None:
    drawn = set(re.findall(r"^ *[+-] (\w+)", errors.__doc__ or "", re.MULTILINE))
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, ExmcError)
    }
    assert drawn == defined - {"ExmcError"}


def test_every_violation_is_told_at_once() -> None:
    error = InvalidModelError([BadDataError("y is NaN"), DuplicateNameError("two x")])
    assert str(error) == "The model has 2 errors:\n  - y is NaN\n  - two x"
    assert [type(v) for v in error.violations] == [BadDataError, DuplicateNameError]


def test_a_bad_start_knows_where_it_was() -> None:
    error = BadStartError("nowhere", coordinates=(1,), position=np.zeros(2))
    assert (str(error), error.coordinates) == ("nowhere", (1,))
    assert error.position is not None
    assert isinstance(error, SamplingError)
    assert error.posterior is None
