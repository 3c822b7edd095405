"""How far draws can be trusted: effective sample size, R-hat, standard errors."""

from exmc.diagnostics.ess import Estimand, ess
from exmc.diagnostics.mcse import mcse
from exmc.diagnostics.rhat import rhat

__all__ = ["Estimand", "ess", "mcse", "rhat"]
