"""What a worker is told: which chain of which model, and where to go on from."""

from __future__ import annotations

import msgspec

from exmc.frames import Frame, Kind
from exmc.run import RunSpec  # noqa: TC001 - msgspec reads the annotations


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One chain's work.

    Attributes:
        spec: The options of the run.
        chain: Which chain.
        epoch: How often its worker was started before.
        model: The model as versioned JSON, its data apart.
        arrays: The model's data as packed arrays.
        checkpoint: Packed arrays to resume from; empty for a new chain.
    """

    spec: RunSpec
    chain: int
    epoch: int
    model: str
    arrays: bytes
    checkpoint: bytes = b""

    def frame(self) -> Frame:
        """The assignment as a frame."""
        return Frame(
            Kind.ASSIGN,
            chain=self.chain,
            epoch=self.epoch,
            payload=msgspec.msgpack.encode(self),
        )


def assignment_of(frame: Frame) -> Assignment:
    """Read an assignment back from its frame."""
    return msgspec.msgpack.decode(frame.payload, type=Assignment)


class Failure(msgspec.Struct, frozen=True):
    """Why a worker could not go on; the same again would fail again.

    Attributes:
        error: The name of the exception's class.
        message: What it said.
        traceback: Where it was raised, as text.
    """

    error: str
    message: str
    traceback: str = ""


class Adapted(msgspec.Struct, frozen=True):
    """What a chain adapted.

    Attributes:
        step_size: In whitened coordinates.
        scale: Of each unconstrained coordinate.
        mean: Of each unconstrained coordinate.
        n_gradients: Gradients that warm-up took.
    """

    step_size: float
    scale: list[float]
    mean: list[float]
    n_gradients: int
