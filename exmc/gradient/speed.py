"""The ways in which a gradient can be computed, by name."""

from __future__ import annotations

from typing import Literal, TypeAlias

Speed: TypeAlias = Literal["native", "strict", "numpy"]
"""How a program is run: machine code, numpy with the same bits, or fast numpy."""

Backend: TypeAlias = Literal["auto", "native", "strict", "numpy", "autograd"]
"""What may be asked for: a speed, autograd without a program, or the fastest."""
