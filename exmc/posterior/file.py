"""A saved posterior: one .npz that holds arrays and no object.

Members: `posterior.json` with the schema and what is known about the run, then for
each chain i `tune_i.npy` and `draw_i.npy`, all columns, and `adapted_i_NAME.npy`
for what its warm-up arrived at. numpy.load reads the arrays too.
"""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

import msgspec
import numpy as np
from numpy.lib import format as npy

from exmc.errors import PosteriorFileError
from exmc.frames import Schema  # noqa: TC001 -- msgspec reads the annotations
from exmc.posterior.meta import RunMeta  # noqa: TC001 -- the same
from exmc.posterior.rows import ChainRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from exmc.typing import Matrix

VERSION: Final = 1
_DOCUMENT: Final = "posterior.json"
_PHASES: Final = ("tune", "draw")


_DAMAGE: Final = (
    zipfile.BadZipFile,
    msgspec.DecodeError,
    RuntimeError,  # an alien archive: encrypted, or packed in another way
    OSError,  # a member that begins before the file does
    KeyError,
    ValueError,
    EOFError,
)
"""What reading an open file raises when its bytes are not ours."""


class _Head(msgspec.Struct):
    format: Literal["exmc-posterior"]
    version: int


class _Document(_Head):
    chains: int
    adapted: list[list[str]]
    schema: Schema
    meta: RunMeta


class Contents(NamedTuple):
    """What a file holds."""

    schema: Schema
    meta: RunMeta
    rows: tuple[ChainRows, ...]


def write(path: str | os.PathLike[str], contents: Contents) -> None:
    """Write a file; it is there whole or not at all, also after a crash.

    Raises:
        OSError: It cannot be written; what stood there before is untouched.
    """
    target = Path(path)
    if not target.parent.is_dir():
        message = "No such folder; make it first"
        raise FileNotFoundError(errno.ENOENT, message, str(target.parent))
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            _write_members(file, contents)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def read(path: str | os.PathLike[str]) -> Contents:
    """Read a file back; the arrays are read-only.

    Raises:
        PosteriorFileError: It is not a saved posterior, of another version, or
            damaged.
        OSError: It cannot be opened.
    """
    with Path(path).open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return _read_members(archive)
        except _DAMAGE as error:
            message = (
                f"{os.fspath(path)} is not a posterior saved by exmc, or it is "
                f"damaged: {error}."
            )
            raise PosteriorFileError(message) from error


def _write_members(file: Any, contents: Contents) -> None:  # noqa: ANN401 -- a binary file
    document = _Document(
        "exmc-posterior",
        VERSION,
        len(contents.rows),
        [list(chain) for chain in contents.meta.adaptation],
        contents.schema,
        msgspec.structs.replace(contents.meta, adaptation=()),
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_DOCUMENT, msgspec.json.encode(document, enc_hook=_plain))
        for name, array in _arrays(contents):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, np.asarray(array), allow_pickle=False)


def _arrays(contents: Contents) -> Iterator[tuple[str, NDArray[Any]]]:
    for chain, rows in enumerate(contents.rows):
        yield f"tune_{chain}", rows.tune
        yield f"draw_{chain}", rows.draw
    for chain, adapted in enumerate(contents.meta.adaptation):
        for name, array in adapted.items():
            yield f"adapted_{chain}_{name}", array


def _read_members(archive: zipfile.ZipFile) -> Contents:
    text = archive.read(_DOCUMENT)
    version = msgspec.json.decode(text, type=_Head).version
    if version != VERSION:
        message = f"its version is {version}, this exmc reads {VERSION}"
        raise ValueError(message)
    document = msgspec.json.decode(text, type=_Document)
    rows = tuple(
        ChainRows(*(_rows(archive, f"{phase}_{i}", document) for phase in _PHASES))
        for i in range(document.chains)
    )
    adapted = tuple(
        {name: _array(archive, f"adapted_{i}_{name}") for name in names}
        for i, names in enumerate(document.adapted)
    )
    meta = msgspec.structs.replace(document.meta, adaptation=adapted)
    return Contents(document.schema, meta, rows)


def _rows(archive: zipfile.ZipFile, name: str, document: _Document) -> Matrix:
    rows = _array(archive, name)
    columns = document.schema.columns
    if rows.dtype != np.float64 or rows.shape[1:] != (columns,):
        message = (
            f"{name} has type {rows.dtype} and shape {rows.shape}, its schema has "
            f"{columns} columns"
        )
        raise ValueError(message)
    return rows


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as member:
        array: NDArray[Any] = npy.read_array(member, allow_pickle=False)
        if member.read(1):  # reading to the end is what checks the CRC
            message = f"{name} has bytes after its last element"
            raise ValueError(message)
    array.flags.writeable = False
    return array


def _plain(value: object) -> object:
    """Say an option in JSON."""
    if isinstance(value, np.ndarray | np.generic):
        return cast("NDArray[Any]", value).tolist()
    message = f"Option of type {type(value).__name__} cannot be saved: {value!r}."
    raise NotImplementedError(message)
