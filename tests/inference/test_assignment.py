from __future__ import annotations

import numpy as np

from exmc.frames import FrameReader, encode, pack_arrays, unpack_arrays
from exmc.inference.assignment import Assignment, assignment_of
from exmc.run import RunSpec


def test_an_assignment_survives_the_wire() -> None:
    sent = Assignment(
        spec=RunSpec(seed=3, noncentered={"theta": True}),
        chain=2,
        epoch=1,
        model='{"nodes": []}',
        arrays=pack_arrays({"x": np.arange(3.0)}),
        checkpoint=b"\x00\xff",
    )
    (frame,) = FrameReader().feed(encode(sent.frame()))
    got = assignment_of(frame)
    assert got == sent
    assert unpack_arrays(got.arrays)["x"].tolist() == [0.0, 1.0, 2.0]
