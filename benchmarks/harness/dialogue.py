"""The asking end of a side: its process, its questions, its CPU time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


class SideError(Exception):
    """A side answered with an error."""


@dataclass(frozen=True)
class Kind:
    """A framework, and how it is run.

    Attributes:
        name: In tables.
        module: Of the side.
        variant: What the side's `prepare` is told.
        interpreter: The environment's variable that names its Python; "" is this one.
    """

    name: str
    module: str
    variant: str
    interpreter: str = ""

    @property
    def python(self) -> str | None:
        """Its Python, or None if the environment does not name one."""
        if not self.interpreter:
            return sys.executable
        return os.environ.get(self.interpreter)


NATIVE = Kind("exmc native", "sides.exmc_side", "native")
NUMPY = Kind("exmc numpy", "sides.exmc_side", "numpy")
STRICT = Kind("exmc strict", "sides.exmc_side", "strict")
AUTOGRAD = Kind("exmc autograd", "sides.exmc_side", "autograd")
NUTPIE = Kind("nutpie", "sides.nutpie_side", "", "EXMC_NUTPIE_PYTHON")
NUMPYRO = Kind("NumPyro", "sides.numpyro_side", "float32", "EXMC_NUMPYRO_PYTHON")
NUMPYRO64 = Kind("NumPyro x64", "sides.numpyro_side", "float64", "EXMC_NUMPYRO_PYTHON")
HAND = Kind("by hand -O3", "sides.hand", "-O3")
HAND_FAST = Kind("by hand, fast math", "sides.hand", "-O3 -march=x86-64-v3 -ffast-math")

KINDS = (
    NATIVE,
    NUMPY,
    STRICT,
    AUTOGRAD,
    NUTPIE,
    NUMPYRO,
    NUMPYRO64,
    HAND,
    HAND_FAST,
)


def present(kinds: tuple[Kind, ...]) -> list[Kind]:
    """Those that can run; the others are named on stderr."""
    for kind in kinds:
        if kind.python is None:
            print(f"no {kind.name}: set {kind.interpreter}", file=sys.stderr)
    return [kind for kind in kinds if kind.python is not None]


def environment(kind: Kind, **more: str) -> dict[str, str]:
    """The environment of a side: this one's, and what puts all sides on one footing.

    Bytecode is kept, as it is for most users, and as pip keeps it for the peers. BLAS
    has one thread: more cost nutpie four to twelve times the CPU on small matrices.
    JAX reads its precision early.
    """
    double = {"JAX_ENABLE_X64": "1"} if kind.variant == "float64" else {}
    common = {"PYTHONWARNINGS": "ignore", "OPENBLAS_NUM_THREADS": "1"}
    chosen = {**os.environ, **common, **double, **more}
    chosen.pop("PYTHONDONTWRITEBYTECODE", None)
    return chosen


class Side:
    """A running side; a context."""

    def __init__(self, kind: Kind, *, quiet: bool = True, **more: str) -> None:
        """Start its process.

        Args:
            kind: Which.
            quiet: Drop what the framework prints.
            more: Entries of its environment.
        """
        assert kind.python is not None
        self.kind = kind
        self._process = subprocess.Popen(
            [kind.python, "-m", kind.module],
            cwd=HERE,
            env=environment(kind, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._process.pid

    def ask(self, question: str, **arguments: Any) -> Any:
        """Ask and wait.

        Raises:
            SideError: It could not answer.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = json.dumps({"ask": question, **arguments})
        try:
            print(line, file=self._process.stdin, flush=True)
        except BrokenPipeError as error:
            raise SideError(f"{self.kind.name} has died") from error
        answer = self._process.stdout.readline()
        if not answer:
            raise SideError(f"{self.kind.name} has died")
        reply = json.loads(answer)
        if "error" in reply:
            raise SideError(f"{self.kind.name}: {reply['error']}")
        return reply["answer"]

    def prepare(self, model: str) -> dict[str, Any]:
        """Ask it to make a model ready.

        Raises:
            SideError: It has not this model, or would run it at another speed.
        """
        wanted = self.kind.variant
        facts: dict[str, Any] = self.ask("prepare", model=model, variant=wanted)
        backend = facts.get("backend", wanted)
        if backend != wanted.partition(":")[0]:
            raise SideError(f"{self.kind.name}: only {backend}, {facts['reason']}")
        return facts

    def cpu(self) -> float:
        """CPU seconds of the process, its descendants, and those that have ended.

        The living are read by their own clocks; the ended through their parents, in
        ticks of 10 ms, so take differences over enough work.
        """
        return sum(map(_cpu_of, family(self.pid)))


def family(pid: int) -> list[int]:
    """A process and its living descendants."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except FileNotFoundError:
            continue
        for child in children:
            found += family(int(child))
    return found


def _cpu_of(pid: int) -> float:
    try:
        own = time.clock_gettime((~pid << 3) | 2)  # the clock of another process
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ProcessLookupError):
        return 0.0
    return own + (int(fields[13]) + int(fields[14])) / TICKS
