"""Compiled code that is kept on disk, so that each text is compiled once a machine.

Nothing here fails: an entry that cannot be read is compiled again, one that cannot be
written is done without. Processes may share the directory. An entry is written under a
name of its own and then renamed, so that nobody sees half of one; it begins with a
checksum, so that one cut short by a crash is not run.

What is kept is run, so the directory must belong to the user, and nobody else may
write to it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Final

from exmc.native.target import LEVELS, compile_ir, host_level
from exmc.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC: Final = b"exmc-object 1\n"
CAPACITY: Final = 64 * 2**20
"""Bytes; a model's code takes 10 to 100 kB."""
STALE: Final = 3600.0
"""Seconds after which a half-written file is nobody's any more."""

_numbers: Final = count()
_warned_of: Final[set[Path]] = set()
"""Directories: a process makes several caches of one."""


def default_directory() -> Path:
    """Return where the user's caches are: XDG_CACHE_HOME, by default ~/.cache.

    A user without a home has a place among the temporary files.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        home = Path(gettempdir()) / f"cache-{os.geteuid()}"
    return home / "exmc" / "objects"


def key_of(*texts: str) -> str:
    """Return the name of what is made from texts by this exmc and this compiler."""
    compiler = import_module("llvmlite").__version__
    whole = hashlib.sha256()
    for text in (__version__, compiler, *texts):
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.hexdigest()


class ObjectCache:
    """Object files by key, the longest unused of which go when there are too many."""

    def __init__(self, directory: Path | None = None, capacity: int = CAPACITY) -> None:
        """Use a directory, made when it is first written to; `capacity` is in bytes."""
        self.directory = directory or default_directory()
        self.capacity = capacity

    def compiled(self, text: str, level: str | None = None) -> bytes:
        """Return the object file of LLVM text for a level of processors."""
        level = level or host_level()
        key = key_of(text, level, LEVELS[level].cpu)
        return self.made(key, lambda: compile_ir(text, level))

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a key, or make it and keep it."""
        kept = self.get(key)
        if kept is None:
            kept = make()
            self.put(key, kept)
        return kept

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key; None if nothing is, or nothing sound."""
        path = self.directory / key
        try:
            if not self._is_ours():
                return None
            content = _read(path)
        except OSError:
            return None
        data = content[len(MAGIC) + 32 :]
        if content[: len(MAGIC) + 32] != MAGIC + hashlib.sha256(data).digest():
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep something, if the disk and its rights allow."""
        temporary = self.directory / f"{key}.{os.getpid()}.{next(_numbers)}.part"
        try:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            if not self._is_ours():
                message = "it is another user's, or others may write to it"
                raise PermissionError(message)
            _write(temporary, MAGIC + hashlib.sha256(data).digest() + data)
            os.replace(temporary, self.directory / key)
            self._make_room(self.directory / key)
        except OSError as error:
            with suppress(OSError):
                os.unlink(temporary)
            self._warn(error)

    def _is_ours(self) -> bool:
        status = os.stat(self.directory)
        strangers = stat.S_IWGRP | stat.S_IWOTH
        return status.st_uid == os.geteuid() and not status.st_mode & strangers

    def _make_room(self, newest: Path) -> None:
        """Remove what is longest unused, and what crashed writers left."""
        now = os.stat(newest).st_mtime
        files: list[tuple[float, int, Path]] = []
        with os.scandir(self.directory) as found:
            for entry in found:
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    files.append((status.st_mtime, status.st_size, Path(entry.path)))
        room = self.capacity
        for used, size, path in sorted(files, reverse=True):
            room -= size
            unfinished = path.suffix == ".part"
            if (room < 0 and path != newest and not unfinished) or (
                unfinished and used < now - STALE
            ):
                with suppress(FileNotFoundError):
                    os.unlink(path)

    def _warn(self, error: OSError) -> None:
        if self.directory not in _warned_of:
            _warned_of.add(self.directory)
            warnings.warn(
                f"Compiled code cannot be kept in {self.directory}: {error}. It is "
                "compiled anew by each process; set XDG_CACHE_HOME to a directory of "
                "yours that can be written to.",
                stacklevel=4,
            )


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while part := os.read(descriptor, 2**20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)
