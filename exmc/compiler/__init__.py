"""From a model graph to one log-density of one flat unconstrained vector."""

from __future__ import annotations

from exmc.compiler.build import Build
from exmc.compiler.compiled_model import CompiledModel, compile_model
from exmc.compiler.layout import Layout, Segment

__all__ = ["Build", "CompiledModel", "Layout", "Segment", "compile_model"]
