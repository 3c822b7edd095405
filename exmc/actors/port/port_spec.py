"""What a port must know to start its operating-system process, and to end it."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from exmc.actors.port.packets import PACKETS, Packet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

StrPath: TypeAlias = str | os.PathLike[str]

LARGEST: Final = 1 << 26
"""Bytes of a packet unless the spec says otherwise: 64 MiB."""


@dataclass(frozen=True)
class PortSpec:
    """One operating-system process, and the stream between it and its port.

    Its standard input and output are the stream, unless `use_stdio` is False: then
    the stream is its descriptor 3, its input is empty and its output goes to stderr.

    Attributes:
        command: The program and its arguments; a string is cut as a shell would,
            but there is no shell.
        packet: "raw" for the bare stream, or the bytes of the length before each
            message: 1, 2 or 4.
        cwd: Its working folder; None for this process's.
        env: Environment variables to set, or with None to remove.
        stderr: A file to append its stderr to; None to share this process's.
        use_stdio: Whether the stream is its standard input and output.
        active: Messages that may be on their way to the owner before it asks for
            more with `activate_port`; None for no limit.
        hung_after: Seconds without a byte from it after which it counts as hung and
            is killed; None to wait for ever. One that has nothing to say must say so.
            While bytes from it wait to be read, because of `active`, it is not.
        close_grace: Seconds between the end of its input and SIGTERM.
        term_grace: Seconds between SIGTERM and SIGKILL.
        largest: Bytes that a message from it may have.
    """

    command: str | Sequence[StrPath]
    packet: Packet = "raw"
    cwd: StrPath | None = None
    env: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    stderr: StrPath | None = None
    use_stdio: bool = True
    active: int | None = None
    hung_after: float | None = None
    close_grace: float = 2.0
    term_grace: float = 2.0
    largest: int = LARGEST

    def __post_init__(self) -> None:
        self._require("command", bool(self.argv), "a program and its arguments")
        self._require("packet", self.packet in PACKETS, f"one of {PACKETS}")
        self._require("close_grace", self.close_grace >= 0, "seconds >= 0")
        self._require("term_grace", self.term_grace >= 0, "seconds >= 0")
        self._require("largest", self.largest >= 0, "bytes >= 0")
        hung = self.hung_after is None or self.hung_after > 0
        self._require("hung_after", hung, "seconds > 0, or None")
        active = self.active is None or self.active >= 0
        self._require("active", active, "messages >= 0, or None")

    def _require(self, field_name: str, holds: bool, domain: str) -> None:  # noqa: FBT001 (a private check)
        if not holds:
            message = (
                f"{field_name} of a port must be {domain}, "
                f"got {getattr(self, field_name)!r}."
            )
            raise ValueError(message)

    @property
    def argv(self) -> tuple[str, ...]:
        """The program and its arguments, one by one."""
        if isinstance(self.command, str):
            return tuple(shlex.split(self.command))
        return tuple(os.fspath(part) for part in self.command)

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of the process, given this one's."""
        wanted = {**inherited, **self.env}
        return {name: value for name, value in wanted.items() if value is not None}


def port_spec(wanted: PortSpec | str | Sequence[StrPath]) -> PortSpec:
    """Return the spec that a command alone means."""
    return wanted if isinstance(wanted, PortSpec) else PortSpec(wanted)
