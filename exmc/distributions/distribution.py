"""What every family can do, and the frame that the families share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from exmc.numerics.autodiff import Traceable, is_traced, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


class Distribution(Protocol):
    """A family at one setting of its parameters; they broadcast like a ufunc's.

    Class attributes:
        parameters: What each parameter must be, by name, in PyMC's order.
        support: The values that can occur; a bound may name a parameter.
        default_transform: The name in `exmc.transforms.TRANSFORMS` of the bijection
            that covers the support; "identity" for a discrete family.
        location_scale: The names of location and scale, if the family is
            `location + scale * standard`; else None.
        discrete: Whether the values are whole numbers.
    """

    parameters: ClassVar[Mapping[str, Interval]]
    support: ClassVar[Interval]
    default_transform: ClassVar[str]
    location_scale: ClassVar[tuple[str, str] | None]
    discrete: ClassVar[bool]

    def log_prob(self, value: Traceable) -> Traceable:
        """Give the log of the density or probability, entry by entry, in nats.

        It is -inf outside the support, and never finite when a parameter is outside
        its constraint. NaN gives NaN. The gradient is finite wherever the value is,
        and zero outside the support.
        """
        ...

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give log_prob of values known to lie inside the support; unchecked.

        For free variables, whose transform lands inside, and for observations that
        were checked against a fixed support: it saves the comparisons of log_prob.
        """
        ...

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw independent values from a stream of random words.

        Args:
            stream: Where the words come from.
            shape: Shape of the answer; it broadcasts with the parameters' shapes.

        Returns:
            Shape `shape` broadcast with the parameters; whole numbers are float64.

        Raises:
            ModelError: The family is improper.
        """
        ...


class Family:
    """Masks the density outside the support, the same way for every family."""

    __slots__ = ()

    parameters: ClassVar[Mapping[str, Interval]]
    support: ClassVar[Interval]
    default_transform: ClassVar[str]
    location_scale: ClassVar[tuple[str, str] | None] = None
    discrete: ClassVar[bool] = False

    def log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats, -inf outside the support."""
        if not is_traced(value):
            value = np.asarray(value, dtype=np.float64)
        with np.errstate(all="ignore"):
            if self.support.is_whole_line:
                return self.interior_log_prob(value)
            # A masked value is replaced before the formula, not only after it:
            # otherwise its infinite slope would turn the gradient into NaN.
            support = self.support.resolve(self.values())
            inside = xp.logical_or(support.contains(value), xp.isnan(value))
            safe = xp.where(inside, value, self.support.somewhere())
            return xp.where(inside, self.interior_log_prob(safe), -math.inf)

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats of values inside the support."""
        raise NotImplementedError

    def values(self) -> dict[str, Traceable]:
        """Give the parameters that were set, by name."""
        given = {name: getattr(self, name) for name in self.parameters}
        return {name: value for name, value in given.items() if value is not None}

    def full_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Broadcast a shape with the shapes of the parameters."""
        return np.broadcast_shapes(shape, *map(np.shape, self.values().values()))

    def uniforms(self, stream: Stream, shape: tuple[int, ...]) -> Array:
        """Read uniforms, one word each, in the full shape."""
        full = self.full_shape(shape)
        return stream.uniforms(math.prod(full)).reshape(full)

    def normals(self, stream: Stream, shape: tuple[int, ...]) -> Array:
        """Read standard normals, one word each, in the full shape."""
        full = self.full_shape(shape)
        return stream.normals(math.prod(full)).reshape(full)
