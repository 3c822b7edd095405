"""CPU time from a model to its machine code, with an empty cache.

`python benchmarks/compile_time.py [MODEL ...]`: tracing, simplifying, LLVM; each in a
process that has compiled another model before, so that imports are not counted. The
last row is a model of sixty scalar variables, each with an observation of its own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile

from harness.dialogue import NATIVE, Side, SideError
from harness.table import columns, heading, ratio, row
from models.catalogue import GRADIENT

REPEATS = 5
MANY = "sixty_sites"


def milliseconds(model: str) -> float | None:
    """Median of several processes."""
    taken = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            try:
                with Side(NATIVE, XDG_CACHE_HOME=folder) as side:
                    side.prepare("ar_200" if model == "funnel" else "funnel")
                    taken.append(1e3 * side.prepare(model)["compile"])
            except SideError as error:
                print(f"{model}: {error}", file=sys.stderr)
                return None
    return statistics.median(taken)


def main() -> None:
    """Print a row a model, the median, and the many sites beside it."""
    heading("CPU milliseconds from a cold model to machine code")
    columns(["model", "ms", "over the median"])
    found = {name: milliseconds(name) for name in sys.argv[1:] or (*GRADIENT, MANY)}
    known = [ms for name, ms in found.items() if ms is not None and name != MANY]
    middle = statistics.median(known) if known else None
    for name, ms in found.items():
        row([name, ms, ratio(ms, middle)])
    row(["median of the models", middle, None])


if __name__ == "__main__":
    main()
