"""Draws for ArviZ."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from exmc.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.frames import Schema, VariableSchema
    from exmc.posterior.meta import RunMeta


def to_datatree(
    posterior: Mapping[str, NDArray[Any]],
    stats: Mapping[str, NDArray[Any]],
    schema: Schema,
    meta: RunMeta,
    *,
    partial: bool,
) -> Any:  # noqa: ANN401 -- an xarray.DataTree, which need not be installed
    """Return an xarray.DataTree with the groups posterior and sample_stats.

    Raises:
        MissingExtraError: ArviZ is not installed; the message says how.
    """
    try:
        arviz_base = import_module("arviz_base")
    except ImportError as error:
        message = "to_datatree needs ArviZ: pip install 'exmc[arviz]'."
        raise MissingExtraError(message) from error
    attributes = {
        "inference_library": "exmc",
        "inference_library_version": meta.versions.get("exmc", ""),
        "model_digest": meta.model_digest,
        "seed": meta.seed,
        "tuning_steps": meta.tune,
        "partial": str(partial),
    }
    return arviz_base.from_dict(
        {"posterior": dict(posterior), "sample_stats": dict(stats)},
        coords={name: list(labels) for name, labels in schema.coords.items()},
        dims={v.name: _dims(v) for v in schema.variables},
        attrs={"posterior": attributes, "sample_stats": attributes},
    )


def _dims(variable: VariableSchema) -> list[str]:
    names = variable.dims or (None,) * len(variable.shape)
    return [
        f"{variable.name}_dim_{axis}" if name is None else name
        for axis, name in enumerate(names)
    ]
