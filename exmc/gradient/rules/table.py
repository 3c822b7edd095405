"""Which rules are tried for which operation, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.program import POINTWISE
from exmc.gradient.rules import (
    assembling,
    exponentials,
    folding,
    linear,
    powers,
    products,
    reductions,
    repeats,
    selections,
    sums,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.plain_builder import Rule, Rules

_OF_ONE_NAME: Final[dict[str, Sequence[Rule]]] = {
    "add": (
        repeats.alike,
        assembling.sum_of_assembled,
        sums.without_sigmoid,
        sums.opened,
        sums.collected,
    ),
    "mul": (
        repeats.alike,
        assembling.product_of_parts,
        products.distributed,
        selections.product_of_choice,
        products.collected,
        products.shared,
    ),
    "neg": (products.negated,),
    "recip": (exponentials.sigmoid_of_recip, products.reciprocal),
    "exp": (
        exponentials.inverse,
        exponentials.sigmoid_of_exp,
        exponentials.exp_of_log,
        exponentials.exp_of_negative,
    ),
    "log": (
        exponentials.inverse,
        exponentials.log_of_sum,
        exponentials.log_of_sigmoid,
        exponentials.log_of_power,
        exponentials.log_of_product,
    ),
    "log1p": (exponentials.inverse, exponentials.log1p_of_exp),
    "expm1": (exponentials.inverse,),
    "sqrt": (exponentials.root,),
    "pow": (powers.whole_power, powers.half_power, powers.power_of_exp),
    "abs": (selections.absolute,),
    "sign": (selections.sign,),
    "max": (selections.same,),
    "min": (selections.same,),
    "where": (
        selections.choice,
        selections.by_sign,
        selections.sign_of_choice,
        selections.choice_of_data,
    ),
}

_POINTWISE: Final[Sequence[Rule]] = (
    folding.constants,
    folding.data,
    repeats.pointwise_of_repeats,
    repeats.pointwise_of_gathers,
)

_LINEAR: Final[Sequence[Rule]] = (linear.of_zero, linear.scaled)

_REDUCTIONS: Final[Sequence[Rule]] = (
    reductions.over_single,
    reductions.over_repeats,
    reductions.of_permutation,
    reductions.sum_of_sum,
)

RULES: Final[Rules] = {
    **{op: (*_POINTWISE, *_OF_ONE_NAME.get(op, ())) for op in POINTWISE},
    "neg": (folding.constants, folding.data, products.negated),
    **{
        op: (*_POINTWISE, repeats.scalars_of_repeats, *_OF_ONE_NAME.get(op, ()))
        for op in ("pow", "max", "min", "lt", "le", "eq", "where")
    },
    "data": (folding.uniform_data,),
    "view": (
        views.whole,
        folding.data_view,
        views.view_of_view,
        views.view_of_pointwise,
        views.view_of_gather,
        views.view_of_assemble,
    ),
    "gather": (folding.data_gather,),
    "scatter": (folding.data_scatter, linear.scatter_of_repeats, *_LINEAR),
    "assemble": (
        assembling.without_ones,
        assembling.nested,
        assembling.without_zeros,
    ),
    "sum": (
        folding.data_sum,
        *_REDUCTIONS,
        *_LINEAR,
        linear.matrix_product,
        reductions.sum_of_terms,
        reductions.sum_of_gather,
        reductions.sum_of_parts,
        assembling.reduced_parts,
    ),
    "amax": (folding.data_amax, *_REDUCTIONS),
    "combine": (folding.data_product, *_LINEAR),
    "project": (folding.data_product, linear.symmetric, *_LINEAR),
    "recur": _LINEAR,
    "solve_lower": _LINEAR,
}
