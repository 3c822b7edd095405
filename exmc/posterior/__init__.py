"""Labelled draws in memory, and the log they come from."""

from exmc.posterior.draw_log import DrawLog
from exmc.posterior.meta import RunMeta
from exmc.posterior.posterior import ChainDraws, Posterior
from exmc.posterior.summary import Summary, SummaryRow

__all__ = ["ChainDraws", "DrawLog", "Posterior", "RunMeta", "Summary", "SummaryRow"]
