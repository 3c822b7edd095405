"""The lines that an emitter writes for small programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.source.writer import Writer

Make = Callable[[PlainBuilder, Node], tuple[Node, Node]]
"""From a builder and the input to the scalar and the vector output."""


def source_of(make: Make, rules: Mapping[str, Any], dim: int = 12) -> str:
    builder = PlainBuilder(dim)
    program, _ = builder.program(*make(builder, builder.input()))
    return Writer(program, rules).source()


def body_of(make: Make, rules: Mapping[str, Any], dim: int = 12) -> list[str]:
    """Return the lines that run at each call."""
    source = source_of(make, rules, dim)
    inside = source.partition("try:\n")[2].partition("        except")[0]
    return [line.strip() for line in inside.splitlines()]


def beforehand_of(make: Make, rules: Mapping[str, Any], dim: int = 12) -> list[str]:
    """Return the lines that run once, when the function is bound."""
    source = source_of(make, rules, dim)
    inside = source.partition("\n")[2].partition("    def function")[0]
    return [line.strip() for line in inside.splitlines()]


def scalar_line(expression: Callable[[PlainBuilder, Node], Node], rules: Any) -> str:
    """Return what a function returns whose scalar output is this."""
    body = body_of(lambda b, z: (expression(b, z), z), rules)
    return body[-1].removeprefix("return ")


def vector_line(expression: Callable[[PlainBuilder, Node], Node], rules: Any) -> str:
    """Return what a function writes whose vector output is this."""
    body = body_of(lambda b, z: (b.const(0.0), expression(b, z)), rules)
    return body[-2].removeprefix("out[:] = ")
