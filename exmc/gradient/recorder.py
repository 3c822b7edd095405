"""A function of a vector as a list of primitives, its gradient included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.errors import UntraceableError
from exmc.gradient.backward import pulled_back
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.tape import Recording, Step, step_of
from exmc.gradient.watched import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exmc.gradient.tape import Argument, Tape
    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Vector

GIVEN_TO_PLAIN_PYTHON = (
    "float() argument must be",
    "int() argument must be",
    "only length-1 arrays can be converted",
    "only 0-dimensional arrays can be converted",
    "setting an array element with a sequence",
)
"""How Python and numpy refuse a recorded value where a plain number is needed."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """What a function did.

    Attributes:
        steps: In order; the first is the input.
        outputs: Steps, or constants. For a gradient: the value and the gradient.
        forward: Number of the first step of the way back.
    """

    steps: tuple[Step, ...]
    outputs: tuple[Argument, ...]
    forward: int


def record_gradient(
    function: Callable[[Traceable], Traceable], dim: int, at: Vector | None = None
) -> Recorded:
    """Run a function and its backward once; return the primitives of both.

    Args:
        function: From an array of shape (dim,) to a number, written with `xp`.
        dim: Length of the input.
        at: Where to run it; what is recorded does not depend on the place. Without
            it, a few places are tried: a factorisation may fail at one.

    Raises:
        UntraceableError: The function branches on a value, or turns one into a plain
            number.
        NoRuleError: It cannot be recorded for another reason.
    """

    def run(tape: Tape, z: Traceable) -> tuple[tuple[Argument, ...], int]:
        value = function(z)
        forward = len(tape.steps)
        end = step_of(value, tape)
        if np.shape(_plain(value)) != ():
            message = f"the log-density has shape {np.shape(_plain(value))}, not ()"
            raise NoRuleError(message)
        if end is None:
            return (value, np.zeros(dim)), forward
        gradient = pulled_back(tape, end)
        return (end, _output(gradient, tape)), forward

    return _recorded(run, dim, at)


def record_values(
    function: Callable[[Traceable], Sequence[Traceable]],
    dim: int,
    at: Vector | None = None,
) -> Recorded:
    """Run a function of several outputs once; return its primitives.

    Args:
        function: From an array of shape (dim,) to arrays and numbers.
        dim: Length of the input.
        at: Where to run it, as in record_gradient.

    Raises:
        UntraceableError: As in record_gradient.
        NoRuleError: Likewise.
    """

    def run(tape: Tape, z: Traceable) -> tuple[tuple[Argument, ...], int]:
        outputs = tuple(_output(value, tape) for value in function(z))
        return outputs, len(tape.steps)

    return _recorded(run, dim, at)


def _recorded(
    run: Callable[[Tape, Traceable], tuple[tuple[Argument, ...], int]],
    dim: int,
    at: Vector | None,
) -> Recorded:
    trouble: Exception | None = None
    for place in _places(dim) if at is None else (at,):
        try:
            with Recording() as tape, np.errstate(all="ignore"):
                outputs, forward = run(tape, tape.begin(place))
            return Recorded(tuple(tape.steps), outputs, forward)
        except np.linalg.LinAlgError as error:
            trouble = error
        except (UntraceableError, NoRuleError):
            raise
        except Exception as error:  # the user's function may raise anything
            raise _refusal(error) from error
    message = f"a matrix cannot be factorised wherever it was tried ({trouble})"
    raise NoRuleError(message) from trouble


def _places(dim: int) -> Iterator[Vector]:
    """Yield places to run a function: small numbers, no two of them alike."""
    wave = np.sin(1.0 + np.arange(dim))
    yield from (0.1 * wave, np.zeros(dim), wave)


def _refusal(error: Exception) -> Exception:
    text = f"{type(error).__name__}: {str(error).strip()}"
    if str(error).startswith(GIVEN_TO_PLAIN_PYTHON):
        message = (
            f"The function turns a value that depends on its arguments into a plain "
            f"number ({text}); write it with autograd.numpy, without float(), int() "
            f"or in-place assignment."
        )
        return UntraceableError(message)
    return NoRuleError(f"it cannot be recorded with its gradient ({text})")


def _output(value: Traceable, tape: Tape) -> Argument:
    step = step_of(value, tape)
    return tape.kept(value) if step is None else step


def _plain(value: Traceable) -> Any:  # noqa: ANN401 - whatever the function gave
    return value_of(value) if hasattr(value, "_value") else value
