"""Whether a program computes what autograd does, at a few random points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.gradient.no_rule import NoRuleError
from exmc.numerics.autodiff import value_and_grad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Array, Density, Vector

POINTS: Final = 3
RTOL: Final = 1e-9
"""Difference that is allowed, relative to the largest entry."""

NUDGE: Final = 1e-14
ROUNDINGS: Final = 100.0
LARGEST_RTOL: Final = 1e-3
"""An answer that moves by d when z moves by NUDGE may differ by ROUNDINGS d, but never
by more than LARGEST_RTOL: a function that draws random numbers moves by itself."""


def check_agreement(
    density: Density,
    function: Callable[[Traceable], Traceable],
    centre: Vector,
    *,
    mended: bool = False,
) -> None:
    """Refuse a program that differs from its function.

    Args:
        density: The program, as it will be run.
        function: What was lowered.
        centre: Of the points.
        mended: See Lowered.

    Raises:
        NoRuleError: Value or gradient differ; gives both.
    """
    slope = np.empty(len(centre))
    for z in _points(centre):
        with np.errstate(all="ignore"):
            value = density(z, slope)
        ours, theirs = np.append(value, slope), _answer(function, z)
        if not _agree(ours, theirs, mended=mended):
            tolerance = ROUNDINGS * np.abs(_answer(function, z + NUDGE) - theirs)
            if not _agree(ours, theirs, tolerance, mended=mended):
                raise NoRuleError(_difference(ours, theirs))


def check_values(
    values: Density,
    function: Callable[[Traceable], Sequence[Traceable]],
    centre: Vector,
    width: int,
) -> None:
    """Refuse a program of values that differs from its function.

    A program may be finite where its function overflows; never the other way.

    Args:
        values: The program, as it will be run.
        function: What was lowered.
        centre: Of the points.
        width: Numbers in all values together.

    Raises:
        NoRuleError: A value differs.
    """
    ours = np.empty(width)
    for z in _points(centre):
        with np.errstate(all="ignore"):
            values(z, ours)
            theirs = np.concatenate([[], *map(np.ravel, function(z))])
            apart = np.abs(ours - theirs) > RTOL * (1.0 + np.abs(theirs))
        wrong = np.flatnonzero((apart | ~np.isfinite(ours)) & np.isfinite(theirs))
        if wrong.size:
            first = int(wrong[0])
            message = (
                f"its program gives {ours[first]:.17g} for value {first} where the "
                f"model gives {theirs[first]:.17g}"
            )
            raise NoRuleError(message)


def _points(centre: Vector) -> Iterator[Vector]:
    stream = np.random.Generator(np.random.PCG64(20261201))
    for scale in np.linspace(0.1, 1.0, POINTS):
        yield centre + scale * stream.standard_normal(len(centre))


def _answer(function: Callable[[Traceable], Traceable], z: Vector) -> Vector:
    """Return autograd's value and gradient as one array; NaN for a failed factor."""
    try:
        with np.errstate(all="ignore"):
            value, gradient = value_and_grad(function)(z)
    except np.linalg.LinAlgError:
        return np.full(1 + len(z), np.nan)
    return np.append(value, gradient)


def _agree(
    ours: Vector, theirs: Vector, tolerance: Array | float = 0.0, *, mended: bool
) -> bool:
    """Compare; not finite agrees with not finite, and all does if the value is."""
    if not (np.isfinite(ours[0]) and np.isfinite(theirs[0])):
        return not (np.isfinite(ours[0]) or np.isfinite(theirs[0]))
    finite = np.isfinite(ours), np.isfinite(theirs)
    both = finite[0] & finite[1]
    if not (mended or (finite[0] == finite[1]).all()):
        return False
    size = 1.0 + np.abs(theirs[both]).max()
    apart = np.abs(ours - theirs)[both]
    moved = np.broadcast_to(np.nan_to_num(tolerance), ours.shape)[both]
    allowed = size * RTOL + np.minimum(moved, size * LARGEST_RTOL)
    return bool((apart <= allowed).all() and (finite[0] | ~finite[1]).all())


def _difference(ours: Vector, theirs: Vector) -> str:
    """Say where two answers are furthest apart."""
    apart = np.abs(ours - theirs) / (1.0 + np.abs(theirs))
    worst = int(np.argmax(np.where(np.isnan(apart), np.inf, apart)))
    what = f"entry {worst - 1} of the gradient" if worst else "the log-density"
    return (
        f"its program gives {ours[worst]:.17g} where autograd gives "
        f"{theirs[worst]:.17g} for {what}"
    )
