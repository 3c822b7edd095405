"""Which model is being written: the innermost `with` block of this context."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from exmc.errors import ModelError

if TYPE_CHECKING:
    from exmc.model.model import Model

_open: ContextVar[tuple[Model, ...]] = ContextVar("open_models", default=())


def enter(model: Model) -> None:
    """Make a model the one that is being written."""
    _open.set((*_open.get(), model))


def leave() -> None:
    """Go back to the model outside the innermost one."""
    _open.set(_open.get()[:-1])


def current_model(asking: str) -> Model:
    """Return the model that is being written.

    Args:
        asking: What needs a model, for the message.

    Raises:
        ModelError: No `with` block is open.
    """
    models = _open.get()
    if not models:
        message = (
            f"{asking} is outside a model; write it inside `with exmc.Model() as "
            f"model:` (a distribution by itself is made with .dist)."
        )
        raise ModelError(message)
    return models[-1]
