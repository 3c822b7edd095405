"""Resident memory of a 4-chain run at its peak.

`python benchmarks/memory.py [MODEL ...]`: 4 x (1000 + 1000) draws by a script of its
own, all its processes together, in MiB: shared pages counted once (`Pss`), and once a
process (`Rss`), which counts against us: we are several processes, the peers one.
"""

from __future__ import annotations

import sys

from harness.dialogue import NATIVE, NUMPYRO, NUTPIE, present
from harness.table import columns, heading, ratio, row
from harness.whole_run import peak_memory

MODELS = ("eight_schools", "radon", "logistic_500")
KINDS = (NATIVE, NUTPIE, NUMPYRO)


def main() -> None:
    """Print a row a model."""
    heading("peak resident memory of 4 x (1000 + 1000), MiB, Pss / Rss")
    kinds = present(KINDS)
    columns(["model", *(kind.name for kind in kinds), "native / nutpie (Pss)"])
    for model in sys.argv[1:] or MODELS:
        found = {}
        for kind in kinds:
            try:
                found[kind] = peak_memory(kind, [model, "1", "1000", "1000"])
            except RuntimeError as error:
                print(error, file=sys.stderr)
        cells = [
            f"{found[kind][0]:.0f} / {found[kind][1]:.0f}" if kind in found else None
            for kind in kinds
        ]
        shares = {kind: once for kind, (once, _) in found.items()}
        row([model, *cells, ratio(shares.get(NATIVE), shares.get(NUTPIE))])


if __name__ == "__main__":
    main()
