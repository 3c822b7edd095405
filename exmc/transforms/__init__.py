"""Bijections from the real line onto the supports of families."""

from __future__ import annotations

from exmc.transforms.exp import Exp
from exmc.transforms.identity import Identity
from exmc.transforms.logit import Logit
from exmc.transforms.lower_bounded import LowerBounded
from exmc.transforms.softplus import Softplus
from exmc.transforms.transform import Transform
from exmc.transforms.upper_bounded import UpperBounded

TRANSFORMS: dict[str, type[Transform]] = {
    transform.name: transform
    for transform in (Identity, Exp, Softplus, Logit, LowerBounded, UpperBounded)
}
"""Every transform by the name that a model file uses."""

__all__ = [
    "TRANSFORMS",
    "Exp",
    "Identity",
    "Logit",
    "LowerBounded",
    "Softplus",
    "Transform",
    "UpperBounded",
]
