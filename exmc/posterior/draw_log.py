"""Every draw of a run, in order: appended once, never changed, read by anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.errors import FrameError, ReplayMismatchError
from exmc.frames import Kind, Phase
from exmc.posterior.identity import digest
from exmc.posterior.rows import ChainRows, GrowingRows

if TYPE_CHECKING:
    from exmc.frames import Frame, Schema
    from exmc.typing import Matrix

# Rule: a worker that was restarted replays draws that are stored already. They
# must be the same bits; the log checks that and keeps the stored ones.


class DrawLog:
    """The draws of all chains in memory.

    Attributes:
        schema: What the columns mean.
        chains: Number of chains.
    """

    def __init__(self, schema: Schema, chains: int) -> None:
        self.schema = schema
        self.chains = chains
        self._rows = {
            (chain, phase): GrowingRows(schema.columns)
            for chain in range(chains)
            for phase in Phase
        }

    def append(self, frame: Frame) -> int:
        """Add the rows of a frame that are not stored yet; return how many.

        Either all of them are added or, on an error, none.

        Raises:
            FrameError: The frame is not of draws, of another model or chain, or
                it leaves a gap.
            ReplayMismatchError: A row that is stored already differs in a bit of
                its statistics or position.
        """
        self._check_belongs(frame)
        stored = self._rows[frame.chain, frame.phase]
        if frame.first > len(stored):
            message = (
                f"Frame of chain {frame.chain} begins at {frame.phase.name.lower()} "
                f"{frame.first}, but only {len(stored)} are stored: rows are missing; "
                f"replay the chain from its last checkpoint."
            )
            raise FrameError(message)
        rows = frame.rows
        known = min(len(stored) - frame.first, len(rows))
        if known:
            self._check_replay(frame, stored.view(frame.first, frame.first + known))
        stored.add(rows[known:])
        return len(rows) - known

    def length(self, chain: int, phase: Phase) -> int:
        """Return how many rows a chain has in a phase."""
        return len(self._rows[chain, phase])

    def rows(
        self, chain: int, phase: Phase, start: int = 0, stop: int | None = None
    ) -> Matrix:
        """Return rows [start, stop), or as many as there are: a read-only view.

        The view never changes, whatever is appended later.
        """
        return self._rows[chain, phase].view(start, stop)

    def chain_rows(self) -> tuple[ChainRows, ...]:
        """Return all rows as they stand now, one entry a chain, without a copy."""
        return tuple(
            ChainRows(self.rows(chain, Phase.TUNE), self.rows(chain, Phase.DRAW))
            for chain in range(self.chains)
        )

    def digest(self) -> str:
        """Return the digest of what is stored; see exmc.posterior.identity."""
        return digest(self.schema, self.chain_rows())

    def _check_belongs(self, frame: Frame) -> None:
        if frame.kind is not Kind.DRAWS:
            message = f"Frame to append must be of kind DRAWS, got {frame.kind.name}."
            raise FrameError(message)
        if frame.chain >= self.chains:
            message = (
                f"Frame is of chain {frame.chain}, but the run has {self.chains} "
                f"chains, numbered from 0."
            )
            raise FrameError(message)
        if frame.columns != self.schema.columns:
            message = (
                f"Frame of chain {frame.chain} has {frame.columns} columns, but the "
                f"model has {self.schema.columns}; its worker runs another model."
            )
            raise FrameError(message)

    def _check_replay(self, frame: Frame, stored: Matrix) -> None:
        identity = self.schema.identity_columns
        ours = np.ascontiguousarray(stored[:, identity]).view(np.uint64)
        theirs = np.ascontiguousarray(frame.rows[: len(stored), identity])
        differs = np.argwhere(ours != theirs.view(np.uint64))
        if not len(differs):
            return
        row, column = differs[0].tolist()
        message = (
            f"Chain {frame.chain} replayed {frame.phase.name.lower()} "
            f"{frame.first + row} differently: {self._column_name(column)} was "
            f"{stored[row, column]!r} and is {frame.rows[row, column]!r} now; the run "
            f"cannot be repeated on this machine: check that both workers run the "
            f"same versions, and report it."
        )
        raise ReplayMismatchError(message)

    def _column_name(self, column: int) -> str:
        stats = self.schema.stats
        if column < len(stats):
            return f"statistic {stats[column]!r}"
        return f"position coordinate {column - len(stats)}"
