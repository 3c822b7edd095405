"""The model that a Python file makes."""

from __future__ import annotations

import contextlib
import runpy
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from exmc.errors import ModelError
from exmc.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterator


class ModelFileError(Exception):
    """The file cannot be read, does not run, or does not make one model."""


def model_in(path: str, name: str | None = None) -> Model:
    """Run the file (not as `__main__`) and return the model that it makes.

    Args:
        path: A Python file.
        name: The model's name in the file; needed when there are several.

    Raises:
        ModelFileError: Says what is wrong, with the line, and what to do.
        ModelError: The model itself is wrong.
    """
    found = {
        key: value for key, value in _run(path).items() if isinstance(value, Model)
    }
    if name is not None:
        if name not in found:
            raise ModelFileError(
                f"{path} makes no model named {name!r}; it makes {_names(found)}."
            )
        return found[name]
    if not found:
        raise ModelFileError(
            f"{path} makes no model; write `with exmc.Model() as model:` at its top "
            f"level."
        )
    if len(set(map(id, found.values()))) > 1:
        raise ModelFileError(
            f"{path} makes several models ({_names(found)}); "
            f"choose one with --model NAME."
        )
    return next(iter(found.values()))


def _run(path: str) -> dict[str, object]:
    if path.endswith(".json"):
        raise ModelFileError(
            f"{path} is a model's JSON; give the path of a Python file that says "
            f"`model = exmc.load_model({path!r})`."
        )
    if not Path(path).is_file():
        raise ModelFileError(f"{path} is not a file; give the path of a Python file.")
    try:
        # stdout belongs to the result; what the file prints is for the person.
        with contextlib.redirect_stdout(sys.stderr), _as_a_script(path):
            return runpy.run_path(path, run_name="__exmc__")
    except ModelError as error:
        line = _line_in(path, error)
        if line is None:
            raise
        raise ModelFileError(f"{path}, line {line}: {error}") from error
    except SyntaxError as error:
        raise ModelFileError(
            f"{path}, line {error.lineno}: not valid Python: {error.msg}."
        ) from error
    except Exception as error:
        line = _line_in(path, error)
        raise ModelFileError(
            f"{path}, line {line}: {type(error).__name__}: {error}"
        ) from error


@contextlib.contextmanager
def _as_a_script(path: str) -> Iterator[None]:
    """Let the file find the modules beside it, and no arguments of ours."""
    arguments, places = sys.argv, list(sys.path)
    sys.argv = [path]
    sys.path.insert(0, str(Path(path).resolve().parent))
    try:
        yield
    finally:
        sys.argv, sys.path[:] = arguments, places


def _line_in(path: str, error: BaseException) -> int | None:
    """The last line of the user's own file that the error passed through."""
    steps = traceback.extract_tb(error.__traceback__)
    lines = [s.lineno for s in steps if s.filename == path]
    return lines[-1] if lines else None


def _names(found: dict[str, Model]) -> str:
    return ", ".join(found) if found else "none"
