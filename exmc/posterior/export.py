"""Draws for ArviZ."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from exmc.errors import MissingExtraError, OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.frames import Schema, VariableSchema
    from exmc.posterior.meta import RunMeta

OWN_AXES = ("chain", "draw")
"""What ArviZ calls the first two axes of every variable."""


def to_datatree(
    posterior: Mapping[str, NDArray[Any]],
    stats: Mapping[str, NDArray[Any]],
    schema: Schema,
    meta: RunMeta,
    *,
    partial: bool,
) -> Any:  # noqa: ANN401 -- an xarray.DataTree, which need not be installed
    """Return an xarray.DataTree with the groups posterior and sample_stats.

    An axis whose name is also a variable's, or ArviZ's own, gets an underscore more.

    Raises:
        MissingExtraError: ArviZ is not installed; the message says how.
        OptionError: A variable has a name that a DataTree cannot hold.
    """
    try:
        arviz_base = import_module("arviz_base")
    except ImportError as error:
        message = "to_datatree needs ArviZ: pip install 'exmc[arviz]'."
        raise MissingExtraError(message) from error
    taken = {*OWN_AXES, *(v.name for v in schema.variables)}
    dims = {v.name: _dims(v, taken) for v in schema.variables}
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
        coords={
            axis: list(schema.coords[name])
            for v in schema.variables
            for axis, name in zip(dims[v.name], v.dims, strict=False)
            if name in schema.coords
        },
        dims=dims,
        attrs={"posterior": attributes, "sample_stats": attributes},
    )


def _dims(variable: VariableSchema, taken: set[str]) -> list[str]:
    if variable.name in OWN_AXES or "/" in variable.name:
        message = (
            f"ArviZ cannot hold a variable named {variable.name!r}; rename it in the "
            f"model (without /, and not {' or '.join(OWN_AXES)})."
        )
        raise OptionError(message)
    names = variable.dims or (None,) * len(variable.shape)
    axes: list[str] = []
    for number, name in enumerate(names):
        axis = f"{variable.name}_dim_{number}" if name is None else name
        while axis in taken or axis in axes:
            axis += "_"
        axes.append(axis)
    return axes
