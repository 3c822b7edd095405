"""A recording becomes a program: each primitive by its rule.

Truth values are 1.0 and 0.0; whole numbers are floats. Where a gradient was chosen by a
condition, the choice stays outermost as the gradient is multiplied on its way back: the
side that was not taken cannot put 0 times infinity into the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.gradient.builder import Builder
from exmc.gradient.lowering.term import Term
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.node import Node
from exmc.gradient.tape import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exmc.gradient.lowering.table import Rule
    from exmc.gradient.program import Shape
    from exmc.gradient.recorder import Recorded
    from exmc.gradient.tape import Argument

FindRule: TypeAlias = "Callable[[Callable[..., Any]], Rule | None]"

Given: TypeAlias = Any
"""What a rule gets: a node, or what the primitive was given in its place."""


class Lowering:
    """One recording on its way to a program.

    Attributes:
        build: Where the nodes are made.
        step: The step whose rule is at work.
        masks: Of a gradient that a condition chose: the condition, and the gradient
            where it holds.
        mended: Whether such a choice was kept outermost, so that the gradient may be
            finite where autograd's is NaN.
    """

    def __init__(self, recorded: Recorded, rule_of: FindRule) -> None:
        """Lower all steps that the outputs need.

        Args:
            recorded: The steps.
            rule_of: Gives the rule of a primitive, or None.

        Raises:
            NoRuleError: A step has no rule.
        """
        self._recorded = recorded
        self._rule_of = rule_of
        self.build = Builder(recorded.steps[0].value.size)
        self.step = recorded.steps[0]
        self.masks: dict[Node, tuple[Node, Node]] = {}
        self.mended = False
        self._results: dict[Step, Given] = {self.step: self.build.input()}
        self._constants: dict[int, Node] = {}
        for step in _needed(recorded):
            self._results[step] = self._lowered(step)

    @property
    def shape(self) -> Shape:
        """Shape of the result of the step at work."""
        return np.shape(self.step.value)

    @property
    def is_backward(self) -> bool:
        """Whether the step at work belongs to the gradient."""
        return self.step.number >= self._recorded.forward

    def outputs(self) -> list[Node]:
        """Return the nodes of the recording's outputs, in order."""
        return [self.node(self._given(output)) for output in self._recorded.outputs]

    def node(self, given: Given) -> Node:
        """Return what a rule got as a node; a constant becomes one."""
        if isinstance(given, Node):
            return given
        key = id(given)
        if key not in self._constants or not isinstance(given, np.ndarray):
            self._constants[key] = self._constant(np.asarray(given))
        return self._constants[key]

    def term(self, given: Given) -> Term:
        """Return what a rule got as a term of a formula."""
        return Term(self.build, self.node(given))

    def plain(self, given: Given) -> Given:
        """Return an argument that must not depend on the input.

        Raises:
            NoRuleError: It does.
        """
        if isinstance(given, Node):
            message = f"an argument of {self.step.name} depends on the parameters"
            raise NoRuleError(message)
        return given

    def is_truth(self, place: int) -> bool:
        """Tell whether an argument of the step at work consists of truth values."""
        argument = self.step.arguments[place]
        value = argument.value if isinstance(argument, Step) else argument
        return bool(np.asarray(value).dtype == np.bool_)

    def refuse(self, why: str) -> NoRuleError:
        """Return the error that the step at work is not covered by its rule."""
        return NoRuleError(f"{self.step.name} {why}")

    def _lowered(self, step: Step) -> Given:
        self.step = step
        rule = self._rule_of(step.function) if step.function else None
        if rule is None:
            message = f"{self.step.name} has no rule"
            raise NoRuleError(message)
        expected = _shape_of(step.value, self.step.name)
        if expected is not None and 0 in expected:
            return self.build.broadcast(self.build.const(0.0), expected)
        result = self._applied(rule, step)
        if expected is not None and result.shape != expected:
            message = f"{self.step.name} gives shape {expected}, not {result.shape}"
            raise NoRuleError(message)
        return result

    def _applied(self, rule: Rule, step: Step) -> Given:
        try:
            return rule(self, *map(self._given, step.arguments), **step.keywords)
        except NoRuleError:
            raise
        except Exception as error:
            # Options that a rule does not know, shapes that it does not expect.
            message = f"{step.name} is used in a way that has no rule ({error})"
            raise NoRuleError(message) from error

    def _given(self, argument: Argument) -> Given:
        return self._results[argument] if isinstance(argument, Step) else argument

    def _constant(self, array: np.ndarray[Any, Any]) -> Node:
        if array.dtype.kind not in "biuf":
            raise self.refuse(f"has an argument of type {array.dtype}")
        if array.size and (array == array.flat[0]).all():
            number = self.build.const(float(array.flat[0]))
            return self.build.broadcast(number, array.shape)
        return self.build.data(array)


def _needed(recorded: Recorded) -> Iterable[Step]:
    """Return the steps that the outputs depend on, the input excepted, in order."""
    needed = {output for output in recorded.outputs if isinstance(output, Step)}
    for step in reversed(recorded.steps):
        if step in needed:
            needed.update(step.parents)
    return [step for step in recorded.steps[1:] if step in needed]


def _shape_of(value: Argument, name: str) -> Shape | None:
    """Return the shape of a result; None if it is no array.

    Raises:
        NoRuleError: It is one of other numbers than float64, int64 and bool.
    """
    if not isinstance(value, np.ndarray | np.generic):
        return () if isinstance(value, float | int) else None
    kind = value.dtype
    if kind != np.float64 and kind.kind not in "biu":
        message = f"{name} computes with {kind} numbers, not float64"
        raise NoRuleError(message)
    return value.shape
