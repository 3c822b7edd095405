"""Passes: from a model graph to an equivalent one, each stated before and after."""

from __future__ import annotations

from exmc.rewrite.default_transforms import attach_default_transforms
from exmc.rewrite.noncenter import noncenter

__all__ = ["attach_default_transforms", "noncenter"]
