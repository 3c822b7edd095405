from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import pytest

import exmc
from exmc.actors.port.descriptor import Descriptor
from exmc.frames import Frame, FrameReader, Kind, Phase, encode
from exmc.inference.assignment import Adapted, Assignment, Failure, ModelText, assign
from exmc.inference.shared_arrays import shared
from exmc.inference.worker import CHECKPOINT_SECONDS, Served, serve
from exmc.ir import to_parts
from exmc.run import RunSpec


def assigned(
    model: exmc.Model, spec: RunSpec, checkpoint: bytes = b""
) -> tuple[Assignment, Descriptor]:
    text, arrays = to_parts(model.graph)
    compiled = model.compile()
    assignment = Assignment(
        spec=spec,
        chain=1,
        epoch=0,
        work=ModelText(text),
        dim=compiled.dim,
        width=compiled.width,
        checkpoint=checkpoint,
    )
    return assignment, shared(arrays)


def normal() -> exmc.Model:
    with exmc.Model() as model:
        exmc.Normal("x", 2.0, 3.0)
    return model


def served(
    assigned: tuple[Assignment, Descriptor],
    command: bytes = b"",
    clock: Callable[[], float] | None = None,
) -> tuple[list[Frame], Served]:
    """Everything that a worker says about an assignment, and how it ended."""
    ours, theirs = socket.socketpair()
    codes: list[Served] = []
    ticks: Iterator[int] = itertools.count()
    tick = clock or (lambda: next(ticks) * 1e-4)
    with ours:
        assignment, data = assigned
        assign(ours, assignment, data.fileno())
        ours.sendall(command)
        thread = threading.Thread(target=lambda: codes.append(serve(theirs, tick)))
        thread.start()
        reader, frames = FrameReader(), list[Frame]()
        while not any(f.kind in (Kind.DONE, Kind.FAILED) for f in frames):
            frames += reader.feed(ours.recv(1 << 18))
        thread.join()
    theirs.close()
    return frames, codes[0]


def rows(
    frames: list[Frame], phase: Phase
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    blocks = [f.rows for f in frames if f.kind is Kind.DRAWS and f.phase is phase]
    return np.concatenate(blocks)


def test_every_transition_is_sent_once_in_order() -> None:
    frames, code = served(assigned(normal(), RunSpec(draws=30, tune=20, seed=4)))
    assert code is Served.FINISHED
    for phase, count in ((Phase.TUNE, 20), (Phase.DRAW, 30)):
        draws = [f for f in frames if f.kind is Kind.DRAWS and f.phase is phase]
        firsts = [f.first for f in draws]
        assert firsts == [0, *itertools.accumulate(f.count for f in draws)][:-1]
        assert sum(f.count for f in draws) == count
    assert {f.chain for f in frames} == {1}


def test_values_are_the_users_and_follow_from_the_position() -> None:
    with exmc.Model() as model:
        scale = exmc.HalfNormal("scale", 2.0)
        exmc.Deterministic("twice", 2 * scale)
    frames, _ = served(assigned(model, RunSpec(draws=10, tune=5, seed=4)))
    block = rows(frames, Phase.DRAW)
    schema = model.compile().schema
    scales = block[:, schema.columns_of("scale")]
    np.testing.assert_allclose(scales, np.exp(block[:, schema.position_columns]))
    np.testing.assert_array_equal(block[:, schema.columns_of("twice")], 2 * scales)


def test_what_was_adapted_is_told_before_the_first_draw() -> None:
    frames, _ = served(assigned(normal(), RunSpec(draws=5, tune=50, seed=4)))
    kinds = [(f.kind, f.phase) for f in frames]
    assert kinds.index((Kind.ADAPTED, Phase.TUNE)) < kinds.index(
        (Kind.DRAWS, Phase.DRAW)
    )
    told = next(f for f in frames if f.kind is Kind.ADAPTED)
    adapted = msgspec.json.decode(told.payload, type=Adapted)
    assert adapted.step_size > 0
    assert len(adapted.scale) == 1


def test_a_chain_goes_on_from_its_checkpoint_with_the_same_draws() -> None:
    spec = RunSpec(draws=40, tune=30, seed=4)
    ticks = itertools.count()
    frames, _ = served(
        assigned(normal(), spec), clock=lambda: next(ticks) * CHECKPOINT_SECONDS
    )
    points = [f.payload for f in frames if f.kind is Kind.CHECKPOINT]
    assert len(points) > 20
    whole = rows(frames, Phase.DRAW)
    for point in points[:: len(points) // 5][:-1]:
        again, _ = served(assigned(normal(), spec, point))
        tail = rows(again, Phase.DRAW)
        np.testing.assert_array_equal(tail, whole[len(whole) - len(tail) :])


def test_a_stop_keeps_the_draws_made_and_says_so() -> None:
    stop = encode(Frame(Kind.COMMAND, payload=b"stop"))
    frames, code = served(assigned(normal(), RunSpec(draws=10**6, seed=4)), stop)
    assert (frames[-1].kind, frames[-1].payload) == (Kind.DONE, b"stopped")
    assert code is Served.FINISHED
    assert len(rows(frames, Phase.TUNE)) >= 1


def test_a_start_that_is_nowhere_finite_says_where_it_tried() -> None:
    with exmc.Model() as model:
        x = exmc.Normal("x", 0.0, 1.0)
        exmc.Potential("hopeless", np.log(-1.0 - x**2))
    frames, code = served(assigned(model, RunSpec(seed=4)))
    failure = msgspec.json.decode(frames[-1].payload, type=Failure)
    assert code is Served.FAILED
    assert code.exit_code == 1
    assert failure.error == "BadStartError"
    assert failure.coordinates == ()
    assert failure.position is not None
    assert "worker.py" in failure.traceback


@pytest.mark.parametrize("bytes_before_leaving", [0, 100])
def test_a_worker_whose_parent_is_gone_ends_quietly(bytes_before_leaving: int) -> None:
    ours, theirs = socket.socketpair()
    assignment, data = assigned(normal(), RunSpec(draws=10**6, seed=4))
    if bytes_before_leaving:
        assign(ours, assignment, data.fileno())
    if bytes_before_leaving:
        thread_code: list[Served] = []
        thread = threading.Thread(target=lambda: thread_code.append(serve(theirs)))
        thread.start()
        assert ours.recv(bytes_before_leaving)
        ours.close()
        thread.join()
        assert thread_code == [Served.ABANDONED]
    else:
        ours.close()
        assert serve(theirs) is Served.ABANDONED
    theirs.close()
