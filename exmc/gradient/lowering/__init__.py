"""From a function to a program, with its gradient."""

from exmc.gradient.lowering.agreement import check_agreement, check_values
from exmc.gradient.lowering.answer import Lowered
from exmc.gradient.lowering.lowered import (
    numpy_function,
    program_of_density,
    program_of_values,
    unchecked_density,
    unchecked_values,
)
from exmc.gradient.lowering.table import register
from exmc.gradient.no_rule import NoRuleError

__all__ = [
    "Lowered",
    "NoRuleError",
    "check_agreement",
    "check_values",
    "numpy_function",
    "program_of_density",
    "program_of_values",
    "register",
    "unchecked_density",
    "unchecked_values",
]
