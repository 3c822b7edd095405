"""Random streams keyed by seed, chain and purpose: one 64-bit word a number.

Rule: the only state is how many words were consumed. numpy guarantees the raw words
of PCG64DXSM and of SeedSequence, and everything else is computed here, so a stream
can be resumed anywhere, by any worker, under any later numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.errors import OptionError
from exmc.numerics.elementary.strict import ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from exmc.typing import Vector

MOMENTUM = 0
"""Normals for the momentum of each transition."""
TREE = 1
"""Uniforms for directions and choices inside a tree."""
START = 2
"""Uniforms for the initial position."""
DRAW = 3
"""Draws from distributions: prior and posterior prediction."""

_DROPPED_BITS = np.uint64(12)
_CELL = 2.0**-52


def uniforms_from_words(words: NDArray[np.uint64]) -> Vector:
    """Give the midpoint of the cell, of 2**52 equal ones, that a word falls in.

    With 52 bits k + 1/2 is exact, so the numbers lie strictly inside (0, 1) and
    symmetrically about 1/2. A 53rd bit would round the last cell's midpoint to 1.
    """
    return ((words >> _DROPPED_BITS).astype(np.float64) + 0.5) * _CELL


def normals_from_uniforms(uniforms: Vector, normals: Vector) -> None:
    """Write the normal below which so much of the probability lies; shapes (n,).

    In the compilable subset (exmc.native.subset): the bits are the same everywhere.
    """
    normals[:] = ndtri(uniforms)


class Stream:
    """An endless row of random words, read from the front.

    Attributes:
        consumed: Words read so far; with the key, the whole state.
    """

    __slots__ = ("_words", "consumed")

    def __init__(self, words: np.random.PCG64DXSM, consumed: int) -> None:
        self._words = words
        self.consumed = consumed

    @classmethod
    def keyed(cls, seed: int, chain: int, purpose: int, consumed: int = 0) -> Stream:
        """Open the stream of a key, `consumed` words in. O(log consumed).

        Raises:
            OptionError: The seed or another part of the key is negative.
        """
        key = {"seed": seed, "chain": chain, "purpose": purpose, "consumed": consumed}
        for name, value in key.items():
            if value < 0:
                message = f"{name} must be zero or more, got {value!r}."
                raise OptionError(message)
        sequence = np.random.SeedSequence(seed, spawn_key=(chain, purpose))
        words = np.random.PCG64DXSM(sequence)
        words.advance(consumed)
        return cls(words, consumed)

    def words(self, n: int) -> NDArray[np.uint64]:
        """Read the next n raw words, shape (n,)."""
        self.consumed += n
        return self._words.random_raw(n)

    def uniforms(self, n: int) -> Vector:
        """Read n uniforms on the open interval (0, 1), shape (n,)."""
        return uniforms_from_words(self.words(n))

    def normals(self, n: int) -> Vector:
        """Read n standard normals, shape (n,), by the inverse CDF."""
        normals = self.uniforms(n)
        normals_from_uniforms(normals, normals)
        return normals
