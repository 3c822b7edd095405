from __future__ import annotations

import os
import socket

import numpy as np

from exmc.inference.mapped_arrays import mapped
from exmc.inference.shared_arrays import shared

ARRAYS = {"y": np.linspace(0.0, 1.0, 5000).reshape(50, 100), "group": np.arange(7)}


def test_arrays_are_aligned_for_machine_code() -> None:
    descriptor = shared(ARRAYS)
    views = mapped(descriptor.fileno())
    assert {view.ctypes.data % 8 for view in views.values()} == {0}


def test_another_process_maps_the_same_memory() -> None:
    descriptor = shared(ARRAYS)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        socket.send_fds(ours, [b"x"], [descriptor.fileno()])
        _, (received,), _, _ = socket.recv_fds(theirs, 1, 1)
        same = os.fstat(received).st_ino == os.fstat(descriptor.fileno()).st_ino
        np.testing.assert_array_equal(mapped(received)["y"], ARRAYS["y"])
        os.close(received)
    assert same
