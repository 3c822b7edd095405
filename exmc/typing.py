"""Names for the shapes of arrays; the letters mean the same thing everywhere.

`dim` is the number of unconstrained coordinates of a model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Any shape."""

Vector: TypeAlias = NDArray[np.float64]
"""Shape (n,)."""

Matrix: TypeAlias = NDArray[np.float64]
"""Shape (rows, columns)."""

Integers: TypeAlias = NDArray[np.int64]
"""Shape (n,)."""

Density: TypeAlias = Callable[[Vector, Vector], float]
"""`density(position, gradient) -> log_density`: position has shape (dim,); the
gradient is written into the second argument; the answer is NaN when the
log-density or any entry of the gradient is not finite."""
