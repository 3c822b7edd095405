"""When two runs made the same draws: their digests are equal.

The digest is the SHA-256, in hex, of these bytes, all numbers little-endian:

    "exmc-draws-1", dim (uint64), number of statistics (uint64), then for each
    chain, each phase (0 warm-up, 1 draws) and each row, in this order:
    chain (uint64), phase (uint64), index within the phase (uint64),
    the statistics (float64), the unconstrained position (float64).

Frames, epochs and the values that follow from the position do not enter.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.frames import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exmc.frames import Schema
    from exmc.posterior.rows import ChainRows
    from exmc.typing import Matrix

_BLOCK: Final = 4096
"""Rows hashed at once: bounds the memory a digest takes."""


def digest(schema: Schema, chains: Sequence[ChainRows]) -> str:
    """Return the digest of all draws, 64 hex digits. O(draws)."""
    sha = sha256(b"exmc-draws-1")
    sha.update(np.array([schema.dim, len(schema.stats)], dtype="<u8").tobytes())
    for chain, rows in enumerate(chains):
        for phase, block in ((Phase.TUNE, rows.tune), (Phase.DRAW, rows.draw)):
            for records in _records(chain, phase, block[:, schema.identity_columns]):
                sha.update(records)
    return sha.hexdigest()


def _records(chain: int, phase: Phase, rows: Matrix) -> Iterator[bytes]:
    for first in range(0, len(rows), _BLOCK):
        block = rows[first : first + _BLOCK]
        records = np.empty((len(block), 3 + block.shape[1]), dtype="<u8")
        records[:, 0] = chain
        records[:, 1] = phase
        records[:, 2] = np.arange(first, first + len(block))
        records[:, 3:] = np.ascontiguousarray(block, dtype="<f8").view("<u8")
        yield records.tobytes()
