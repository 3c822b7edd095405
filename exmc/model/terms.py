"""What a model is made of besides random variables: data, quantities, extra nats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.ir.construct import frozen_array
from exmc.ir.node import Data as DataNode
from exmc.ir.node import Deterministic as DeterministicNode
from exmc.ir.node import PotentialTerm
from exmc.model.model import current_model
from exmc.model.symbolic import Symbolic, Value
from exmc.model.variable import Options, declared_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    Dims = str | Sequence[str | None] | None


class Data(Symbolic):
    """Numbers with a name, replaceable by `model.set_data` without a new model.

    Args:
        name: Name of the data.
        value: An array of real numbers.
        dims: Names of its axes, from the model's coords.

    Raises:
        BadDataError: Not real numbers.
        ShapeMismatchError: The dims have other lengths.
    """

    __slots__ = ("name",)

    def __init__(self, name: str, value: object, dims: Dims = None) -> None:
        model = current_model(f"Data({name!r})")
        array = frozen_array(value, f"Data {name!r}")
        options = Options(shape=array.shape, dims=dims) if dims else Options()
        _, axes = declared_shape(name, array.shape, options, model.coords)
        model.add(DataNode(name, array, axes))
        self.name = name
        super().__init__(model[name].expression, model)


class Deterministic(Symbolic):
    """A quantity that follows from variables and is kept in the posterior.

    Args:
        name: Name of the quantity.
        value: An expression of variables and data.
        dims: Names of its axes, from the model's coords.
    """

    __slots__ = ("name",)

    def __init__(self, name: str, value: Value, dims: Dims = None) -> None:
        model = current_model(f"Deterministic({name!r})")
        expression = model.expression(value, f"Deterministic {name!r}")
        options = Options(shape=expression.shape, dims=dims) if dims else Options()
        _, axes = declared_shape(name, expression.shape, options, model.coords)
        model.add(DeterministicNode(name, expression, axes))
        self.name = name
        super().__init__(model[name].expression, model)


def Potential(name: str, value: Value) -> None:  # noqa: N802 - stands beside classes
    """Add the sum of an expression to the log-density, in nats.

    Args:
        name: Name of the term.
        value: An expression of variables and data.
    """
    model = current_model(f"Potential({name!r})")
    model.add(PotentialTerm(name, model.expression(value, f"Potential {name!r}")))
