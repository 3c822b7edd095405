"""What a worker is told: which chain of which model, and where to go on from."""

from __future__ import annotations

import socket
from array import array
from typing import TypeAlias

import msgspec

from exmc.frames import Frame, Kind, encode
from exmc.gradient.executable import Executable
from exmc.run import RunSpec  # noqa: TC001 - msgspec reads the annotations


class ModelText(msgspec.Struct, frozen=True, tag="model"):
    """A model whose gradients are autograd's; the worker compiles it.

    Attributes:
        graph: The model as versioned JSON, its data apart.
    """

    graph: str


Work: TypeAlias = Executable | ModelText
"""What a chain's density is made of; its data are mapped, not sent."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One chain's work.

    Attributes:
        spec: The options of the run.
        chain: Which chain.
        epoch: How often its worker was started before.
        work: The model's density and values.
        kernels: The sampler's machine code; empty to run it as Python.
        dim: Number of unconstrained coordinates.
        width: Numbers in the values of all variables.
        initial: Where to start, in unconstrained coordinates; None for anywhere.
        checkpoint: Packed arrays to resume from; empty for a new chain.
    """

    spec: RunSpec
    chain: int
    epoch: int
    work: Work
    dim: int
    width: int
    kernels: bytes = b""
    initial: list[float] | None = None
    checkpoint: bytes = b""

    def frame(self) -> Frame:
        """The assignment as a frame."""
        return Frame(
            Kind.ASSIGN,
            chain=self.chain,
            epoch=self.epoch,
            payload=msgspec.msgpack.encode(self),
        )


def assign(sock: socket.socket, assignment: Assignment, data: int) -> None:
    """Send a worker its assignment, and a duplicate of the descriptor of its data.

    Raises:
        OSError: The worker is gone.
    """
    message = encode(assignment.frame())
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [data]))]
    # A descriptor travels with a byte; the rest follows as the worker reads.
    sock.sendmsg([message[:1]], rights, socket.MSG_NOSIGNAL)
    sock.sendall(memoryview(message)[1:], socket.MSG_NOSIGNAL)


def assignment_of(frame: Frame) -> Assignment:
    """Read an assignment back from its frame."""
    return _decoder.decode(frame.payload)


# Made once, in the zygote: a decoder takes milliseconds to make.
_decoder = msgspec.msgpack.Decoder(Assignment)


STOP = b"stop"
"""The command to finish the transition and end; other commands are upgrades."""


class Upgrade(msgspec.Struct, frozen=True):
    """Machine code for a chain that runs on the strict program; the draws stay.

    Attributes:
        work: The same programs, compiled.
        kernels: The sampler's machine code.
    """

    work: Executable
    kernels: bytes


class Failure(msgspec.Struct, frozen=True):
    """Why a worker could not go on; the same again would fail again.

    Attributes:
        error: The name of the exception's class.
        message: What it said.
        traceback: Where it was raised, as text.
        coordinates: Those that were not finite, if that was it.
        position: Where, in unconstrained coordinates; None if nowhere.
    """

    error: str
    message: str
    traceback: str = ""
    coordinates: tuple[int, ...] = ()
    position: list[float] | None = None


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
