"""From a function to a program, with its gradient."""

from exmc.gradient.lowering.answer import Lowered
from exmc.gradient.lowering.lowered import program_of_density, program_of_values
from exmc.gradient.lowering.table import register
from exmc.gradient.no_rule import NoRuleError

__all__ = [
    "Lowered",
    "NoRuleError",
    "program_of_density",
    "program_of_values",
    "register",
]
