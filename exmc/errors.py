"""The exception tree every public call may raise.

ExmcError
+ ModelError               the model is not well formed; fix the model
  - InvalidModelError        every violation of a model at once, one a line
  - UnknownVariableError     a name that is not in the model
    - AbsentNameError          a name that is not among the draws; a KeyError too
  - DuplicateNameError       two variables of one name
  - ShapeMismatchError       shapes or dims that do not go together
  - BadParameterError        a distribution parameter outside its constraint
  - OutsideSupportError      an observed value that the family cannot produce
  - BadDataError             data that are NaN, empty or of the wrong type
  - NoFreeVariableError      nothing to sample
  - UntraceableError         a function whose steps cannot be recorded
  - UnknownFormatError       a model file of another version, op or family
+ OptionError              an argument of a call is out of range; fix the call
+ SamplingError            the run cannot go on; the draws so far are attached
  - BadStartError            no finite start was found
  - ChainLostError           a worker died again and again without progress
+ FrameError               bytes that are not a frame of ours
  - ReplayMismatchError      a replayed draw differs from the stored one
+ PosteriorFileError       a file that is not a saved posterior
+ MissingExtraError        an optional library is not installed

SlowGradientWarning        the fast ways to a gradient cannot be had; a warning

Not in this tree: a divergence (data: the `diverging` column of a draw's
statistics) and the crash of a supervised process (an exit reason, see
exmc.actors).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class ExmcError(Exception):
    """Anything exmc raises on purpose; the message names value and remedy."""


class ModelError(ExmcError, ValueError):
    """The model is not well formed."""


class InvalidModelError(ModelError):
    """Every violation found in a model.

    Attributes:
        violations: One ModelError a violation, in the order of the model.
    """

    def __init__(self, violations: Sequence[ModelError]) -> None:
        self.violations = tuple(violations)
        count = len(self.violations)
        head = f"The model has {count} error{'s' if count != 1 else ''}:"
        super().__init__("\n".join([head, *(f"  - {v}" for v in self.violations)]))


class UnknownVariableError(ModelError):
    """A name that no variable of the model bears."""


class AbsentNameError(UnknownVariableError, KeyError):
    """A name that no draws bear; a KeyError too, as any Mapping owes its callers."""

    __str__ = Exception.__str__  # a KeyError would show the sentence in quotes


class DuplicateNameError(ModelError):
    """Two variables of one name."""


class ShapeMismatchError(ModelError):
    """Shapes or dims that do not go together."""


class BadParameterError(ModelError):
    """A distribution parameter outside its constraint."""


class OutsideSupportError(ModelError):
    """An observed value that the family cannot produce."""


class BadDataError(ModelError):
    """Data that are NaN, empty or of the wrong type."""


class NoFreeVariableError(ModelError):
    """A model without anything to sample."""


class UntraceableError(ModelError):
    """A function whose steps cannot be recorded, so it could not travel."""


class UnknownFormatError(ModelError):
    """A model file of a version, operation or family that we do not know."""


class OptionError(ExmcError, ValueError):
    """An argument of a call is out of range."""


class SamplingError(ExmcError):
    """The run cannot go on.

    Attributes:
        posterior: The draws made before it ended, marked partial, or None.
    """

    posterior: object | None = None


class BadStartError(SamplingError):
    """No start with a finite log-density and gradient was found.

    Attributes:
        coordinates: Unconstrained coordinates whose gradient is not finite; empty
            when it is the log-density itself.
        position: The last point that was tried, shape (dim,), or None.
    """

    def __init__(
        self,
        message: str,
        coordinates: tuple[int, ...] = (),
        position: NDArray[np.float64] | None = None,
    ) -> None:
        self.coordinates = coordinates
        self.position = position
        super().__init__(message)


class ChainLostError(SamplingError):
    """A chain's worker died again and again without making a draw."""


class FrameError(ExmcError):
    """Bytes that are not a frame of ours."""


class ReplayMismatchError(FrameError):
    """A replayed draw differs from the stored one."""


class PosteriorFileError(ExmcError):
    """A file that is not a posterior saved by exmc."""


class MissingExtraError(ExmcError, ImportError):
    """An optional library is not installed."""


class SlowGradientWarning(UserWarning):
    """A model's gradients are computed more slowly than was wanted; it says why."""
