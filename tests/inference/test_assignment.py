from __future__ import annotations

import os
import socket
import threading

import numpy as np
import pytest

from exmc.gradient.executable import Executable, Part
from exmc.inference.assignment import (
    Assignment,
    ModelText,
    Work,
    assign,
    assignment_of,
)
from exmc.inference.mapped_arrays import mapped
from exmc.inference.shared_arrays import shared
from exmc.inference.worker_socket import WorkerSocket
from exmc.run import RunSpec

COMPILED = Executable(
    speed="native",
    parts={"density": Part("exmc-program 1", 2, 64)},
    objects=bytes(range(256)) * 2000,
)


@pytest.mark.parametrize("work", [ModelText('{"nodes": []}'), COMPILED])
def test_an_assignment_survives_the_wire_with_its_data_beside_it(work: Work) -> None:
    sent = Assignment(
        spec=RunSpec(seed=3, noncentered={"theta": True}),
        chain=2,
        epoch=1,
        work=work,
        dim=3,
        width=4,
        initial=[0.5, -1.0, 2.0],
        checkpoint=b"\x00\xff",
    )
    data = shared({"x": np.arange(3.0)})
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sending = threading.Thread(target=assign, args=(ours, sent, data.fileno()))
        sending.start()
        link = WorkerSocket(theirs)
        assert assignment_of(link.receive()) == sent
        sending.join()
    assert link.descriptor is not None
    assert mapped(link.descriptor)["x"].tolist() == [0.0, 1.0, 2.0]
    os.close(link.descriptor)
