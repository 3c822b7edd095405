from __future__ import annotations

import mmap
import os
from pathlib import Path

import numpy as np
import pytest

from exmc.errors import SamplingError
from exmc.inference.mapped_arrays import mapped
from exmc.inference.shared_arrays import shared

ARRAYS = {
    "y": np.linspace(0.0, 1.0, 5000).reshape(50, 100),
    "group": np.arange(7),
    "nothing": np.zeros((0, 3)),
    "scalar": np.array(2.5),
}


def test_the_arrays_come_back_equal_and_read_only() -> None:
    descriptor = shared(ARRAYS)
    views = mapped(descriptor.fileno())
    descriptor.close()
    assert list(views) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert views[name].dtype == array.dtype
        np.testing.assert_array_equal(views[name], array)
        assert not views[name].flags.writeable


def test_nobody_can_change_them_any_more() -> None:
    descriptor = shared(ARRAYS)
    with pytest.raises(PermissionError):
        os.write(descriptor.fileno(), b"x")
    with pytest.raises(PermissionError):
        mmap.mmap(descriptor.fileno(), 0, access=mmap.ACCESS_WRITE)


def test_no_arrays_are_fine_too() -> None:
    descriptor = shared({})
    assert mapped(descriptor.fileno()) == {}


@pytest.mark.parametrize("name", ["memfd_create", "dup"])
def test_data_for_which_there_is_no_room_name_the_limits_and_leave_nothing_open(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object) -> int:
        raise OSError(24, "Too many open files")

    before = len([*Path("/proc/self/fd").iterdir()])
    monkeypatch.setattr(os, name, refused)
    with pytest.raises(SamplingError, match=r"^The run's data .*many .*`ulimit -n`"):
        shared(ARRAYS)
    assert len([*Path("/proc/self/fd").iterdir()]) == before
