"""Writes the programs of a model: its log-density, its draws, and the way back.

Rule: a reference to a variable is bound to its constrained value before anything that
refers to it is written. Nothing refers to an unconstrained coordinate but the
transform of its own variable.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.compiler.fused import FUSED, adder, shifted
from exmc.compiler.program import ProgramBuilder
from exmc.distributions import FAMILIES
from exmc.distributions.beta import Beta
from exmc.gradient.trace import Slot as RecordedSlot
from exmc.gradient.trace import resolve
from exmc.ir.node import (
    Data,
    Deterministic,
    FreeVariable,
    FunctionTerm,
    Observation,
    PotentialTerm,
    Reparameterised,
)
from exmc.ir.operations import PLAIN, TRACED
from exmc.numerics.autodiff import Traceable, is_traced, xp
from exmc.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exmc.compiler.layout import Layout
    from exmc.compiler.program import Program, Slot
    from exmc.distributions import Distribution
    from exmc.ir.expression import Expression
    from exmc.ir.graph import ModelGraph
    from exmc.ir.node import Node
    from exmc.transforms import Transform


OF_COORDINATE: Mapping[tuple[str, str | None], Callable[..., Traceable]] = {
    ("Beta", "logit"): Beta.log_prob_of_expit
}
"""By family and transform: the log-density as a function of the coordinate, where that
of the value would have lost the distance to an end of the support."""


def density_program(graph: ModelGraph, layout: Layout) -> Program:
    """Return the program from the unconstrained vector to the log-density in nats.

    The Jacobian of each transform is included. The output is traced whenever the
    input is, so that the gradient of a constant density is zero and not an error.
    """
    writer = _Writer(TRACED)
    position = writer.pieces(graph, layout)
    terms = [term for node in graph.nodes for term in writer.terms(node)]
    known = [slot for slot in terms if writer.builder.is_known(slot)]
    fixed = sum(writer.builder.value(slot) for slot in known)
    moving = [slot for slot in terms if slot not in known]
    total = writer.builder.apply(_total_with(fixed), position, *moving)
    return writer.builder.program([position], [total])


def terms_program(graph: ModelGraph, layout: Layout) -> tuple[tuple[str, ...], Program]:
    """Return who adds to the log-density, and the program to what each adds in nats.

    The Jacobian of a variable's transform counts as its own.
    """
    writer = _Writer(TRACED)
    position = writer.pieces(graph, layout)
    parts = {node.name: writer.terms(node) for node in graph.nodes}
    sums = {
        name: writer.builder.apply(_sum, *slots)
        for name, slots in parts.items()
        if slots
    }
    return tuple(sums), writer.builder.program([position], list(sums.values()))


def draw_program(
    graph: ModelGraph,
    layout: Layout,
    names: Sequence[str],
    functions: Mapping[str, Callable[..., Any]] = PLAIN,
) -> Program:
    """Return the program from the unconstrained vector to the named quantities."""
    writer = _Writer(functions)
    position = writer.pieces(graph, layout)
    for node in graph.nodes:
        writer.value(node)
    outputs = [writer.builder.named(name) for name in names]
    return writer.builder.program([position], outputs)


def inverse_program(graph: ModelGraph) -> Program:
    """Return the program from the values of the sampled variables to coordinates.

    One input and one output for each, in the order of the model.
    """
    writer = _Writer(PLAIN)
    inputs = {node.name: writer.builder.input() for node in graph.sampled}
    for name, slot in inputs.items():
        writer.builder.bind(name, slot)
    outputs = [slot for node in graph.nodes for slot in writer.coordinate(node)]
    return writer.builder.program(list(inputs.values()), outputs)


class _Writer:
    """Knows how each kind of node becomes steps."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.builder = ProgramBuilder(functions)
        self._raw: dict[str, Slot] = {}

    def pieces(self, graph: ModelGraph, layout: Layout) -> Slot:
        """Cut the vector; return its slot."""
        position = self.builder.input()
        for segment, node in zip(layout.segments, graph.sampled, strict=True):
            cut = _cutter(segment.part, node.shape)
            self._raw[node.name] = self.builder.apply(cut, position)
        return position

    def value(self, node: Node) -> None:
        """Bind a node's name to its value in the user's units."""
        build = self.builder
        match node:
            case Data():
                build.bind(node.name, build.known(node.array))
            case FreeVariable():
                build.bind(node.name, self._constrained(node, self._raw[node.name]))
            case Reparameterised():
                build.bind(node.name, self._shifted(node))
            case Observation():
                build.bind(node.name, build.expression(node.value))
            case Deterministic():
                build.bind(node.name, build.expression(node.expression))
            case _:
                pass

    def terms(self, node: Node) -> list[Slot]:
        """Bind a node and return what it adds to the log-density."""
        self.value(node)
        build = self.builder
        terms: list[Slot] = []
        match node:
            case FreeVariable():
                terms += self._jacobian(node, self._raw[node.name])
                terms += self._free_log_density(node)
            case Reparameterised():
                terms += self._log_density(node.raw, self._raw[node.name])
            case Observation():
                seen = build.apply(_as_float, build.named(node.name))
                terms += self._log_density(node, seen)
            case PotentialTerm():
                terms.append(build.apply(_total, build.expression(node.expression)))
            case FunctionTerm():
                terms.append(self._recorded(node))
            case _:
                pass
        return terms

    def coordinate(self, node: Node) -> list[Slot]:
        """Return the coordinates of a sampled node whose value is bound."""
        build = self.builder
        match node:
            case FreeVariable():
                transform, value = self._transform(node), build.named(node.name)
                return [build.apply(_inverse, transform, value)]
            case Reparameterised():
                value = build.named(node.name)
                pair = map(build.expression, (node.location, node.scale))
                return [build.apply(_standardised, value, *pair)]
            case _:
                self.value(node)
                return []

    def _constrained(self, node: FreeVariable, raw: Slot) -> Slot:
        if node.transform == "identity":
            return raw
        return self.builder.apply(_forward, self._transform(node), raw)

    def _shifted(self, node: Reparameterised) -> Slot:
        pair = map(self.builder.expression, (node.location, node.scale))
        return self.builder.apply(shifted, self._raw[node.name], *pair)

    def _jacobian(self, node: FreeVariable, raw: Slot) -> list[Slot]:
        if node.transform == "identity":
            return []
        return [self.builder.apply(_log_jacobian, self._transform(node), raw)]

    def _free_log_density(self, node: FreeVariable) -> list[Slot]:
        of_coordinate = OF_COORDINATE.get((node.family, node.transform))
        if of_coordinate is None:
            return self._log_density(node, self.builder.named(node.name))
        total = partial(_total_of, of_coordinate)
        return [self.builder.apply(total, self._family(node), self._raw[node.name])]

    def _log_density(self, node: FreeVariable | Observation, value: Slot) -> list[Slot]:
        build = self.builder
        if not FAMILIES[node.family].parameters:
            return []
        if node.family in FUSED:
            function, names = FUSED[node.family]
            parameters = [self._parameter(node.parameters[key]) for key in names]
            return [build.apply(function, value, *parameters)]
        family = self._family(node)
        if isinstance(node, FreeVariable) or FAMILIES[node.family].support.is_fixed:
            return [build.apply(_interior_total, family, value)]
        return [build.apply(_masked_total, family, value)]

    def _recorded(self, node: FunctionTerm) -> Slot:
        build = self.builder
        slots = [build.expression(argument) for argument in node.arguments]

        def place(argument: Traceable) -> Slot:
            if isinstance(argument, RecordedSlot):
                return slots[argument.number]
            return build.known(argument)

        for step in node.function.steps:
            function = resolve(step.function)
            if step.keywords:
                function = partial(function, **dict(step.keywords))
            slots.append(build.apply(function, *map(place, step.arguments)))
        return place(node.function.result)

    def _parameter(self, parameter: Expression) -> Slot:
        """Return a parameter as floats: whole numbers would overflow when squared."""
        slot = self.builder.expression(parameter)
        if parameter.dtype == "float64":
            return slot
        return self.builder.apply(_product_with_one, slot)

    def _family(self, node: FreeVariable | Observation) -> Slot:
        family, keys = FAMILIES[node.family], tuple(node.parameters)

        def made(*values: Traceable) -> Distribution:
            return family(**dict(zip(keys, values, strict=True)))

        slots = map(self._parameter, node.parameters.values())
        return self.builder.apply(made, *slots)

    def _transform(self, node: FreeVariable) -> Slot:
        transform = TRANSFORMS[node.transform or "identity"]
        support, keys = FAMILIES[node.family].support, tuple(node.parameters)
        if support.is_fixed:
            return self.builder.known(transform.on(support))

        def made(*values: Traceable) -> Transform:
            return transform.on(support.resolve(dict(zip(keys, values, strict=True))))

        slots = map(self._parameter, node.parameters.values())
        return self.builder.apply(made, *slots)


