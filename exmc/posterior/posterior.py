"""The result of a run: labelled draws, how they were made, what to think of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.errors import OptionError
from exmc.posterior.advice import about_the_paths, about_the_rows, about_the_run
from exmc.posterior.export import to_datatree
from exmc.posterior.file import Contents, read, write
from exmc.posterior.identity import digest
from exmc.posterior.labelled import (
    ChainLabelledDraws,
    LabelledDraws,
    stat_fields,
    variable_fields,
)
from exmc.posterior.labels import element_labels
from exmc.posterior.summary import Summary, summary_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from exmc.frames import Coordinate, Schema, VariableSchema
    from exmc.posterior.draw_log import DrawLog
    from exmc.posterior.meta import RunMeta
    from exmc.posterior.rows import ChainRows
    from exmc.typing import Array, Matrix


class ChainDraws(ChainLabelledDraws):
    """Everything of one chain: `chain["theta"]` has shape (draw, *shape).

    Attributes:
        length: Number of draws.
        stats: The sampler's statistics, shape (draw,) each.
        warmup_stats: The same of the warm-up, shape (tune,) each.
        positions: Unconstrained positions, shape (draw, dim).
    """

    def __init__(self, schema: Schema, rows: ChainRows) -> None:
        super().__init__(rows.draw, variable_fields(schema))
        self.length = len(rows.draw)
        self.stats = ChainLabelledDraws(rows.draw, stat_fields(schema))
        self.warmup_stats = ChainLabelledDraws(rows.tune, stat_fields(schema))
        self.positions = rows.draw[:, schema.position_columns]


class Posterior(LabelledDraws):
    """Draws from a posterior: `posterior["theta"]` has shape (chain, draw, *shape).

    A partial run may have chains of unequal length. Then the arrays here hold the
    draws that every chain has, and `posterior.chain(i)` has all of one chain's;
    nothing is ever padded.

    Attributes:
        schema: What the columns of a draw mean.
        meta: How the draws were made.
        stats: The sampler's statistics, shape (chain, draw) each: lp,
            acceptance_rate, step_size, tree_depth, n_steps, diverging, energy.
        warmup_stats: The same of the warm-up, shape (chain, tune) each.
    """

    def __init__(
        self, schema: Schema, meta: RunMeta, rows: Sequence[ChainRows]
    ) -> None:
        draws = [chain.draw for chain in rows]
        super().__init__(draws, variable_fields(schema))
        self.schema = schema
        self.meta = meta
        self.stats = LabelledDraws(draws, stat_fields(schema))
        self.warmup_stats = LabelledDraws(
            [chain.tune for chain in rows], stat_fields(schema)
        )
        self._rows = tuple(rows)

    @classmethod
    def from_log(cls, log: DrawLog, meta: RunMeta) -> Posterior:
        """Return the draws that the log holds now; later ones do not enter."""
        return cls(log.schema, meta, log.chain_rows())

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, in the order of the model."""
        return tuple(self)

    @property
    def dims(self) -> dict[str, tuple[str | None, ...]]:
        """The names of each variable's axes; None for an axis without one."""
        return {v.name: v.dims for v in self.schema.variables}

    @property
    def coords(self) -> dict[str, tuple[Coordinate, ...]]:
        """The labels of each named dimension."""
        return dict(self.schema.coords)

    @property
    def chains(self) -> int:
        """Number of chains."""
        return len(self._rows)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Draws of each chain."""
        return tuple(len(chain.draw) for chain in self._rows)

    @property
    def partial(self) -> bool:
        """Whether draws are missing: stopped, failed or not finished yet."""
        return self.meta.partial or any(n < self.meta.draws for n in self.lengths)

    @property
    def divergences(self) -> int:
        """Divergent transitions after warm-up, all chains together."""
        if "diverging" not in self.stats:
            return 0
        chains = [self.chain(i).stats["diverging"] for i in range(self.chains)]
        return int(np.concatenate(chains).sum())

    @property
    def positions(self) -> Array:
        """Unconstrained positions, shape (chain, draw, dim)."""
        length = min(self.lengths)
        columns = self.schema.position_columns
        return np.stack([chain.draw[:length, columns] for chain in self._rows])

    def chain(self, index: int) -> ChainDraws:
        """Return everything of one chain, however long the others are."""
        return ChainDraws(self.schema, self._rows[index])

    def digest(self) -> str:
        """Return what two runs share when they made the same draws; 64 hex digits.

        See exmc.posterior.identity for what enters it.
        """
        return digest(self.schema, self._rows)

    def summary(self, var_names: str | Sequence[str] | None = None) -> Summary:
        """Summarise every number of the model: about 4 ms each for 4 x 1000 draws.

        Args:
            var_names: The variables to show; all of them when None.

        Raises:
            OptionError: A name is not a variable of the model.
        """
        rows = tuple(
            summary_row(label, draws)
            for variable in self._chosen(var_names)
            for label, draws in self._elements(variable)
        )
        warnings = (
            *about_the_run(self.lengths, self.meta.draws, self._why_partial()),
            *about_the_paths(
                sum(self.lengths),
                self.divergences,
                self._cut_short(),
                self.meta.options,
            ),
            *about_the_rows(rows, self.chains, min(self.lengths)),
        )
        return Summary(rows, warnings)

    def to_datatree(self) -> Any:  # noqa: ANN401 -- an xarray.DataTree
        """Return the draws for ArviZ, with the groups posterior and sample_stats.

        Raises:
            MissingExtraError: ArviZ is not installed; the message says how.
        """
        return to_datatree(
            self, self.stats, self.schema, self.meta, partial=self.partial
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything to one .npz file, whole or not at all.

        Raises:
            OSError: It cannot be written; what stood there before is untouched.
        """
        write(path, Contents(self.schema, self.meta, self._rows))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Posterior:
        """Read what save wrote.

        Raises:
            PosteriorFileError: It is not a saved posterior, or it is damaged.
            OSError: It cannot be opened.
        """
        return cls(*read(path))

    def _chosen(self, var_names: str | Sequence[str] | None) -> list[VariableSchema]:
        if var_names is None:
            return list(self.schema.variables)
        names = [var_names] if isinstance(var_names, str) else var_names
        for name in names:
            if name not in self:
                message = (
                    f"Variable {name!r} is not in this posterior; "
                    f"there are {', '.join(self)}."
                )
                raise OptionError(message)
        return [self.schema.variable(name) for name in names]

    def _elements(self, variable: VariableSchema) -> Iterator[tuple[str, Matrix]]:
        labels = element_labels(variable, self.schema.coords)
        draws = self[variable.name]
        flat = draws.reshape(*draws.shape[:2], len(labels))
        for index, label in enumerate(labels):
            yield label, flat[:, :, index]

    def _why_partial(self) -> str | None:
        return (self.meta.reason or "not finished") if self.meta.partial else None

    def _cut_short(self) -> int:
        limit = self.meta.options.get("max_treedepth")
        if limit is None or "tree_depth" not in self.stats:
            return 0
        chains = [self.chain(i).stats["tree_depth"] for i in range(self.chains)]
        return int(np.sum(np.concatenate(chains) >= limit))

    def __repr__(self) -> str:
        draws = " + ".join(map(str, self.lengths))
        partial = ", partial" if self.partial else ""
        return f"<Posterior {', '.join(self)}; {draws} draws{partial}>"
