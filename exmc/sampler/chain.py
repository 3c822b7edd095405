"""A NUTS chain that is driven a block of transitions at a time.

Whoever drives it owns clock, process and storage. All that a chain is can be
written down between two transitions as a few arrays (`checkpoint`) and continued
elsewhere, and by another engine, with the same bits (`resumed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from exmc.errors import SamplingError
from exmc.numerics import random
from exmc.sampler import block
from exmc.sampler.engine import PYTHON
from exmc.sampler.memory import Memory
from exmc.sampler.preconditioner import MEAN, SCALE
from exmc.sampler.read_ahead import ReadAhead
from exmc.sampler.start import find_start, start_at
from exmc.sampler.step_size import MOST_TRIES, averaged, exploring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.sampler.engine import Engine
    from exmc.sampler.settings import ChainSettings
    from exmc.sampler.start import Start
    from exmc.typing import Density, Matrix, Vector

STATS: Final = (
    "lp",
    "acceptance_rate",
    "step_size",
    "tree_depth",
    "n_steps",
    "diverging",
    "energy",
)
"""Columns of a row's statistics, all float64.

`lp` is the log-density of the draw in unconstrained coordinates, `energy` its
Hamiltonian (both in nats), `n_steps` the gradients used, `diverging` 1.0 or 0.0.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What one transition gives.

    Attributes:
        phase: "tune" during warm-up, then "draw".
        index: Place in its phase, from zero.
        position: Shape (dim,), in the model's unconstrained coordinates.
        stats: Shape (len(STATS),), in the order of STATS.
    """

    phase: Literal["tune", "draw"]
    index: int
    position: Vector
    stats: Vector


@dataclass(frozen=True, slots=True)
class Values:
    """What else stands in a row: a function of the position.

    Attributes:
        write: Called as write(position, out); its answer is not used.
        size: Length of `out`.
    """

    write: Density
    size: int


class NutsChain:
    """One Markov chain: `start` it, then `advance` or `step` until `done`.

    Its draws depend on density, settings, seed, chain number and initial point only:
    not on the blocks, and not on the engine.

    Attributes:
        settings: As given.
    """

    def __init__(  # noqa: PLR0913 - what a chain depends on, and how it runs
        self,
        density: Density,
        dim: int,
        settings: ChainSettings,
        seed: int,
        chain: int,
        initial: Vector | None = None,
        *,
        engine: Engine = PYTHON,
        values: Values | None = None,
    ) -> None:
        """Prepare a chain; no density is evaluated before `start`.

        Args:
            density: Log-density and gradient in unconstrained coordinates. What is not
                finite is noticed here; the density need not look.
            dim: Number of coordinates, one or more.
            settings: How to warm up and how long to go on.
            seed: Of the run.
            chain: Number of this chain in the run; each has its own random numbers.
            initial: Where to begin, shape (dim,); None for a random point.
            engine: What runs the kernels. The native one needs a density (and values)
                of class exmc.native.NativeFunction.
            values: The last columns of a row; none if None.
        """
        self.settings = settings
        self._initial = initial
        self._seed, self._chain = seed, chain
        self._memory = Memory(dim, settings)
        self._open_streams(normals=0, uniforms=0)
        self.continue_with(density, engine=engine, values=values)

    def continue_with(
        self, density: Density, *, engine: Engine, values: Values | None = None
    ) -> None:
        """Make the next transitions by another engine.

        Densities that give the same bits go on with the same draws.
        """
        self._density = density
        self._values = values or Values(density, 0)
        self._kernels = engine(self._memory)

    @property
    def made(self) -> int:
        """Transitions made, tuning draws included."""
        return int(self._memory.counts[block.MADE])

    @property
    def done(self) -> bool:
        """Whether every tuning draw and every draw has been made."""
        return self.made >= self.settings.tune + self.settings.draws

    @property
    def started(self) -> bool:
        """Whether the chain stands at a point, so that it can go on."""
        return bool(self._memory.counts[block.GRADIENTS] > 0)

    def start(self) -> None:
        """Find a first point, a first metric and a first step size.

        Raises:
            BadStartError: Log-density or gradient is not finite there, or at none of
                100 random points; its `coordinates` are the offending ones.
        """
        start, memory = self._find_start(), self._memory
        memory.counts[block.GRADIENTS] = start.tries
        memory.scalars[block.LOG_DENSITY] = start.log_density
        memory.point[block.POSITION, : memory.dim] = start.position
        memory.point[block.GRADIENT, : memory.dim] = start.gradient
        memory.counts[block.NORMALS] = 0
        normals = self._normals.ahead(MOST_TRIES * memory.dim)
        self._kernels.begin(self._density, normals)
        self._normals.use(int(memory.counts[block.NORMALS]))

    def advance(self, count: int) -> Matrix:
        """Make up to `count` transitions, stopping where warm-up ends.

        Returns:
            Shape (transitions, len(STATS) + dim + values.size): a new array. There
            is a row at least.

        Raises:
            SamplingError: The chain has not been started, or is done.
        """
        if not self.started or self.done:
            state = "done" if self.started else "not started"
            raise SamplingError(
                f"The chain is {state}; call start() once and step() until done."
            )
        made, tune = self.made, self.settings.tune
        end = tune if made < tune else tune + self.settings.draws
        columns = len(STATS) + self._memory.dim + self._values.size
        rows = np.empty((min(count, end - made), columns))
        filled = 0
        while filled < len(rows):
            filled += self._fill(rows[filled:], tuning=made < tune)
        return rows

    def step(self) -> Record:
        """Make one transition.

        Raises:
            SamplingError: The chain has not been started, or is done.
        """
        made, tune = self.made, self.settings.tune
        row = self.advance(1)[0]
        stats = row[: len(STATS)]
        position = row[len(STATS) : len(STATS) + self._memory.dim]
        if made < tune:
            return Record("tune", made, position, stats)
        return Record("draw", made - tune, position, stats)

    def adapted(self) -> dict[str, float | int | Vector]:
        """Return what warm-up has learnt: step size, metric, gradients spent so far.

        `scale` and `mean`, shape (dim,), are those of preconditioner.py.
        """
        memory, tune = self._memory, self.settings.tune
        step_size = exploring if self.made < tune else averaged
        return {
            "step_size": step_size(memory.averaging),
            "scale": memory.metric[SCALE, : memory.dim].copy(),
            "mean": memory.metric[MEAN, : memory.dim].copy(),
            "n_gradients": int(memory.counts[block.GRADIENTS]),
            "tuned": min(self.made, tune),
        }

    def checkpoint(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """Return all that the chain is between two transitions, as copies.

        The arrays are float64 or int64; their size is O(dim).
        """
        counts = self._memory.counts
        counts[block.NORMALS] = self._normals.consumed
        counts[block.UNIFORMS] = self._uniforms.consumed
        return self._memory.saved()

    @classmethod
    def resumed(  # noqa: PLR0913 - as for a new chain
        cls,
        density: Density,
        dim: int,
        settings: ChainSettings,
        seed: int,
        chain: int,
        checkpoint: Mapping[str, NDArray[np.float64] | NDArray[np.int64]],
        *,
        engine: Engine = PYTHON,
        values: Values | None = None,
    ) -> NutsChain:
        """Continue from a checkpoint: the same records as without interruption.

        Settings may differ from those of the checkpoint in `draws` only.

        Raises:
            OptionError: The checkpoint is not of a chain with `dim` coordinates.
        """
        resumed = cls(density, dim, settings, seed, chain, engine=engine, values=values)
        resumed._restore(checkpoint)
        return resumed

    def _fill(self, rows: Matrix, *, tuning: bool) -> int:
        """Make one transition at least and as many as there are rows at most."""
        memory = self._memory
        most_normals = memory.dim * (1 + MOST_TRIES if tuning else 1)
        memory.plan[block.NORMALS_NEEDED] = most_normals
        normals = self._normals.ahead(most_normals)
        uniforms = self._uniforms.ahead(int(memory.plan[block.UNIFORMS_NEEDED]))
        memory.counts[[block.NORMALS, block.UNIFORMS]] = 0
        made = self._kernels.advance(
            self._density, self._values.write, normals, uniforms, rows
        )
        self._normals.use(int(memory.counts[block.NORMALS]))
        self._uniforms.use(int(memory.counts[block.UNIFORMS]))
        return made

    def _find_start(self) -> Start:
        with np.errstate(all="ignore"):
            if self._initial is not None:
                return start_at(self._density, np.array(self._initial, dtype=float))
            stream = random.Stream.keyed(self._seed, self._chain, random.START)
            uniforms = ReadAhead(stream.uniforms)
            return find_start(self._density, self._memory.dim, uniforms)

    def _open_streams(self, *, normals: int, uniforms: int) -> None:
        """Read both streams from where so many of their numbers were used."""
        seed, chain = self._seed, self._chain
        momenta = random.Stream.keyed(seed, chain, random.MOMENTUM, normals)
        trees = random.Stream.keyed(seed, chain, random.TREE, uniforms)
        self._normals = ReadAhead(
            lambda n: self._kernels.normals(momenta.uniforms(n)), normals
        )
        self._uniforms = ReadAhead(trees.uniforms, uniforms)

    def _restore(
        self, checkpoint: Mapping[str, NDArray[np.float64] | NDArray[np.int64]]
    ) -> None:
        self._memory.restore(checkpoint)
        normals, uniforms = checkpoint["counts"][[block.NORMALS, block.UNIFORMS]]
        self._open_streams(normals=int(normals), uniforms=int(uniforms))