def _cutter(part: int | slice, shape: tuple[int, ...]) -> Callable[..., Traceable]:
    if len(shape) > 1:
        return lambda position: xp.reshape(position[part], shape)
    return lambda position: position[part]


def _as_float(seen: Traceable) -> Traceable:
    return np.asarray(seen, dtype=np.float64)


def _product_with_one(value: Traceable) -> Traceable:
    return 1.0 * value


def _forward(transform: Transform, raw: Traceable) -> Traceable:
    return transform.forward(raw)


def _inverse(transform: Transform, value: Traceable) -> Traceable:
    return transform.inverse(value)


def _log_jacobian(transform: Transform, raw: Traceable) -> Traceable:
    return _total(transform.log_jacobian(raw))


def _standardised(value: Traceable, location: Traceable, scale: Traceable) -> Traceable:
    return (value - location) / scale


def _interior_total(family: Distribution, value: Traceable) -> Traceable:
    return _total(family.interior_log_prob(value))


def _total_of(
    log_prob: Callable[..., Traceable], family: Distribution, coordinate: Traceable
) -> Traceable:
    return _total(log_prob(family, coordinate))


def _masked_total(family: Distribution, value: Traceable) -> Traceable:
    return _total(family.log_prob(value))


def _sum(*terms: Traceable) -> Traceable:
    return sum(terms)


def _total(values: Traceable) -> Traceable:
    return xp.sum(values) if np.ndim(values) else values


def _total_with(fixed: Traceable) -> Callable[..., Traceable]:
    def total(position: Traceable, *terms: Traceable) -> Traceable:
        answer = adder(1 + len(terms))(fixed, *terms)
        if is_traced(position) and not is_traced(answer):
            return answer + 0.0 * xp.sum(position)
        return answer

    return total
