"""Registers every rule that we have.

The rules of scipy's functions are looked up when one is met: nobody has them who has
not loaded scipy.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from exmc.gradient.library import ARRAY_NAMES, LINALG_NAMES, VJP_NAMES
from exmc.gradient.lowering import (
    arranging,
    contractions,
    densities,
    elementwise,
    factorisations,
    reductions,
    special,
)
from exmc.gradient.lowering.indexing import register_indexing
from exmc.gradient.lowering.table import register_names, rule_of
from exmc.numerics import autodiff, differentiable

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.gradient.lowering.table import Rule, Rules

SCIPY: dict[str, Rules] = {
    "autograd.scipy.linalg": factorisations.SCIPY_RULES,
    "autograd.scipy.special": special.SPECIAL,
} | {f"autograd.scipy.stats.{name}": rules for name, rules in densities.STATS.items()}


@cache
def register_all() -> None:
    """Register the rules of numpy's functions and of ours, once."""
    for rules in (
        arranging.RULES,
        contractions.RULES,
        elementwise.RULES,
        reductions.RULES,
    ):
        register_names(ARRAY_NAMES | vars(autodiff.xp), rules)
    register_names(VJP_NAMES, contractions.ADJOINT_RULES)
    register_names(LINALG_NAMES, reductions.LINALG_RULES | factorisations.LINALG_RULES)
    for rules in (special.OURS, factorisations.OURS, reductions.OURS):
        register_names(vars(differentiable), rules)
    register_indexing()


def found_rule(primitive: Callable[..., Any]) -> Rule | None:
    """Return the rule of a primitive, if there is one."""
    register_all()
    rule = rule_of(primitive)
    if rule is not None:
        return rule
    for module, rules in SCIPY.items():
        if module in sys.modules:
            register_names(vars(sys.modules[module]), rules)
    return rule_of(primitive)
