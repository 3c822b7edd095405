"""A table of what the posterior says, and how far each number can be trusted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.diagnostics import ess, mcse, rhat
from exmc.posterior.absent import absent
from exmc.posterior.table import (
    as_html,
    as_text,
    digits_after_point,
    number,
    r_hat_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.typing import Matrix


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One number of the model.

    Attributes:
        label: Its name, such as theta[A].
        mean: Posterior mean.
        sd: Posterior standard deviation.
        mcse_mean: Monte Carlo standard error of the mean.
        mcse_sd: Monte Carlo standard error of the standard deviation.
        q5: The 5 % quantile.
        q50: The median.
        q95: The 95 % quantile.
        ess_bulk: Effective sample size for the place, in draws.
        ess_tail: Effective sample size for the 5 % and 95 % quantiles, in draws.
        r_hat: Rank-normalised split R-hat.
    """

    label: str
    mean: float
    sd: float
    mcse_mean: float
    mcse_sd: float
    q5: float
    q50: float
    q95: float
    ess_bulk: float
    ess_tail: float
    r_hat: float


COLUMNS: Final = tuple(field.name for field in fields(SummaryRow))[1:]


def summary_row(label: str, draws: Matrix) -> SummaryRow:
    """Summarise draws of shape (chain, draw); all NaN when there are fewer than 2."""
    if draws.size < 2:
        return SummaryRow(label, *[np.nan] * len(COLUMNS))
    with np.errstate(all="ignore"):
        numbers = [
            draws.mean(),
            draws.std(ddof=1),
            mcse(draws, "mean"),
            mcse(draws, "sd"),
            *np.quantile(draws, (0.05, 0.5, 0.95)),
            ess(draws, "bulk"),
            ess(draws, "tail"),
            rhat(draws),
        ]
    return SummaryRow(label, *np.asarray(numbers).tolist())


class Summary:
    """Rows by label: `summary["theta[A]"].mean`. str() gives an aligned table.

    Attributes:
        rows: In the order of the model.
        warnings: What stands in the way of trusting them, a sentence each.
    """

    def __init__(
        self, rows: tuple[SummaryRow, ...], warnings: tuple[str, ...] = ()
    ) -> None:
        self.rows = rows
        self.warnings = warnings
        self._by_label = {row.label: row for row in rows}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the model."""
        return tuple(self._by_label)

    def __getitem__(self, label: str) -> SummaryRow:
        try:
            return self._by_label[label]
        except KeyError:
            raise absent(label, self.labels) from None

    def __iter__(self) -> Iterator[SummaryRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return plain numbers: `to_dict()["theta[A]"]["mean"]`."""
        return {
            row.label: {name: asdict(row)[name] for name in COLUMNS}
            for row in self.rows
        }

    def __str__(self) -> str:
        table = as_text(("", *COLUMNS), [_cells(row) for row in self.rows])
        return "\n".join([table, *self.warnings])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = as_html(("", *COLUMNS), [_cells(row) for row in self.rows])
        return table + "".join(f"<p>{escape(text)}</p>" for text in self.warnings)


def _cells(row: SummaryRow) -> list[str]:
    digits = digits_after_point(row.sd)
    finer = None if digits is None else digits + 1
    return [
        row.label,
        number(row.mean, digits),
        number(row.sd, digits),
        number(row.mcse_mean, finer),
        number(row.mcse_sd, finer),
        number(row.q5, digits),
        number(row.q50, digits),
        number(row.q95, digits),
        number(row.ess_bulk, 0),
        number(row.ess_tail, 0),
        r_hat_text(row.r_hat),
    ]
