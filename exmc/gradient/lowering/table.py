"""Which rule turns which primitive into nodes of a program.

By the primitive itself, never its name: the library has several called "add". A rule
gets the lowering under way, and the arguments of the primitive, with nodes where values
were recorded; it returns the node of the result (a tuple of nodes for a tuple).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

Rule: TypeAlias = Callable[..., Any]
Rules: TypeAlias = dict[str, Rule]

_RULES: Final[dict[Callable[..., Any], Rule]] = {}


def register(primitive: Callable[..., Any], rule: Rule) -> None:
    """Let a primitive be lowered by a rule.

    Args:
        primitive: As made by `exmc.numerics.autodiff.primitive`.
        rule: `(lowering, *arguments, **keywords)` to a node.
    """
    _RULES[primitive] = rule


def register_names(namespace: dict[str, Any], rules: Rules) -> None:
    """Register rules by the names that primitives have in a module, if it has them."""
    for name, rule in rules.items():
        if name in namespace:
            register(namespace[name], rule)


def rule_of(primitive: Callable[..., Any]) -> Rule | None:
    """Return the rule of a primitive, if there is one."""
    return _RULES.get(primitive)
