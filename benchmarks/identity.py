"""Whether machine code makes the draws that numpy makes, bit for bit.

`python benchmarks/identity.py [MODEL ...]`: one chain of 200 + 200 transitions by the
plain-Python kernel over the strict numpy program, by machine code for this processor,
and by machine code for SSE2. Compares the digests of all draws and statistics; exits
with 1 if any differ.
"""

from __future__ import annotations

import sys
import tempfile

from harness.dialogue import NATIVE, STRICT, Kind, Side, SideError
from harness.table import columns, heading, row
from models.catalogue import GRADIENT, SAMPLING

SIZE = {"draws": 200, "tune": 200, "chains": 1, "seed": 1}
SSE2 = Kind("exmc native, SSE2", "sides.exmc_side", "native:sse2")
KINDS = (STRICT, NATIVE, SSE2)


def digest(kind: Kind, model: str) -> str:
    """Of a run, or why there is none; caches are empty."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Side(kind, XDG_CACHE_HOME=folder) as side:
                side.prepare(model)
                side.ask("sample", **SIZE)
                answer: str = side.ask("digest")
                return answer
        except SideError as error:
            return str(error)


def main() -> int:
    """Print a row a model."""
    heading("digests of 200 + 200 transitions")
    columns(["model", *(kind.name for kind in KINDS), "equal"])
    different = 0
    for model in sys.argv[1:] or dict.fromkeys((*GRADIENT, *SAMPLING)):
        found = [digest(kind, model) for kind in KINDS]
        equal = len(set(found)) == 1 and len(found[0]) == 64
        different += not equal
        cells = [text[:12] if len(text) == 64 else text[:60] for text in found]
        row([model, *cells, "yes" if equal else "NO"])
    return min(different, 1)


if __name__ == "__main__":
    sys.exit(main())
